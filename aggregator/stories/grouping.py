"""Groups new headlines into stories: batch by batch, by one process at a time, where it stopped.

A batch is one transaction, with how far it came. Killed at any instant, the next round does it
anew. What an editor has put together or taken apart stays so: headlines that are in a story are
never moved, and stories on which somebody decided never become one with another.
"""

import logging
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from aggregator.models import GroupingState, Headline, Signature
from aggregator.stories import index, leading, placing
from aggregator.stories.likeness import WINDOW, Item, weights
from aggregator.stories.words import marks_of
from blog import changes
from blog.written import SOME_TIME, Written

logger = logging.getLogger(__name__)

BATCH = 200
LEASE = timedelta(minutes=2)
"""For so long others wait where a process has died; must be longer than any batch."""
LATE = timedelta(minutes=15)
"""A headline may be stored so long after the time at which it was first seen."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How many headlines were looked at, and how many have found a story."""

    done: int
    placed: int


def group(*, budget_s: float | None = None) -> int:
    """Group what is new; return how many headlines were looked at.

    Returns at once where another process is at it, and after about ``budget_s`` seconds.
    """
    return sum(batch.done for batch in batches(budget_s=budget_s))


def batches(*, budget_s: float | None = None) -> Iterator[Batch]:
    """Do the same, batch by batch."""
    me = uuid.uuid4()
    end = time.monotonic() + budget_s if budget_s is not None else None
    try:
        while _hold(me) and (batch := _next_batch(me)):
            yield batch
            if batch.done < BATCH:  # and these were the last
                break
            if end is not None and time.monotonic() > end:
                return
        if _hold(me):
            index.prune(before=timezone.now() - WINDOW)
            for _ in leading.follow_list(now=timezone.now()):
                if not _hold(me):
                    return
    finally:
        GroupingState.objects.filter(busy_with=me).update(busy_until=None, busy_with=None)


def _hold(me: uuid.UUID) -> bool:
    """Take or keep the right to group."""
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lte=now) | Q(busy_with=me)
    mine = {"busy_until": now + LEASE, "busy_with": me}
    if GroupingState.objects.filter(free, pk=1).update(**mine):
        return True
    GroupingState.objects.bulk_create(
        [GroupingState(pk=1, reached_at=now - WINDOW)], ignore_conflicts=True
    )
    return bool(GroupingState.objects.filter(free, pk=1).update(**mine))


@transaction.atomic
def _next_batch(me: uuid.UUID) -> Batch | None:
    # An editor who decides on a story waits, or is waited for.
    state = GroupingState.objects.select_for_update().filter(pk=1, busy_with=me).first()
    if state is None or state.reached_at is None:
        return None
    rows = _waiting(state.reached_at)
    if not rows:
        return None
    with changes.unnoticed():  # no page is made anew for each round
        placed = _group(rows)
    reached = max(row.first_seen_at for row in rows)
    if reached > state.reached_at:
        GroupingState.objects.filter(pk=1).update(reached_at=reached)
    return Batch(done=len(rows), placed=placed)


class _Waiting(NamedTuple):
    """A headline that is to be looked at."""

    pk: int
    title: str
    outlet: str
    language: str
    article_key: str
    published_at: datetime
    first_seen_at: datetime
    is_known: bool
    """Whether it is in the index, with the title that it had."""


_COLUMNS = _Waiting._fields[:-1]


def _waiting(reached_at: datetime) -> Sequence[_Waiting]:
    """Return the next headlines as they are to be placed.

    First those with another title, which may have a story, then those not yet looked at.
    """
    stale = [_Waiting._make((*row, True)) for row in _stale(BATCH).values({})]
    rows = _fresh(BATCH).values({SOME_TIME: reached_at - LATE})[: BATCH - len(stale)]
    fresh = [_Waiting._make((*row, False)) for row in rows]
    return [*stale, *sorted(fresh, key=lambda row: (row.published_at, row.pk))]


@cache
def _stale(most: int) -> Written[Headline]:
    stale = Signature.objects.filter(is_stale=True).values("pk")[:most]
    rows = Headline.objects.public().filter(pk__in=stale).order_by("pk")
    return Written(rows.values_list(*_COLUMNS))


@cache
def _fresh(most: int) -> Written[Headline]:
    unseen = ~Exists(Signature.objects.filter(headline=OuterRef("pk")))
    rows = Headline.objects.public().filter(unseen, first_seen_at__gte=SOME_TIME)
    return Written(rows.order_by("first_seen_at", "pk").values_list(*_COLUMNS)[:most])


def _group(rows: Sequence[_Waiting]) -> int:
    """Put headlines into the index and into stories; return how many have found one."""
    items = [_item(row) for row in rows]
    counts, total = index.frequencies(items), Signature.objects.count()
    items = [_weighed(item, counts, total=total) for item in items]
    seen_at = {row.pk: row.first_seen_at for row in rows}
    current = [item for item in items if item.at >= seen_at[item.pk] - WINDOW]
    if known := [row.pk for row in rows if row.is_known]:
        index.forget(known)
    index.put(items, seen_at, found_by={item.pk for item in current})
    return placing.place(current, index.candidates(current, counts), now=timezone.now())


def _item(row: _Waiting) -> Item:
    return Item(
        pk=row.pk,
        marks=marks_of(row.title, outlet=row.outlet, language=row.language),
        at=row.published_at,
        article_key=row.article_key,
        outlet=row.outlet,
        title=row.title,
    )


def _weighed(item: Item, counts: Mapping[str, int], *, total: int) -> Item:
    keys = index.keys_of(item)
    return replace(item, weights=weights({key: counts[key] for key in keys}, total=total))
