"""Two editors at one Desk, and what comes in while they are at it."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from aggregator.models import Decision, Pick
from tests.browser.desk import DESK, current, press, row, until_sent, wait_at_the_desk
from tests.factories import make_collection, make_editor, make_headline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SOON_MS = 30_000


@pytest.fixture
def desk_of(browser, live_server, transactional_db):
    """Return a function that gives an editor a browser of their own, at the Desk."""
    make_collection(title="Selected Articles", desk_key="s")
    wait_at_the_desk(8)
    contexts = []

    def sit_down(name):
        client = Client()
        client.force_login(make_editor(username=name.lower(), first_name=name))
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        cookie = settings.SESSION_COOKIE_NAME
        value = client.cookies[cookie].value
        context.add_cookies([{"name": cookie, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + DESK)
        return page

    yield sit_down
    for context in contexts:
        context.close()


def test_decisions_of_one_show_at_the_other_within_seconds(desk_of):
    anna, boris = desk_of("Anna"), desk_of("Boris")
    press(anna, "s", "x")
    expect(row(boris, 0).locator(".desk-said")).to_contain_text(
        "picked into Selected Articles Anna", timeout=SOON_MS
    )
    expect(row(boris, 1)).to_have_attribute("data-state", "decided", timeout=SOON_MS)
    expect(boris.locator("#desk-left")).to_have_text("6", timeout=SOON_MS)
    expect(boris.locator("#desk-spoken")).to_contain_text("Anna: dropped", timeout=SOON_MS)
    press(anna, "u")
    expect(row(boris, 1)).to_have_attribute("data-state", "waiting", timeout=SOON_MS)
    # With Anna's decision seen, Boris can decide further.
    until_sent(anna)
    assert current(boris) == "Headline 0"
    press(boris, "x")
    until_sent(boris)
    standing = Decision.objects.standing().filter(headline__title="Headline 0").order_by("pk")
    assert [(one.kind, one.by.first_name) for one in standing] == [
        ("pick", "Anna"),
        ("drop", "Boris"),
    ]


def test_second_of_two_is_told_who_was_first_and_goes_on(desk_of):
    anna, boris = desk_of("Anna"), desk_of("Boris")
    boris.route("**/desk/news/*", lambda route: route.abort())  # has not heard of it yet
    press(anna, "s")
    until_sent(anna)
    press(boris, "x", "s")
    until_sent(boris)
    expect(row(boris, 0).locator(".desk-said")).to_contain_text(
        "picked into Selected Articles Anna"
    )
    expect(row(boris, 0).locator(".desk-note")).to_have_count(0)
    standing = Decision.objects.standing().order_by("pk")
    assert [(one.kind, one.headline.title, one.by.first_name) for one in standing] == [
        ("pick", "Headline 0", "Anna"),
        ("pick", "Headline 1", "Boris"),
    ]
    assert Pick.objects.count() == 2


def test_what_comes_in_waits_behind_a_button_and_a_key(desk_of):
    anna = desk_of("Anna")
    press(anna, "x")
    until_sent(anna)
    now = timezone.now()
    for title in ("Fresh one", "Fresh two"):
        make_headline(title=title, published_at=now, first_seen_at=now)
    button = anna.locator("#desk-new")
    expect(button).to_have_text("2 new", timeout=SOON_MS)
    assert anna.locator(".desk-title").first.text_content() == "Headline 0"
    press(anna, "r")
    expect(anna.locator(".desk-title").first).to_have_text("Fresh two")
    expect(button).to_be_hidden()
    assert current(anna) == "Fresh two"
    # What was decided stays in its place.
    expect(row(anna, 0)).to_have_attribute("data-state", "decided")
    press(anna, "s")
    until_sent(anna)
    assert Pick.objects.get().headline.title == "Fresh two"


def test_another_tab_of_one_editor_sends_nothing_twice(desk_of):
    anna = desk_of("Anna")
    second = anna.context.new_page()
    second.goto(anna.url)
    anna.context.set_offline(True)
    press(anna, "x", "s")
    press(second, "j", "j", "x")
    anna.context.set_offline(False)
    until_sent(anna)
    made = Decision.objects.order_by("pk").values_list("kind", "headline__title")
    assert list(made) == [("drop", "Headline 0"), ("pick", "Headline 1"), ("drop", "Headline 2")]
    expect(row(anna, 2)).to_have_attribute("data-state", "decided", timeout=SOON_MS)
