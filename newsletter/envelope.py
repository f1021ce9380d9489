"""The addresses of our own that a mail of an edition carries: where it comes back to (VERP).

``settings.BOUNCE_ADDRESS`` names one mailbox, ``mail@lists.example.org``. What follows a ``+`` in
it says which mail is meant and what for, under a signature: ``mail+b12.MAC`` for what could not
be delivered, ``mail+u12.MAC`` for who writes to leave, ``mail+c7.MAC`` for a confirmation mail
that comes back. So nobody can make up a bounce. Servers may fold letters on the way: the
signature is base 32, read in either case.
"""

import base64
import re
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from newsletter.tokens import InvalidTokenError

MAC_BYTES = 15  # 120 bits: 24 letters, without padding
DETAIL = re.compile(r"([buc])([1-9][0-9]{0,18})\.([a-z2-7]{24})")


class Purpose(StrEnum):
    """What a mail to one of these addresses means."""

    BOUNCE = "b"
    LEAVE = "u"
    CONFIRMATION = "c"


@dataclass(frozen=True)
class Returned:
    """What an address is for, and of which row: a delivery's id, or a subscriber's."""

    purpose: Purpose
    number: int


def return_path(delivery_id: int) -> str:
    """Return the envelope's sender, or "" where no BOUNCE_ADDRESS is set."""
    return _address(Purpose.BOUNCE, delivery_id)


def leaving_address(delivery_id: int) -> str:
    """Return the address that unsubscribes by mail, or "" where no BOUNCE_ADDRESS is set."""
    return _address(Purpose.LEAVE, delivery_id)


def confirmation_return_path(subscriber_id: int) -> str:
    """Return the envelope's sender of a confirmation mail, or "" where there is no mailbox."""
    return _address(Purpose.CONFIRMATION, subscriber_id)


def read(address: str) -> Returned:
    """Return what one of our addresses says, whatever became of its upper and lower case.

    Signed with SECRET_KEY or one of SECRET_KEY_FALLBACKS. Raises
    newsletter.tokens.InvalidTokenError.
    """
    ours, _, domain = settings.BOUNCE_ADDRESS.lower().rpartition("@")
    local, _, host = address.strip().lower().rpartition("@")
    name, _, detail = local.rpartition("+")
    match = DETAIL.fullmatch(detail)
    if match is None or not ours or (name, host) != (ours, domain):
        raise InvalidTokenError("no address of ours")
    purpose, number, mac = match.groups()
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        if constant_time_compare(mac, _mac(f"{purpose}{number}", secret)):
            return Returned(Purpose(purpose), int(number))
    raise InvalidTokenError("not signed here")


def _address(purpose: Purpose, number: int) -> str:
    local, at, domain = settings.BOUNCE_ADDRESS.rpartition("@")
    if not at:
        return ""
    detail = f"{purpose}{number}"
    return f"{local}+{detail}.{_mac(detail, settings.SECRET_KEY)}@{domain}"


def _mac(detail: str, secret: str) -> str:
    digest = salted_hmac("newsletter.envelope", detail, secret=secret, algorithm="sha256").digest()
    return base64.b32encode(digest[:MAC_BYTES]).decode().lower()
