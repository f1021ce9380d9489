"""Brings the index up to date: batch by batch, by one process at a time, from where it stopped.

What is to be done stands in Pending. A batch is put into the index and struck from the list; a
process that dies in between does the batch again, which changes nothing.
"""

import logging
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from blog.models import SiteSettings
from newsandtimes.search import triggers
from newsandtimes.search.engine import engine, identity
from newsandtimes.search.models import Builder, Kind, Pending

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""For so long others wait where a process has died; must be longer than any batch."""
BATCH = {Kind.POST: 500, Kind.PAGE: 100, Kind.HEADLINE: 4_000}


@dataclass(frozen=True, slots=True)
class Step:
    """One batch: what was done, and what is left."""

    kind: Kind
    done: int


def prepare() -> None:
    """Make what the index needs, after each migration; a new or other index is to be filled."""
    triggers.prepare()
    fresh = [kind for kind in Kind if engine().get_index_for_model(kind.model).prepare()]
    builder, _ = Builder.objects.get_or_create(pk=1)
    if builder.built != identity():
        fresh = list(Kind)
        Builder.objects.filter(pk=1).update(built=identity())
    for kind in fresh:
        enqueue_all(kind)


def rebuild() -> None:
    """Have everything put into the index anew; what it says of rows that are gone is dropped."""
    for kind in Kind:
        engine().get_index_for_model(kind.model).forget_lost()
        enqueue_all(kind)


def enqueue_all(kind: Kind) -> None:
    """Have all rows of a kind put into the index anew, in one statement; the newest first."""
    rows = kind.model._meta.db_table
    pending = Pending._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        Pending.objects.filter(kind=kind).delete()
        cursor.execute(
            f"INSERT INTO {pending} (kind, object_id) "  # noqa: S608  names of ours
            f"SELECT %s, id FROM {rows} ORDER BY id DESC",
            [kind.value],
        )


def update(*, budget_s: float | None = None) -> int:
    """Put what waits into the index; return how many rows were done.

    Returns at once where another process is at it, and after about ``budget_s`` seconds.
    """
    return sum(step.done for step in steps(budget_s=budget_s))


def update_one(kind: Kind, key: int) -> bool:
    """Put one row into the index, before all that waits; False where another process is at it.

    Then it has its turn there.
    """
    me = uuid.uuid4()
    if not _hold(me):
        return False
    try:
        # Read first: what is written meanwhile is noted anew.
        notes = list(Pending.objects.filter(kind=kind, object_id=key).values_list("id", flat=True))
        _put(kind, {key})
        Pending.objects.filter(pk__in=notes).delete()
    finally:
        _release(me)
    return True


def steps(*, budget_s: float | None = None) -> Iterator[Step]:
    """Do the same, batch by batch."""
    me = uuid.uuid4()
    end = time.monotonic() + budget_s if budget_s is not None else None
    try:
        # Before each batch anew: what was published meanwhile comes before a million headlines.
        while _hold(me) and (step := _next_batch()):
            yield step
            if end is not None and time.monotonic() > end:
                return
    finally:
        _release(me)


def is_busy() -> bool:
    """Whether another process writes the index at present."""
    return Builder.objects.filter(busy_until__gt=timezone.now()).exists()


def left() -> dict[Kind, int]:
    """Return how many rows of each kind wait."""
    return {kind: Pending.objects.filter(kind=kind).count() for kind in Kind}


def _hold(me: uuid.UUID) -> bool:
    """Take or keep the right to write the index."""
    now = timezone.now()
    free = Q(busy_until=None) | Q(busy_until__lte=now) | Q(busy_with=me)
    held = Builder.objects.filter(free, pk=1).update(busy_until=now + LEASE, busy_with=me)
    return held == 1


def _release(me: uuid.UUID) -> None:
    Builder.objects.filter(busy_with=me).update(busy_until=None, busy_with=None)


def _next_batch() -> Step | None:
    for kind in Kind:
        waiting = list(
            Pending.objects.filter(kind=kind)
            .order_by("id")
            .values_list("id", "object_id")[: BATCH[kind]]
        )
        if waiting:
            _put(kind, {object_id for _, object_id in waiting})
            Pending.objects.filter(pk__in=[pk for pk, _ in waiting]).delete()
            return Step(kind, len(waiting))
    return None


def _put(kind: Kind, keys: set[int]) -> None:
    """Make the index say of these rows what they say now."""
    index = engine().get_index_for_model(kind.model)
    with timezone.override(SiteSettings.load().time_zone):
        rows = list(kind.model.get_indexed_objects().filter(pk__in=keys))
        with transaction.atomic():
            index.add_items(kind.model, rows)
            index.delete_keys(sorted(keys - {row.pk for row in rows}))
