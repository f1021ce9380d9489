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
    """What a token with an end says: whose it is and when it was made, to the second."""

    key: str
    issued_at: datetime


def make_confirmation(key: str, *, now: datetime) -> str:
    """Return a token that confirms a sign-up until settings.CONFIRMATION_MAX_AGE is over."""
    return _make_dated(key, "confirm", now=now)


def read_confirmation(token: str, *, now: datetime) -> Confirmation:
    """Return what a confirmation token says. Raises InvalidTokenError."""
    return _read_dated(token, "confirm", now=now)


def make_move(key: str, *, now: datetime) -> str:
    """Return a token that confirms an AddressChange by its key, good for as long."""
    return _make_dated(key, "move", now=now)


def read_move(token: str, *, now: datetime) -> Confirmation:
    """Return what the token of an address change says. Raises InvalidTokenError."""
    return _read_dated(token, "move", now=now)


def make_subscription(key: str) -> str:
    """Return the token of a subscriber's own page and of unsubscribing. It never expires."""
    return _signer("subscription").sign(key)


def read_subscription(token: str) -> str:
    """Return the subscriber's key out of a subscription token. Raises InvalidTokenError."""
    return _unsign(token, "subscription")


def _make_dated(key: str, purpose: str, *, now: datetime) -> str:
    return _signer(purpose).sign(f"{key}{SEPARATOR}{int(now.timestamp())}")


def _read_dated(token: str, purpose: str, *, now: datetime) -> Confirmation:
    key, _, seconds = _unsign(token, purpose).partition(SEPARATOR)
    issued_at = datetime.fromtimestamp(int(seconds), tz=UTC)
    if now - issued_at > settings.CONFIRMATION_MAX_AGE:
        raise InvalidTokenError("expired")
    return Confirmation(key=key, issued_at=issued_at)


def _signer(purpose: str) -> Signer:
    return Signer(sep=SEPARATOR, salt=f"newsletter.{purpose}")


def _unsign(token: str, purpose: str) -> str:
    try:
        return _signer(purpose).unsign(token)
    except BadSignature as error:
        raise InvalidTokenError("not made here for this purpose") from error
