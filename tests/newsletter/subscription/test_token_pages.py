"""The pages that a signed link opens."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter import links, tokens
from newsletter.models import Subscriber
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
State = Subscriber.State
ONE_CLICK_IN_PARTS = (
    '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pending():
    return make_subscriber(state=State.PENDING, confirmed_at=None)


@pytest.fixture
def active():
    return make_subscriber()


def confirm_path(subscriber):
    return f"/subscribe/confirm/{tokens.make_confirmation(subscriber.key, now=NOW)}/"


def own_path(subscriber):
    return f"/subscription/{tokens.make_subscription(subscriber.key)}/"


def rows():
    return list(Subscriber.objects.order_by("id").values())


def test_opening_any_link_of_a_mail_changes_nothing(browser, pending, active):
    left = make_subscriber(state=State.UNSUBSCRIBED, unsubscribed_at=NOW - timedelta(days=9))
    before = rows()

    for subscriber in (pending, active, left):
        own = own_path(subscriber)
        for path in (confirm_path(subscriber), own, f"{own}unsubscribe/", f"{own}resubscribe/"):
            for method in ("GET", "HEAD"):
                response = browser.generic(method, path, follow=True)
                assert response.status_code in {200, 302, 303}

    assert rows() == before


def test_confirm_page_shows_a_button_and_the_post_confirms(browser, pending):
    path = confirm_path(pending)
    page = browser.get(path)
    assert page.status_code == 200
    assert b"Confirm my subscription" in page.content
    assert pending.email.encode() in page.content

    response = browser.post(path)
    assert response.status_code == 303
    assert response["Location"] == path
    pending.refresh_from_db()
    assert pending.state == State.ACTIVE
    assert pending.confirmed_at == NOW


def test_confirm_page_says_for_ever_after_that_it_is_done(browser, pending, clock):
    path = confirm_path(pending)
    browser.post(path)
    after = rows()
    clock.shift(timedelta(hours=1))
    first, again = browser.get(path), browser.post(path, follow=True)

    assert first.content == again.content
    assert b"You are subscribed" in first.content
    assert b"no welcome mail" in first.content
    assert b"Confirm my subscription" not in first.content
    assert links.subscription_path(pending).encode() in first.content
    assert rows() == after


def test_confirm_link_expires(browser, pending, clock, settings):
    path = confirm_path(pending)
    clock.shift(settings.CONFIRMATION_MAX_AGE)
    assert browser.get(path).status_code == 200

    clock.shift(timedelta(seconds=1))
    assert browser.post(path).status_code == 404
    pending.refresh_from_db()
    assert pending.state == State.PENDING


def test_confirm_link_does_not_bring_back_who_left(browser, pending, clock):
    path = confirm_path(pending)
    browser.post(path)
    clock.shift(timedelta(minutes=1))
    browser.post(own_path(pending) + "unsubscribe/")

    assert browser.post(path).status_code == 404
    pending.refresh_from_db()
    assert pending.state == State.UNSUBSCRIBED


def test_own_page_shows_address_and_button(browser, active):
    page = browser.get(own_path(active)).content.decode()

    assert active.email in page
    assert f'action="{own_path(active)}unsubscribe/"' in page


def test_unsubscribe_link_opened_as_a_page_leads_to_the_button(browser, active):
    response = browser.get(own_path(active) + "unsubscribe/")

    assert response.status_code == 302
    assert response["Location"] == own_path(active)


def test_unsubscribe_by_the_button_offers_to_undo(browser, active):
    other = make_subscriber()
    page = browser.post(own_path(active) + "unsubscribe/")

    assert page.status_code == 200
    assert b"You are unsubscribed" in page.content
    assert f'action="{own_path(active)}resubscribe/"'.encode() in page.content
    assert list(Subscriber.objects.active()) == [other]

    undone = browser.post(own_path(active) + "resubscribe/")
    assert undone.status_code == 303
    assert undone["Location"] == own_path(active)
    assert Subscriber.objects.active().count() == 2


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (
            ONE_CLICK_IN_PARTS,
            "multipart/form-data; boundary=b",
        ),
    ],
)
def test_one_click_unsubscribes_without_cookie_or_redirect_again_and_again(
    browser, active, clock, settings, body, content_type
):
    path = links.unsubscribe_link(active).removeprefix(settings.SITE_URL)
    clock.shift(timedelta(days=400))
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-" * 5
    first = browser.generic("POST", path, body, content_type)
    after = rows()
    clock.shift(timedelta(days=1))
    second = browser.generic("POST", path, body, content_type)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert first.cookies == second.cookies == {}
    assert rows() == after
    active.refresh_from_db()
    assert active.state == State.UNSUBSCRIBED
    assert active.unsubscribed_at == NOW + timedelta(days=400)


def test_who_did_not_ask_can_refuse(browser, pending):
    page = browser.get(own_path(pending))
    assert b"Do not write to me" in page.content

    browser.post(own_path(pending) + "unsubscribe/")
    pending.refresh_from_db()
    assert pending.state == State.UNSUBSCRIBED


def test_token_pages_are_private_and_send_no_referrer(browser, pending, active):
    own = own_path(active)
    responses = [
        browser.get(confirm_path(pending)),
        browser.post(confirm_path(pending)),
        browser.get(own),
        browser.get(own + "unsubscribe/"),
        browser.post(own + "unsubscribe/"),
        browser.post(own + "resubscribe/"),
        browser.get("/subscription/nonsense/"),
    ]

    for response in responses:
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex"
        assert response["Cache-Control"] == "private, no-store"
        assert response.cookies == {}


def test_bad_links_all_get_one_constant_page(browser, pending, active):
    erased = make_subscriber()
    confirm, own = confirm_path(pending).split("/")[3], own_path(active).split("/")[2]
    bad = [
        f"/subscription/{confirm}/",
        f"/subscription/{confirm}/unsubscribe/",
        f"/subscription/{confirm}/resubscribe/",
        f"/subscribe/confirm/{own}/",
        f"/subscription/{own}x/",
        f"/subscription/{own[1:]}/",
        f"/subscription/{active.key}/",
        "/subscription/nonsense/",
        "/subscribe/confirm/%00/",
        own_path(erased),
        confirm_path(erased),
    ]
    erased.delete()
    before = rows()
    responses = [send(path) for path in bad for send in (browser.get, browser.post)]

    assert {response.status_code for response in responses} == {404}
    bodies = {
        response.content.replace(response.wsgi_request.path.encode(), b"") for response in responses
    }
    assert len(bodies) == 1
    assert b"This link does not work" in bodies.pop()
    assert rows() == before
