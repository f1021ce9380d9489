"""Signed tokens that stand for a subscriber in links: one kind for each purpose.

A token carries the subscriber's random key (128 bits), never the address, under a signature that
is salted by its purpose, so that one of another purpose is worth nothing. They are signed with
SECRET_KEY; those signed with one of SECRET_KEY_FALLBACKS are still good.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.core.signing import BadSignature, Signer

SEPARATOR = "."  # safe in a path, and mail programs make it part of the link


class InvalidTokenError(Exception):
    """The token was not made here for this purpose, or its time is over."""


@dataclass(frozen=True)
class Confirmation:
    """What a confirmation token says: whose it is and when it was made, to the second."""

    key: str
    issued_at: datetime


def make_confirmation(key: str, *, now: datetime) -> str:
    """Return a token that confirms a sign-up until settings.CONFIRMATION_MAX_AGE is over."""
    return _signer("confirm").sign(f"{key}{SEPARATOR}{int(now.timestamp())}")


def read_confirmation(token: str, *, now: datetime) -> Confirmation:
    """Return what a confirmation token says. Raises InvalidTokenError."""
    key, _, seconds = _unsign(token, "confirm").partition(SEPARATOR)
    issued_at = datetime.fromtimestamp(int(seconds), tz=UTC)
    if now - issued_at > settings.CONFIRMATION_MAX_AGE:
        raise InvalidTokenError("expired")
    return Confirmation(key=key, issued_at=issued_at)


def make_subscription(key: str) -> str:
    """Return the token of a subscriber's own page and of unsubscribing. It never expires."""
    return _signer("subscription").sign(key)


def read_subscription(token: str) -> str:
    """Return the subscriber's key out of a subscription token. Raises InvalidTokenError."""
    return _unsign(token, "subscription")


def _signer(purpose: str) -> Signer:
    return Signer(sep=SEPARATOR, salt=f"newsletter.{purpose}")


def _unsign(token: str, purpose: str) -> str:
    try:
        return _signer(purpose).unsign(token)
    except BadSignature as error:
        raise InvalidTokenError("not made here for this purpose") from error
