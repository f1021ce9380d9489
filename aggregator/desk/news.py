"""What has happened at the Desk since a page was shown: others' decisions, new rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.desk import bulk, listing, rows
from aggregator.desk.bulk import Progress
from aggregator.desk.filters import Filters
from aggregator.desk.listing import Cursor
from aggregator.desk.rows import Row
from aggregator.models import Decision
from blog.models import User

MOST = 100
"""Of more decisions than these the newest are told."""


@dataclass(frozen=True, slots=True)
class News:
    """All of it. ``rows`` are those on which was decided, as they are now, by their headlines."""

    last: int
    decisions: Sequence[Decision]
    rows: dict[int, Row]
    left: str
    new: int
    going_on: Sequence[Progress]


def since(last: int, top: Cursor | None, filters: Filters, *, now: datetime, user: User) -> News:
    """Return what was decided after ``last``, and how many rows stand above ``top`` by now."""
    told = Decision.objects.filter(pk__gt=last).select_related("by", "undoes").defer("before")
    decisions = list(told.order_by("-pk")[:MOST])[::-1]
    keys = {one.headline_id for one in decisions if one.headline_id}
    return News(
        last=decisions[-1].pk if decisions else last,
        decisions=decisions,
        rows=rows.some(keys, filters, now=now, user=user) if keys else {},
        left=listing.left_in_words(listing.left(filters, now=now)),
        new=listing.new_since(filters, top, now=now) if top else 0,
        going_on=bulk.going_on(),
    )
