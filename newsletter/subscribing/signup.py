"""Signing up, confirming, leaving and coming back: every change of a subscriber's state."""

from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from newsletter import suppression, tokens
from newsletter.addresses import clean_address, email_key
from newsletter.histories.history import note
from newsletter.letters import new_message_id
from newsletter.models import MailSettings, Subscriber, SubscriberEvent, SubscriberQuerySet
from newsletter.subscribing import unanswered
from newsletter.tasks import send_confirmation
from newsletter.tokens import InvalidTokenError

CONFIRMATION_GAP = timedelta(hours=24)
MAX_CONFIRMATIONS = 3

State = Subscriber.State
Kind = SubscriberEvent.Kind


def sign_up(
    *, email: str, consent_form: str, consent_text: str, language: str, now: datetime
) -> bool:
    """Ask the owner of ``email`` to confirm; return whether a mail was queued for the worker.

    None is queued for an active address, for one whose mail is stopped, within 24 hours of the
    last one, or after three that nobody answered, counting those of erased sign-ups: so nobody's
    inbox can be flooded through our form. Visitors must not be able to tell these cases apart.
    ``consent_form`` is the path of the page the form stood on, ``consent_text`` what was shown
    beside it; both are kept as evidence.

    Raises newsletter.addresses.InvalidAddressError.
    """
    address = clean_address(email)
    key = email_key(address)
    if suppression.is_remembered(key):
        return False
    asked = cache(partial(unanswered.take, key))
    fields: dict[str, Any] = {
        "email": address,
        "language": language,
        # Called for a new row only.
        "confirmations_sent": lambda: asked().mails,
        "confirmation_sent_at": lambda: asked().last_at,
        "rhythm": lambda: MailSettings.load().default_rhythm,
    }
    with transaction.atomic():
        subscriber, _ = Subscriber.objects.get_or_create(email_key=key, defaults=fields)
        is_due = claim_confirmation(
            subscriber,
            now=now,
            consent_form=consent_form[:200],
            consent_text=consent_text,
            language=language,
        )
        if is_due:
            note(subscriber, Kind.ASKED, now=now, form=consent_form[:200])
            send_confirmation.enqueue(subscriber.pk, new_message_id())
    return is_due


def claim_confirmation(subscriber: Subscriber, *, now: datetime, **also: str) -> bool:
    """Count one more confirmation mail to an address; return whether it may go.

    One conditional UPDATE claims it: of two that ask at once, one gets it. ``also`` are columns
    that are set if so.
    """
    due = _due(now=now).filter(pk=subscriber.pk)
    sent = F("confirmations_sent") + 1
    return bool(due.update(confirmations_sent=sent, confirmation_sent_at=now, **also))


def find_to_confirm(token: str, *, now: datetime) -> Subscriber:
    """Return whose sign-up a confirmation token can confirm, or has confirmed.

    A token from before the subscriber left is void: it must not bring her back.

    Raises newsletter.tokens.InvalidTokenError.
    """
    said = tokens.read_confirmation(token, now=now)
    subscriber = _find(said.key)
    if subscriber.unsubscribed_at and said.issued_at <= subscriber.unsubscribed_at:
        raise InvalidTokenError("from before the subscriber left")
    return subscriber


def find_subscription(token: str) -> Subscriber:
    """Return whose own page a subscription token opens.

    Raises newsletter.tokens.InvalidTokenError.
    """
    return _find(tokens.read_subscription(token))


def confirm(subscriber: Subscriber, *, now: datetime) -> bool:
    """Make a subscriber active; return whether she was not yet."""
    return _activate(subscriber, [State.PENDING, State.UNSUBSCRIBED], kind=Kind.CONFIRMED, now=now)


def resubscribe(subscriber: Subscriber, *, now: datetime) -> bool:
    """Take an unsubscribing back; return whether there was one.

    Whoever holds a link to the subscriber's page reads her mail, so nothing needs confirming.
    """
    return _activate(subscriber, [State.UNSUBSCRIBED], kind=Kind.CAME_BACK, now=now)


def unsubscribe(subscriber: Subscriber, *, now: datetime) -> bool:
    """Send a subscriber nothing more, from now on; return whether she was not yet unsubscribed.

    Who was only asked to confirm and answers so will not be asked again. Where mail is stopped
    anyway, that she has left is kept for the day on which it goes again.
    """
    current = Subscriber.objects.filter(pk=subscriber.pk)
    with transaction.atomic():
        refused = current.filter(state=State.PENDING).update(
            state=State.UNSUBSCRIBED, unsubscribed_at=now, confirmations_sent=MAX_CONFIRMATIONS
        )
        left = current.filter(state=State.ACTIVE).update(
            state=State.UNSUBSCRIBED, unsubscribed_at=now
        )
        stopped = current.filter(state=State.SUPPRESSED, unsubscribed_at=None).update(
            unsubscribed_at=now
        )
        if refused or left or stopped:
            note(subscriber, Kind.LEFT, now=now)
    subscriber.refresh_from_db()
    return bool(refused or left or stopped)


@transaction.atomic
def _activate(
    subscriber: Subscriber, states: list[State], *, kind: SubscriberEvent.Kind, now: datetime
) -> bool:
    changed = Subscriber.objects.filter(pk=subscriber.pk, state__in=states).update(
        state=State.ACTIVE,
        confirmed_at=now,
        unsubscribed_at=None,
        confirmations_sent=0,
    )
    if changed:
        note(subscriber, kind, now=now)
    subscriber.refresh_from_db()
    return bool(changed)


def _find(key: str) -> Subscriber:
    try:
        return Subscriber.objects.get(key=key)
    except Subscriber.DoesNotExist as error:
        raise InvalidTokenError("of a subscriber who is erased") from error


def _due(*, now: datetime) -> SubscriberQuerySet:
    is_rested = Q(confirmation_sent_at=None) | Q(confirmation_sent_at__lte=now - CONFIRMATION_GAP)
    no_mail = [State.ACTIVE, State.SUPPRESSED]
    return Subscriber.objects.exclude(state__in=no_mail).filter(
        is_rested, confirmations_sent__lt=MAX_CONFIRMATIONS
    )
