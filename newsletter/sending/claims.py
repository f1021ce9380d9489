"""Who sends which mail: claims with a lease, so that no two senders take the same one."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from newsletter.models import Delivery
from newsletter.sending import durability

LEASE = timedelta(minutes=5)
SENDER_ENDED = "The sender ended before the mail server answered."
MACHINE_STOPPED = "The machine stopped; whether the mail had left was not written down for sure."


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A sender, as far as claiming goes."""

    sender: uuid.UUID
    lease: timedelta = LEASE


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A row of the ledger that one sender alone may send."""

    delivery_id: int
    edition_id: int
    variant_id: int
    due_at: datetime
    attempts: int


def claim_due(who: Claimant, editions: Iterable[int], *, now: datetime, limit: int) -> list[Errand]:
    """Take up to ``limit`` mails that are due, those of the first edition first."""
    taken: list[Errand] = []
    for edition_id in editions:
        if len(taken) < limit:
            with durability.synced():
                taken += _claim(who, edition_id, now=now, limit=limit - len(taken))
    return taken


@transaction.atomic
def _claim(who: Claimant, edition_id: int, *, now: datetime, limit: int) -> list[Errand]:
    queued = Delivery.objects.filter(edition_id=edition_id, state=Delivery.State.QUEUED)
    due = queued.filter(due_at__lte=now).order_by("due_at", "pk")
    # SQLite has no row locks; there the whole transaction holds the one write lock.
    rows = due.select_for_update(skip_locked=True).values_list(
        "pk", "edition_id", "variant_id", "due_at", "attempts"
    )
    chosen = [
        Errand(
            delivery_id=key, edition_id=edition, variant_id=variant, due_at=at, attempts=attempts
        )
        for key, edition, variant, at, attempts in rows[:limit]
    ]
    Delivery.objects.filter(pk__in=_keys(chosen)).update(
        state=Delivery.State.CLAIMED, claimed_by=who.sender, lease_until=now + who.lease
    )
    return sorted(chosen, key=lambda errand: errand.variant_id)  # each letter is built once


def renew(who: Claimant, errands: Iterable[Errand], *, now: datetime) -> None:
    """Prolong claims that wait for their turn."""
    _held(who, _keys(errands)).update(lease_until=now + who.lease)


def give_back(who: Claimant, errands: Iterable[Errand]) -> int:
    """Give back what was not handed over, so that others need not wait for the leases."""
    return _held(who, _keys(errands)).update(
        state=Delivery.State.QUEUED, claimed_by=None, lease_until=None
    )


def _held(who: Claimant, keys: Collection[int]) -> "QuerySet[Delivery]":
    return Delivery.objects.filter(pk__in=keys, state=Delivery.State.CLAIMED, claimed_by=who.sender)


def _keys(errands: Iterable[Errand]) -> list[int]:
    return [errand.delivery_id for errand in errands]


def release_expired(who: Claimant, *, now: datetime) -> int:
    """Take back what dead senders had claimed; return how many mails that were.

    What they were handing over stays ``unknown`` for an editor: it is never sent again by itself.
    """
    expired = Delivery.objects.filter(lease_until__lt=now)
    expired.filter(state=Delivery.State.UNKNOWN).update(lease_until=None, answer=SENDER_ENDED)
    claimed = expired.filter(state=Delivery.State.CLAIMED)
    if started_at := durability.lost_before(now=now):
        claimed.filter(lease_until__lt=started_at + who.lease).update(
            state=Delivery.State.UNKNOWN, lease_until=None, answer=MACHINE_STOPPED
        )
    return claimed.update(state=Delivery.State.QUEUED, claimed_by=None, lease_until=None)
