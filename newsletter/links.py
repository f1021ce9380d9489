"""The links that mails carry: absolute, from SITE_URL alone, whatever host a request named."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from newsletter import tokens
from newsletter.models import AddressChange, Subscriber


def confirmation_link(subscriber: Subscriber, *, now: datetime) -> str:
    """Return the address of the page that confirms a sign-up."""
    token = tokens.make_confirmation(subscriber.key, now=now)
    return _absolute(reverse("newsletter:confirm", args=[token]))


def move_link(change: AddressChange, *, now: datetime) -> str:
    """Return the address of the page that confirms a change of address."""
    return _absolute(reverse("newsletter:move", args=[tokens.make_move(change.key, now=now)]))


def subscription_path(subscriber: Subscriber) -> str:
    """Return the path of the subscriber's own page."""
    return reverse("newsletter:subscription", args=[tokens.make_subscription(subscriber.key)])


def subscription_link(subscriber: Subscriber) -> str:
    """Return the address of the subscriber's own page."""
    return _absolute(subscription_path(subscriber))


def unsubscribe_link(subscriber: Subscriber) -> str:
    """Return the address for the List-Unsubscribe header (RFC 8058): a POST there ends it."""
    token = tokens.make_subscription(subscriber.key)
    return _absolute(reverse("newsletter:unsubscribe", args=[token]))


def _absolute(path: str) -> str:
    return f"{settings.SITE_URL}{path}"
