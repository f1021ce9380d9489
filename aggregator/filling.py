"""What comes into a collection: picks of editors, feeds, rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.models import Collection, Feed, Pick, Rule

MOST_COUNTED = 1_000
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Filling:
    """Counts go up to MOST_COUNTED and no farther; of feeds the first are named."""

    by_editors: int
    by_themselves: int
    feeds: Sequence[Feed]
    more_feeds: int
    rules: Sequence[Rule]


def filling_of(collection: Collection, *, now: datetime) -> Filling:
    """Return what fills a collection: five queries."""
    standing = Pick.objects.standing(now=now).filter(collection=collection).order_by()
    feeds = Feed.objects.filter(collection=collection)
    named = list(feeds.order_by("title", "pk")[:MOST_NAMED])
    return Filling(
        by_editors=standing.filter(picked_by__isnull=False)[:MOST_COUNTED].count(),
        by_themselves=standing.filter(picked_by__isnull=True)[:MOST_COUNTED].count(),
        feeds=named,
        more_feeds=feeds.count() - len(named),
        rules=list(collection.rules.all()),
    )
