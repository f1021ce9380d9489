"""What to do about a mail that came in: record what came back, let go who writes to leave.

A mail counts only for a letter of ours that it proves to know: by one of our signed addresses,
in whose name it came or which stands in the letter it returns; or by that letter's Message-ID,
which holds 128 random bits. Whoever can show these has the letter, or has carried it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from newsletter import envelope
from newsletter.bounces.parsing import Incoming, parse
from newsletter.bounces.recording import record
from newsletter.envelope import Purpose, Returned
from newsletter.models import Bounce, Delivery, Subscriber
from newsletter.subscribing import signup
from newsletter.tokens import InvalidTokenError

logger = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a mail."""

    RECORDED = "recorded"
    LEFT = "left"
    NOTHING = "nothing"
    """It is about a mail of ours, and says nothing new or nothing that counts."""
    NOT_OURS = "not ours"
    """It shows no knowledge of any mail of ours: perhaps a person should read it."""


@dataclass(frozen=True)
class Letter:
    """A mail of ours: to whom it went, and its row in the ledger if it has one."""

    subscriber: Subscriber | None
    delivery: Delivery | None = None


def receive(raw: bytes, *, recipients: Sequence[str] = (), now: datetime) -> Outcome:
    """Act on a mail and say what was done; ``recipients`` are its envelope's, if known.

    May be done twice: what is known already is not recorded again.
    """
    incoming = parse(raw, recipients=recipients)
    address = _signed(incoming.addressed_to)
    if address and address.purpose is Purpose.LEAVE:
        return _leave(address, now=now)
    letter = _letter(incoming, address or _signed(incoming.quoted))
    if letter is None:
        return Outcome.NOT_OURS
    new = [
        record(
            report,
            delivery=letter.delivery,
            subscriber=letter.subscriber,
            source=Bounce.Source.MAIL,
            now=now,
        )
        for report in incoming.reports
    ]
    return Outcome.RECORDED if any(new) else Outcome.NOTHING


def _leave(address: Returned, *, now: datetime) -> Outcome:
    """Unsubscribe whoever writes to her leaving address, whatever the mail says.

    Mailbox providers write these by themselves and mark them as automatic: the signature in the
    address is what counts.
    """
    subscriber = _delivered(pk=address.number).subscriber
    if subscriber is None:
        return Outcome.NOTHING
    signup.unsubscribe(subscriber, now=now)
    logger.info("Subscriber %s has left by mail", subscriber.pk)
    return Outcome.LEFT


def _letter(incoming: Incoming, address: Returned | None) -> Letter | None:
    if address is None:
        delivery = Delivery.objects.filter(message_id__in=incoming.message_ids).first()
        return Letter(delivery.subscriber, delivery) if delivery else None
    if address.purpose is Purpose.CONFIRMATION:
        return Letter(Subscriber.objects.filter(pk=address.number).first())
    return _delivered(pk=address.number)


def _delivered(*, pk: int) -> Letter:
    delivery = Delivery.objects.select_related("subscriber").filter(pk=pk).first()
    return Letter(delivery.subscriber if delivery else None, delivery)


def _signed(addresses: Sequence[str]) -> Returned | None:
    """Return what the first address with a signature of ours says."""
    for address in addresses:
        try:
            return envelope.read(address)
        except InvalidTokenError:
            continue
    return None
