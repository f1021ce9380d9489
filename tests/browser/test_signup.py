"""Signing up, confirming and leaving, as a reader does it."""

import re

import pytest
from django.core import mail

from newsletter.models import Subscriber

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("has_scripts", [True, False])
def test_reader_signs_up_confirms_and_leaves(open_page, review, live_server, settings, has_scripts):
    settings.SITE_URL = live_server.url
    page = open_page(review.home, java_script_enabled=has_scripts)
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Subscribe").click()
    assert page.locator("h1").inner_text() == "Check your inbox"

    (message,) = mail.outbox
    assert message.to == ["reader@example.org"]
    page.goto(re.search(r"\S+/subscribe/confirm/\S+", message.body)[0])
    assert Subscriber.objects.get().state == "pending"
    page.get_by_role("button", name="Confirm").click()
    assert page.locator("h1").inner_text() == "You are subscribed"
    assert Subscriber.objects.get().state == "active"

    page.get_by_role("link", name="Your subscription").click()
    page.get_by_role("button", name="Unsubscribe").click()
    assert page.locator("h1").inner_text() == "You are unsubscribed"
    assert Subscriber.objects.get().state == "unsubscribed"
    assert page.context.cookies() == []
    assert page.complaints == []
