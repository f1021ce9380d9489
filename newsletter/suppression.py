"""Who gets nothing more because mail does not arrive or is not wanted, and how that ends.

One "no such address" or one complaint suffices. What may pass (a full mailbox, a filter, a server
out of reach) suffices after five mails in a row over two weeks; a mail that arrived in between
begins the count anew. A suppressed address that is erased stays known by a keyed digest, as in
newsletter.subscribing.unanswered, so that signing up again does not start it all over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import DateTimeField, Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac

from newsletter.histories import history
from newsletter.models import (
    Bounce,
    Delivery,
    Subscriber,
    SubscriberEvent,
    SuppressedAddress,
)

SOFT_MAILS = 5
SOFT_SPAN = timedelta(days=14)
# As long as the address could still be tested against its digest by who knows SECRET_KEY.
REMEMBERED = timedelta(days=2 * 365)

FINAL_KINDS = [Bounce.Kind.HARD, Bounce.Kind.COMPLAINT]
PASSING_KINDS = [Bounce.Kind.SOFT, Bounce.Kind.QUOTA, Bounce.Kind.POLICY]
FAILED_KINDS = [Bounce.Kind.HARD, *PASSING_KINDS]

State = Subscriber.State


def consider(bounce: Bounce, *, now: datetime) -> bool:
    """Suppress the subscriber of a new bounce if it is time; return whether she now is."""
    subscriber = bounce.subscriber
    if subscriber is None or not _is_enough(bounce, subscriber):
        return False
    changed = (
        Subscriber.objects.filter(pk=subscriber.pk)
        .exclude(state=State.SUPPRESSED)
        .update(state=State.SUPPRESSED, suppressed_at=now)
    )
    if changed:
        kind = SubscriberEvent.Kind.SUPPRESSED
        history.note(subscriber, kind, now=now, bounce=bounce.pk, reason=bounce.kind)
    return bool(changed)


def release(subscriber: Subscriber, *, now: datetime, **detail: object) -> bool:
    """Let mail go again, as far as she wants any; return whether it was stopped.

    She gets back the state she had. What came back of mails from before counts no more.
    """
    current = Subscriber.objects.filter(pk=subscriber.pk, state=State.SUPPRESSED)
    # She may have left, or never have confirmed: stopped mail has changed neither.
    former = current.values_list("unsubscribed_at", "confirmed_at").first()
    if former is None:
        return False
    unsubscribed_at, confirmed_at = former
    state = State.ACTIVE if confirmed_at else State.PENDING
    state = State.UNSUBSCRIBED if unsubscribed_at else state
    if not current.update(state=state, suppressed_at=None):
        return False
    history.note(subscriber, SubscriberEvent.Kind.RELEASED, now=now, **detail)
    subscriber.refresh_from_db()
    return True


def remember(email_keys: Iterable[tuple[str, str]], *, now: datetime) -> None:
    """Keep the digests of suppressed addresses that are erased: ``(email_key, reason)`` each."""
    SuppressedAddress.objects.bulk_create(
        [
            SuppressedAddress(digest=_digest(key, settings.SECRET_KEY), reason=reason, at=now)
            for key, reason in email_keys
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["reason", "at"],
    )


def remember_deleted(*, instance: Subscriber, **_: object) -> None:
    """Keep the digest of a subscriber who is about to be erased, if her mail was stopped."""
    if instance.state == State.SUPPRESSED:
        last = instance.bounces.exclude(kind=Bounce.Kind.AUTO).first()
        reason = last.kind if last else Bounce.Kind.HARD
        remember([(instance.email_key, reason)], now=timezone.now())


def is_remembered(email_key: str) -> bool:
    """Say whether an address was suppressed when it was erased."""
    return bool(remembered_among([email_key]))


def remembered_among(email_keys: Iterable[str]) -> set[str]:
    """Return those of some addresses, by their keys, that were suppressed when erased."""
    keys = list(email_keys)
    by_digest = {_digest(key, secret): key for key in keys for secret in _secrets()}
    digests = list(by_digest)
    found: set[str] = set()
    for start in range(0, len(digests), 500):
        rows = SuppressedAddress.objects.filter(digest__in=digests[start : start + 500])
        found.update(by_digest[digest] for digest in rows.values_list("digest", flat=True))
    return found


def forgive(email_key: str) -> bool:
    """Forget that an erased address was suppressed: it may sign up; return whether it was."""
    digests = [_digest(email_key, secret) for secret in _secrets()]
    count, _ = SuppressedAddress.objects.filter(digest__in=digests).delete()
    return bool(count)


def forget_old(*, now: datetime) -> int:
    """Forget the digests of addresses erased long ago; return how many."""
    count, _ = SuppressedAddress.objects.filter(at__lt=now - REMEMBERED).delete()
    return count


def _is_enough(bounce: Bounce, subscriber: Subscriber) -> bool:
    if bounce.kind == Bounce.Kind.AUTO:
        return False
    if bounce.kind == Bounce.Kind.COMPLAINT:
        return True
    arrived_at = _last_arrival(bounce, subscriber)
    if arrived_at is not None and _mailed_at(bounce) <= arrived_at:
        return False  # a late word about a mail from before
    return bounce.kind in FINAL_KINDS or _is_lasting(subscriber, since=arrived_at)


def _last_arrival(bounce: Bounce, subscriber: Subscriber) -> datetime | None:
    """Return when we last had reason to believe that the mailbox works.

    That is when she confirmed, when an editor released her, or when a mail left before the one
    that ``bounce`` speaks of and did not come back.
    """
    arrived = [subscriber.confirmed_at, _released_at(subscriber)]
    came_back = Bounce.objects.filter(delivery=OuterRef("pk"), kind__in=FAILED_KINDS)
    sent = Delivery.objects.filter(
        ~Exists(came_back),
        subscriber=subscriber,
        state=Delivery.State.SENT,
        handed_over_at__lt=_mailed_at(bounce),
    )
    arrived += sent.order_by("-id").values_list("handed_over_at", flat=True)[:1]
    return max(filter(None, arrived), default=None)


def _released_at(subscriber: Subscriber) -> datetime | None:
    released = subscriber.events.filter(kind=SubscriberEvent.Kind.RELEASED)
    return released.values_list("at", flat=True).first()


def _is_lasting(subscriber: Subscriber, *, since: datetime | None) -> bool:
    """Say whether enough mails in a row came back over enough time; each counts once."""
    mailed_at = Coalesce("delivery__handed_over_at", "at", output_field=DateTimeField())
    failed = subscriber.bounces.filter(kind__in=PASSING_KINDS).annotate(mailed_at=mailed_at)
    if since is not None:
        failed = failed.filter(mailed_at__gt=since)
    by_mail: dict[object, datetime] = {}
    for pk, delivery_id, at in failed.values_list("pk", "delivery_id", "mailed_at")[:100]:
        by_mail[("mail", delivery_id) if delivery_id else ("report", pk)] = at
    times = by_mail.values()
    return len(times) >= SOFT_MAILS and max(times) - min(times) >= SOFT_SPAN


def _mailed_at(bounce: Bounce) -> datetime:
    handed_over_at = bounce.delivery.handed_over_at if bounce.delivery else None
    return handed_over_at or bounce.at


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(email_key: str, secret: str) -> str:
    salt = "newsletter.suppression"
    return salted_hmac(salt, email_key, secret=secret, algorithm="sha256").hexdigest()
