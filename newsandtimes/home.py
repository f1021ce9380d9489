"""What the front page is made of: the stream of posts, recent posts and collections."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from aggregator.models import Collection, Pick
from aggregator.sources import add_sources
from blog.beside import RECENT_COUNT
from blog.lists import STREAM, cut_list, load_authors
from blog.models import Post
from blog.paging import Page


@dataclass(frozen=True)
class Band:
    """A collection on the front page with the picks that stand there."""

    collection: Collection
    picks: Sequence[Pick]


@dataclass(frozen=True)
class FrontPage:
    """All that the front page shows. No post and no headline is in it twice."""

    page: Page[Post]
    recent: Sequence[Post]
    bands: Sequence[Band]


def front_page(*, number: int, per_page: int, now: datetime) -> FrontPage:
    """Return page ``number`` of the front page in five queries at any size; bands on page 1 only.

    Raises Http404 behind the last page.
    """
    page = cut_list(STREAM, number=number, per_page=per_page, now=now, look_ahead=RECENT_COUNT + 1)
    load_authors(page.rows, page.following[:RECENT_COUNT])
    return FrontPage(
        page=page,
        recent=page.following[:RECENT_COUNT],
        bands=front_bands(now=now) if number == 1 else [],
    )


def front_bands(*, now: datetime) -> list[Band]:
    """Return the collections that stand on the front page, in their order, in three queries.

    A headline that stands in two of them is shown in the first, and the second shows its next
    one instead; an empty one is left out.
    """
    collections = list(Collection.objects.filter(home_count__gt=0))
    picks = _front_picks(collections, now=now)
    bands: list[Band] = []
    shown: set[int] = set()
    for collection in collections:
        own = [p for p in picks if p.collection_id == collection.pk and p.headline_id not in shown]
        own = own[: collection.home_count]
        shown.update(pick.headline_id for pick in own)
        if own:
            bands.append(Band(collection=collection, picks=own))
    add_sources(pick for band in bands for pick in band.picks)
    return bands


def _front_picks(collections: Sequence[Collection], *, now: datetime) -> list[Pick]:
    """Return the first picks of each collection, in order, in one query for all of them.

    Each has as many more as the collections before it show, since those may be the same.
    """
    enough = accumulate(collection.home_count for collection in collections)
    firsts = [
        Pick.objects.public(now=now).filter(collection=collection)[:count]
        for collection, count in zip(collections, enough, strict=True)
    ]
    if len(firsts) < 2:
        return [pick for first in firsts for pick in first.for_lists()]
    # SQLite takes no LIMIT in the parts of a union, but does one level deeper.
    parts = [
        Pick.objects.filter(pk__in=first.values("pk")).for_lists().order_by() for first in firsts
    ]
    # A union comes back in no order; this is that of PickQuerySet.public().
    return sorted(
        parts[0].union(*parts[1:], all=True),
        key=lambda pick: (not pick.is_pinned, pick.position, -pick.placed_at.timestamp(), -pick.pk),
    )
