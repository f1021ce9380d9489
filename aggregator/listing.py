"""In which order picks stand in their collections: the pinned ones first, for as long as they are.

The rest stands by where editors moved it, or by when it was placed. The order is made anew at each
look: a pin that has run out stands in its usual place again, with nothing running.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache

from django.db.models import F

from aggregator.models import Pick
from blog.written import SOME_TIME, Written, some_keys

MOST_PINNED = 30
"""So many of a collection's pinned picks stand first; who pins more has a list of them."""

_BESIDES = {"story": F("headline__membership__story")}


def first_picks(counts: Mapping[int, int], *, now: datetime) -> list[Pick]:
    """Return the first picks of collections, by their keys, in order: one query for all of them.

    Each knows its ``story``.
    """
    if not counts:
        return []
    found: dict[int, list[Pick]] = {pk: [] for pk in counts}
    blanks = dict(zip(some_keys(len(counts)), counts, strict=True))
    for pick in _written(tuple(counts.values())).models({SOME_TIME: now, **blanks}):
        found[pick.collection_id].append(pick)
    return [pick for pk, picks in found.items() for pick in in_order(picks, now=now)[: counts[pk]]]


def in_order(picks: Iterable[Pick], *, now: datetime) -> list[Pick]:
    """Return picks of one collection in the order in which they stand in it."""
    return sorted(picks, key=lambda pick: pick.place_at(now))


@lru_cache(maxsize=256)
def _written(counts: tuple[int, ...]) -> Written[Pick]:
    """Return the statement that finds the pinned and the newest picks of collections, in no order.

    ``counts`` are how many of each.
    """
    public = Pick.objects.public(now=SOME_TIME)
    parts = [
        part
        for key, count in zip(some_keys(len(counts)), counts, strict=True)
        for of_one in [public.filter(collection=key)]
        for part in (of_one.pinned(now=SOME_TIME)[:MOST_PINNED], of_one[:count])
    ]
    # SQLite takes no LIMIT in the parts of a union, but does one level deeper.
    keys = [Pick.objects.order_by().filter(pk__in=part.values("pk")).values("pk") for part in parts]
    chosen = Pick.objects.order_by().filter(pk__in=keys[0].union(*keys[1:], all=True))
    return Written(chosen.for_lists().annotate(**_BESIDES))
