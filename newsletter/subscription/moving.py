"""A subscriber moves to another address: once that mailbox has answered, and the old one is told.

The mail to the new address is one that a stranger may get by somebody's doing, so the limits of
signing up hold for it: one a day to an address, and three without an answer.
"""

from datetime import datetime, timedelta

from django.db import transaction

from newsletter import letters, suppression, tasks, tokens
from newsletter.addresses import clean_address, email_key
from newsletter.histories.history import note
from newsletter.models import AddressChange, Subscriber, SubscriberEvent, new_key
from newsletter.subscribing import unanswered
from newsletter.subscribing.signup import CONFIRMATION_GAP, MAX_CONFIRMATIONS, claim_confirmation
from newsletter.tokens import InvalidTokenError

MAX_A_DAY = 3
"""For one subscriber, to whatever addresses."""
State = Subscriber.State
Kind = SubscriberEvent.Kind
MOVABLE = [State.ACTIVE, State.SUPPRESSED]


def ask(subscriber: Subscriber, *, email: str, now: datetime) -> bool:
    """Ask the owner of ``email`` whether a subscriber may move there; return whether a mail goes.

    Whether the address has a subscription of its own must not be told from the answer.

    Raises newsletter.addresses.InvalidAddressError.
    """
    address = clean_address(email)
    key = email_key(address)
    lately = subscriber.events.filter(kind=Kind.CHANGED, at__gt=now - timedelta(days=1))
    with transaction.atomic():
        current = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
        asked = sum("address" in event.detail for event in lately)
        if current.state not in MOVABLE or key == current.email_key or asked >= MAX_A_DAY:
            return False
        note(current, Kind.CHANGED, now=now, address="asked")
        if not _may_write_to(key, now=now):
            return False
        change, _ = AddressChange.objects.update_or_create(
            subscriber=current,
            defaults={
                "email": address,
                "email_key": key,
                "key": new_key(),
                "asked_at": now,
                "confirmed_at": None,
                "old_email": "",
            },
        )
        tasks.send_address_change.enqueue(change.pk, letters.new_message_id())
    return True


def _may_write_to(key: str, *, now: datetime) -> bool:
    if suppression.is_remembered(key):
        return False
    other = Subscriber.objects.filter(email_key=key).first()
    if other is None:
        return unanswered.claim(key, gap=CONFIRMATION_GAP, most=MAX_CONFIRMATIONS, now=now)
    return claim_confirmation(other, now=now)


def find_change(token: str, *, now: datetime) -> AddressChange:
    """Return the change that a token can bring about, or has brought about.

    Raises newsletter.tokens.InvalidTokenError, also where the address has got a subscription of
    its own meanwhile, and where the subscriber has left.
    """
    said = tokens.read_move(token, now=now)
    changes = AddressChange.objects.select_related("subscriber")
    change = changes.filter(key=said.key).first()
    if change is None:
        raise InvalidTokenError("replaced by a later one, or long over")
    if change.confirmed_at is None and not _can_move(change):
        raise InvalidTokenError("cannot be done any more")
    return change


def _can_move(change: AddressChange) -> bool:
    taken = Subscriber.objects.filter(email_key=change.email_key, state__in=MOVABLE)
    return change.subscriber.state in MOVABLE and not taken.exists()


def move(change: AddressChange, *, now: datetime) -> bool:
    """Give a subscriber her new address; return whether she had not got it yet.

    What an address had that never got mail, or had left, gives way: its owner has just asked for
    it. Where mail was stopped, it goes again: the new address has shown that it can be reached.
    """
    with transaction.atomic():
        change = AddressChange.objects.select_for_update().get(pk=change.pk)
        subscriber = Subscriber.objects.select_for_update().get(pk=change.subscriber_id)
        change.subscriber = subscriber
        if change.confirmed_at is not None or not _can_move(change):
            return False
        Subscriber.objects.filter(email_key=change.email_key).delete()
        unanswered.take(change.email_key)
        is_told = subscriber.state == State.ACTIVE
        change.old_email = subscriber.email if is_told else ""
        change.confirmed_at = now
        change.save(update_fields=["old_email", "confirmed_at"])
        Subscriber.objects.filter(pk=subscriber.pk).update(
            email=change.email,
            email_key=change.email_key,
            state=State.ACTIVE,
            confirmed_at=now,
            suppressed_at=None,
            unsubscribed_at=None,
        )
        note(subscriber, Kind.MOVED, now=now)
        if is_told:
            tasks.tell_former_address.enqueue(change.pk, letters.new_message_id())
    return True
