"""The Desk while the site is slow, away, or no longer knows who it is."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from aggregator.models import Decision, Headline, Pick
from tests.browser.desk import DESK, current, kept, press, row, until_sent, wait_at_the_desk
from tests.factories import make_collection, make_editor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(open_as_editor):
    """The Desk with twelve headlines, and a collection to pick into."""
    make_collection(title="Selected Articles")
    wait_at_the_desk(12)
    return open_as_editor(DESK)


def decided():
    """What was decided, by the numbers of the headlines."""
    found = Decision.objects.standing().exclude(kind="undo").order_by("pk")
    return [(one.kind, int(one.headline.title.removeprefix("Headline "))) for one in found]


def bar(page):
    return page.locator("#desk-connection")


def test_decisions_outlive_a_lost_connection_and_a_reload(desk, live_server):
    desk.context.set_offline(True)
    press(desk, "s", "x", "s")
    assert current(desk) == "Headline 3"
    expect(bar(desk)).to_contain_text("3 decisions wait for the connection.")
    expect(row(desk, 0).locator(".desk-note")).to_have_text("picked into Selected Articles")
    assert not Decision.objects.exists()
    desk.context.set_offline(False)
    # A page that is loaded anew knows of them, and marks their rows until the site has.
    desk.reload()
    until_sent(desk)
    expect(bar(desk)).to_be_hidden()
    assert decided() == [("pick", 0), ("drop", 1), ("pick", 2)]
    assert sorted(Pick.objects.values_list("headline__title", flat=True)) == [
        "Headline 0",
        "Headline 2",
    ]


def test_connection_that_is_back_takes_what_waits(desk):
    desk.context.set_offline(True)
    press(desk, "x", "x", "s")
    expect(bar(desk)).to_contain_text("3 decisions wait")
    press(desk, "u")
    expect(bar(desk)).to_contain_text("2 decisions wait")
    assert current(desk) == "Headline 2"
    assert row(desk, 2).locator(".desk-note").count() == 0
    desk.context.set_offline(False)
    until_sent(desk)
    assert decided() == [("drop", 0), ("drop", 1)]
    expect(row(desk, 1)).to_have_attribute("data-state", "decided")
    expect(row(desk, 2)).to_have_attribute("data-state", "waiting")


def test_answer_that_was_lost_decides_nothing_twice(desk):
    lost = []

    def lose_the_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch())
        return route.abort()

    desk.route("**/desk/decide/", lose_the_first)
    press(desk, "s", "x")
    until_sent(desk)
    assert lost[0].status == 200
    assert decided() == [("pick", 0), ("drop", 1)]
    assert Pick.objects.count() == 1


def test_site_in_trouble_is_asked_again(desk):
    answers = iter([503, 500])

    def stumble(route):
        status = next(answers, None)
        return route.fulfill(status=status) if status else route.continue_()

    desk.route("**/desk/decide/", stumble)
    press(desk, "x")
    expect(bar(desk)).to_contain_text("1 decision waits")
    until_sent(desk)
    assert decided() == [("drop", 0)]


def test_lost_login_keeps_decisions_for_their_editor(desk, live_server, open_as_editor, client):
    Session.objects.all().delete()
    press(desk, "x", "s")
    expect(bar(desk)).to_contain_text("You are no longer logged in. 2 decisions wait")
    link = bar(desk).get_by_role("link")
    assert link.get_attribute("target") == "_blank"
    other = make_editor(username="another")
    log_in(desk, live_server, client, other)
    with desk.expect_response(lambda response: response.url.endswith(DESK)):
        desk.evaluate("dispatchEvent(new Event('focus'))")
    assert kept(desk) == 2
    assert not Decision.objects.exists()
    log_in(desk, live_server, client, open_as_editor.editor)
    desk.evaluate("dispatchEvent(new Event('focus'))")
    until_sent(desk)
    expect(bar(desk)).to_be_hidden()
    assert decided() == [("drop", 0), ("pick", 1)]
    assert {one.by for one in Decision.objects.all()} == {open_as_editor.editor}


def log_in(page, live_server, client, user):
    """Log in as another tab of the same browser does."""
    client.logout()
    client.force_login(user)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])


def test_what_the_site_refuses_says_so_in_its_row_and_holds_up_nothing(desk):
    Headline.objects.filter(title="Headline 0").delete()
    press(desk, "x", "x")
    until_sent(desk)
    expect(row(desk, 0).locator(".desk-note")).not_to_be_empty()
    expect(row(desk, 0)).to_have_class("desk-row is-refused")
    expect(row(desk, 1)).to_have_attribute("data-state", "decided")
    assert decided() == [("drop", 1)]


def test_leaving_at_once_loses_nothing(desk, live_server):
    press(desk, *"xxxx")
    desk.goto(live_server.url + reverse("admin:index"))
    desk.goto(live_server.url + DESK)
    until_sent(desk)
    assert decided() == [("drop", number) for number in range(4)]
