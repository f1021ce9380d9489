"""Who polls which feed: claims with a lease, so that no two pollers ask for the same one.

A claim takes hosts as a whole: while one poller has business with a host, no other starts any.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Mod

from aggregator import schedule
from aggregator.models import Feed, FeedQuerySet
from aggregator.statements import update_many

LEASE = timedelta(minutes=10)
FEEDS_PER_HOST = 8
"""As many of one host as one poller holds at a time, so that its other hosts get their turn."""
_LOOK_AHEAD = 4
_CLAIMING = 0x4E_41_54_01  # names the advisory lock; any number that nobody else uses
_SPREAD_SLOTS = 60
_EDITED = ("url", "title", "site_url", "language", "collection", "last_succeeded_at")


class LeaseLostError(Exception):
    """The feed was removed, changed by an editor, or taken over by another poller meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A feed that this poller alone may poll until ``lease``."""

    feed: Feed
    lease: datetime
    poller: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A poller, as far as claiming goes."""

    poller: uuid.UUID
    lease: timedelta = LEASE
    host_gap: timedelta = timedelta(seconds=2)


def claim_due(
    who: Claimant,
    *,
    now: datetime,
    due_by: datetime,
    limit: int,
    busy_hosts: Iterable[str] = (),
) -> list[Claim]:
    """Take up to ``limit`` feeds that were due at ``due_by``, longest waiting first.

    None is on one of ``busy_hosts``, nor on a host that another poller talks to or has just
    talked to, and no host gets more than FEEDS_PER_HOST.
    """
    lease = now + who.lease
    with transaction.atomic():
        chosen = _choose(_candidates(who, now, due_by, busy_hosts), limit)
        if not chosen:
            return []
        Feed.objects.filter(pk__in=chosen).update(claimed_until=lease, claimed_by=who.poller)
        feeds = Feed.objects.select_related("access", "hub").in_bulk(chosen)
    return [Claim(feed=feeds[pk], lease=lease, poller=who.poller) for pk in chosen]


def _candidates(
    who: Claimant, now: datetime, due_by: datetime, busy_hosts: Iterable[str]
) -> FeedQuerySet:
    take_turns(_CLAIMING)
    return (
        Feed.objects.due(now=due_by)
        .exclude(host__in=list(busy_hosts))
        .exclude(host__in=_hosts_of_others(who, now))
        # SQLite has no row locks; there the whole transaction holds the one write lock.
        .select_for_update(skip_locked=True)
    )


def take_turns(lock: int) -> None:
    """Let one poller claim at a time, or two could claim two pieces of work of one host.

    ``lock`` names what is claimed. On SQLite the transaction alone keeps others waiting.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def _hosts_of_others(who: Claimant, now: datetime) -> QuerySet[Feed, tuple[str]]:
    others = Feed.objects.exclude(claimed_by=who.poller)
    held = others.filter(claimed_until__gt=now)
    just_asked = others.filter(last_polled_at__gt=now - who.host_gap, last_polled_at__lte=now)
    return held.values_list("host").union(just_asked.values_list("host"))


def _choose(candidates: FeedQuerySet, limit: int) -> list[int]:
    seen: Counter[str] = Counter()
    chosen: list[int] = []
    for pk, host in candidates.values_list("pk", "host")[: limit * _LOOK_AHEAD]:
        seen[host] += 1
        if seen[host] <= FEEDS_PER_HOST and len(chosen) < limit:
            chosen.append(pk)
    return chosen


def renew(claim: Claim, *, now: datetime, lease: timedelta = LEASE) -> Claim:
    """Prolong a claim that has waited long; raises LeaseLostError."""
    until = now + lease
    if not held(claim).update(claimed_until=until):
        raise LeaseLostError
    return replace(claim, lease=until)


def release(claims: Iterable[Claim]) -> None:
    """Give back what was not polled, so that the next poller need not wait for the leases."""
    for claim in claims:
        held(claim).update(claimed_until=None)


def held(claim: Claim) -> FeedQuerySet:
    """Return the claim's feed, if the claim still holds."""
    return Feed.objects.filter(pk=claim.feed.pk, claimed_until=claim.lease, claimed_by=claim.poller)


def lock(claim: Claim) -> Feed:
    """Hold a feed's row for the rest of the transaction; raises LeaseLostError.

    Loaded is what editors may have changed since it was claimed.
    """
    rows = held(claim).select_for_update().only(*_EDITED).order_by()
    for feed in rows:
        return feed
    raise LeaseLostError


def finish(claim: Claim, fields: dict[str, Any]) -> None:
    """Write a poll's outcome and end the claim; raises LeaseLostError."""
    if not held(claim).update(claimed_until=None, **fields):
        raise LeaseLostError


def finish_many(outcomes: Sequence[tuple[Claim, dict[str, Any]]]) -> None:
    """Do what ``finish`` does for many claims in one go; what is no longer held stays as it is.

    All outcomes must name the same fields.
    """
    rows = [
        (
            {"id": claim.feed.pk, "claimed_until": claim.lease, "claimed_by": claim.poller},
            {"claimed_until": None, **fields},
        )
        for claim, fields in outcomes
    ]
    if connection.in_atomic_block:
        update_many(Feed, rows)
    else:
        with transaction.atomic():
            update_many(Feed, rows)


def mend_times(*, now: datetime) -> int:
    """Bring back what a clock that ran ahead has put off beyond reason; return how many feeds."""
    latest = schedule.latest_next_poll(now=now)
    ahead = Feed.objects.filter(is_active=True, next_poll_at__gt=latest)
    held_too_long = Feed.objects.filter(claimed_until__gt=now + timedelta(days=1))
    return ahead.update(next_poll_at=now) + held_too_long.update(claimed_until=None)


def spread_backlog(*, now: datetime) -> int:
    """After a long stop, spread the overdue feeds over some time; return how many they are."""
    overdue = Feed.objects.filter(
        is_active=True, next_poll_at__lt=now - schedule.OVERDUE, last_polled_at__isnull=False
    )
    count = overdue.count()
    span = schedule.spread_of_backlog(count)
    if not span:
        return 0
    by_slot = overdue.annotate(slot=Mod("pk", Value(_SPREAD_SLOTS)))
    for slot in range(1, _SPREAD_SLOTS):
        by_slot.filter(slot=slot).update(next_poll_at=now + span * slot / _SPREAD_SLOTS)
    by_slot.filter(slot=0).update(next_poll_at=now)
    return count
