"""The pages of a collection, each of which costs the same in a collection of any length.

Those near the top are found by their numbers. A page farther down names the place behind which it
begins, so that nothing above it is walked past; its number only says how far down it is. What comes
in at the top does not move such a page.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.http import Http404
from django.urls import register_converter

from aggregator.listing import MOST_PINNED, first_picks
from aggregator.models import Collection, Pick, PickQuerySet
from blog.paging import Page

NEAR = 500
"""So many picks are walked past, at most, on the way to where a link leads."""
MOST_NUMBERED = 50
"""Pages that once had an address by their numbers alone still have it."""
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pick stands, or stood, among those of its collection that are not pinned."""

    at: datetime
    pk: int

    @classmethod
    def of(cls, pick: Pick) -> Self:
        """Return the place of a pick."""
        return cls(pick.stands_at, pick.pk)

    def __str__(self) -> str:
        return f"{(self.at - _START) // datetime.resolution}-{self.pk}"


class PlaceConverter:
    """The path converter of ``/before/<place>/``: microseconds since 1970, and a key."""

    regex = "-?[0-9]{1,16}-[0-9]{1,18}"

    def to_python(self, value: str) -> Place:
        """Return the place."""
        at, _, pk = value.rpartition("-")
        return Place(_START + timedelta(microseconds=int(at)), int(pk))

    def to_url(self, value: Place) -> str:
        """Return its text."""
        return str(value)


register_converter(PlaceConverter, "place")


def page_of(
    collection: Collection, *, number: int, before: Place | None = None, now: datetime
) -> Page[Pick]:
    """Return page ``number`` (from 1) of what readers see: one query for the first, else two.

    With ``before`` it is the page below that place. Raises Http404 behind the last page, and for
    a number that stands with a place but needs none, or needs one; the first may be empty.
    """
    count = collection.page_count
    if before:
        page = _page_below(collection, before, number=number, now=now)
    elif number == 1:
        first = first_picks({collection.pk: count + 1}, now=now)
        page = Page(rows=first[:count], number=1, following=first[count:])
    else:
        page = _page_by_number(collection, number=number, now=now)
    if not page.rows and number > 1:
        raise Http404(f"There is no page {number}.")
    return page


def _page_by_number(collection: Collection, *, number: int, now: datetime) -> Page[Pick]:
    """Return a page, all picks above which are walked past."""
    if number > MOST_NUMBERED:
        raise Http404(f"Page {number} is found by its place.")
    picks = Pick.objects.public(now=now).filter(collection=collection).for_lists()
    pinned = list(picks.pinned(now=now)[:MOST_PINNED])
    count = collection.page_count
    start = (number - 1) * count
    found = pinned[start : start + count + 1]
    behind = max(0, start - len(pinned))
    missing = count + 1 - len(found)
    if missing:
        found += picks.exclude(pk__in=[pick.pk for pick in pinned])[behind : behind + missing]
    return _cut(found, collection, number=number)


def _page_below(collection: Collection, before: Place, *, number: int, now: datetime) -> Page[Pick]:
    """Return the page below a place."""
    if _is_near(collection, number):
        raise Http404(f"Page {number} is found by its number.")
    picks = _not_pinned(collection, now=now)
    found = list(picks.below(before.at, before.pk).for_lists()[: collection.page_count + 1])
    if _is_near(collection, number - 1):
        return _cut(found, collection, number=number)
    newer = _newer(collection, before, now=now)
    # Where less than a page stands above it by now, it is the second, whatever it was.
    return _cut(found, collection, number=number if newer else 2, newer=newer)


def _newer(collection: Collection, before: Place, *, now: datetime) -> Place | None:
    """Return the place behind which the page begins that ends at ``before``, if there is one."""
    picks = _not_pinned(collection, now=now).from_up(before.at, before.pk)
    above = picks.only("ranked_at", "placed_at")[collection.page_count : collection.page_count + 1]
    return next((Place.of(pick) for pick in above), None)


def _not_pinned(collection: Collection, *, now: datetime) -> PickQuerySet:
    picks = Pick.objects.public(now=now).filter(collection=collection)
    return picks.exclude(pk__in=picks.pinned(now=now).values("pk")[:MOST_PINNED])


def _cut(
    found: list[Pick], collection: Collection, *, number: int, newer: Place | None = None
) -> Page[Pick]:
    count = collection.page_count
    is_far = found and not _is_near(collection, number + 1)
    return Page(
        rows=found[:count],
        number=number,
        following=found[count:],
        newer_place=str(newer or ""),
        older_place=str(Place.of(found[:count][-1])) if is_far else "",
    )


def _is_near(collection: Collection, number: int) -> bool:
    return (number - 1) * collection.page_count <= NEAR
