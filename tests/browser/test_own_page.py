"""The subscriber's own page, as she uses it: from signing up to being erased."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail

from newsletter import links
from newsletter.models import Delivery, Subscriber
from tests.factories import make_category, make_delivery, make_digest, make_post, make_subscriber

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


def press(page, name):
    """Press a button with the keyboard, as somebody does who has no mouse."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def link_in(message, path):
    return re.search(rf"\S+{path}\S+", message.body)[0]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_subscriber_from_first_to_last(open_page, review, live_server, settings, has_scripts):
    settings.SITE_URL = live_server.url
    make_digest(title="The Sunday letter", description="One long read.")
    page = open_page(review.home, java_script_enabled=has_scripts)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Check your inbox"
    page.goto(link_in(mail.outbox[0], "/subscribe/confirm/"))
    press(page, "Confirm my subscription")
    with page.expect_navigation():
        page.get_by_role("link", name="Your subscription").click()

    page.get_by_label("Once a day").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")  # once a week
    page.get_by_label("The Sunday letter").focus()
    page.keyboard.press("Space")
    page.get_by_label("Time zone").select_option("Europe/Kyiv")
    page.get_by_label("Hour").select_option("18")
    press(page, "Save")
    assert page.get_by_role("status").inner_text() == "Saved. It holds from the next mail on."
    reader = Subscriber.objects.get()
    assert (reader.rhythm, reader.hour, reader.time_zone) == ("weekly", 18, "Europe/Kyiv")
    assert [str(one) for one in reader.digests.all()] == ["The Sunday letter"]

    press(page, "14 days")
    assert page.get_by_text("Paused. Mail goes again from").is_visible()
    press(page, "End the pause")
    assert Subscriber.objects.get().paused_until is None

    page.get_by_label("New e-mail address").fill("new@example.org")
    press(page, "Change")
    assert "a message is on its way to the new address" in page.get_by_role("status").inner_text()
    page.goto(link_in(mail.outbox[1], "/subscribe/move/"))
    press(page, "Change my address")
    assert page.locator("h1").inner_text() == "Your address is changed"
    assert [message.to[0] for message in mail.outbox[1:]] == [
        *("new@example.org", "reader@example.org"),
    ]

    with page.expect_navigation():
        page.get_by_role("link", name="Your subscription").click()
    with page.expect_navigation():
        page.get_by_role("link", name="What we hold of you").click()
    assert page.get_by_text("new@example.org").is_visible()
    with page.expect_navigation():
        page.get_by_role("link", name="Erase me").click()
    press(page, "Erase all of it")
    assert page.locator("h1").inner_text() == "You are erased"
    assert Subscriber.objects.count() == 0
    assert page.context.cookies() == []
    assert page.complaints == []


def test_pages_are_accessible_and_fit(open_page, review):
    for name in ("Politics", "Економіка та суспільство", "A-very-long-name-without-breaks" * 2):
        make_post(category=make_category(name=name))
    make_digest(title="The Sunday letter", description="One long read, each Sunday.")
    reader = make_subscriber(email=f"{'a.very.long.name.' * 3}end@a-long-domain.example.org")
    make_delivery(subscriber=reader, state=Delivery.State.SENT)
    stopped = make_subscriber(state="suppressed")
    own = links.subscription_path(reader)
    found = {}
    for path in (own, f"{own}data/", f"{own}erase/", links.subscription_path(stopped)):
        page = open_page(path, wait_until="networkidle")
        found[path] = [*page.complaints]
        for scheme, width in [("light", 1280), ("dark", 1280), ("light", 360), ("dark", 320)]:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 900})
            violations = Axe().run(page, options=RULES).response["violations"]
            found[path] += [(scheme, width, one["id"]) for one in violations]
            if page.evaluate("document.scrollingElement.scrollWidth") != width:
                found[path].append(f"scrolls sideways at {width}")
        page.context.close()

    assert found == {path: [] for path in found}


def test_form_of_another_site_leads_to_one_press_on_ours(open_page, review, live_server, settings):
    settings.SITE_URL = live_server.url
    page = open_page("/fetcher-is-no-page/", wait_until="load")
    foreign = live_server.url.replace("localhost", "127.0.0.1")
    assert foreign != live_server.url
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECURE_CSP = {}
    page.goto(f"{foreign}/about/fetcher")
    page.evaluate(
        """url => {
            const form = document.createElement("form");
            form.method = "post";
            form.action = url;
            form.innerHTML = '<input name="email" value="reader@example.org"><button>Go</button>';
            document.body.append(form);
        }""",
        f"{live_server.url}/subscribe/",
    )
    with page.expect_navigation():
        page.get_by_role("button", name="Go").click()
    assert "You come from http://127.0.0.1" in page.get_by_role("alert").inner_text()
    page.wait_for_timeout(2100)  # a person reads that
    with page.expect_navigation():
        page.get_by_role("button", name="Subscribe").click()

    assert page.locator("h1").inner_text() == "Check your inbox"
    assert Subscriber.objects.get().consent_form.startswith("http://127.0.0.1:")
