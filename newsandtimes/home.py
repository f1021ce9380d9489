"""What the front page is made of: its blocks with their posts and headlines."""

from collections.abc import Collection as Keys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate, islice

from django.db import connection

from aggregator.listing import first_picks
from aggregator.models import Collection, Pick
from aggregator.sources import add_sources
from blog.beside import RECENT_COUNT
from blog.lists import STREAM, cut_list, load_authors
from blog.models import ListKind, Post
from blog.models import Place as BlogPlace
from blog.paging import Page
from blog.written import SOME_TIME, Written, some_keys
from newsandtimes.coverage import key_of
from newsandtimes.front import Kind, Place, front_blocks, place_of, placed
from newsandtimes.models import FrontBlock

MOST_PINNED = 5


@dataclass(frozen=True)
class Band:
    """A collection on the front page with the picks that stand there."""

    collection: Collection
    picks: Sequence[Pick]


@dataclass(frozen=True)
class Shown:
    """A block as it is shown: its kind, and its band if it is a collection."""

    kind: str
    band: Band | None = None


@dataclass(frozen=True)
class FrontPage:
    """All that the front page shows. No post, no article and no story is in it twice."""

    page: Page[Post]
    recent: Sequence[Post]
    top: Sequence[Shown]
    main: Sequence[Shown]
    side: Sequence[Shown]


def front_page(*, number: int, per_page: int, now: datetime) -> FrontPage:
    """Return page ``number`` of the front page in six queries at any size; bands on page 1 only.

    Raises Http404 behind the last page.
    """
    blocks = front_blocks()
    if number == 1:
        page = _first_page(per_page=per_page, now=now)
    else:
        page = cut_list(STREAM, number=number, per_page=per_page, now=now, look_ahead=_AHEAD)
        blocks = [block for block in blocks if block.kind != Kind.COLLECTION]
    if number == 1 and Kind.STREAM not in {block.kind for block in blocks}:
        page = Page(rows=[], number=1, following=[*page.rows, *page.following])
    recent = page.following[:RECENT_COUNT]
    load_authors(page.rows, recent)
    articles = {key_of(post.source_url) for post in [*page.rows, *recent] if post.source_url}
    places = placed(_shown(blocks, articles, now=now))
    return FrontPage(page, recent, *(places[one] for one in (Place.TOP, Place.MAIN, Place.SIDE)))


_AHEAD = RECENT_COUNT + 1


def _first_page(*, per_page: int, now: datetime) -> Page[Post]:
    """Return the first page of the stream, pinned posts before all others: two queries.

    It holds the posts that are first by their dates, so that page 2 goes on behind them, and
    besides those the pinned ones that are older.
    """
    keys = _keys_of_first_page(count=per_page + _AHEAD, now=now)
    blanks = dict(zip(some_keys(len(keys)), keys, strict=True))
    found = _written(len(keys)).models({SOME_TIME: now, **blanks}) if keys else []
    first = [post for post in found if post.is_pinned_at(now)][:MOST_PINNED]
    by_date = found[: per_page + _AHEAD]
    rows = [post for post in by_date[:per_page] if post not in first]
    following = [post for post in by_date[per_page:] if post not in first]
    return Page(rows=[*first, *rows], number=1, following=following)


@lru_cache(maxsize=256)
def _written(count: int) -> Written[Post]:
    """Return the statement for so many posts with what their cards show, but their authors."""
    return Written(Post.objects.published_among(some_keys(count), now=SOME_TIME).for_lists())


def _keys_of_first_page(*, count: int, now: datetime) -> list[int]:
    """Return the keys of the newest posts and of the pinned ones, not all of which are public."""
    at = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_KEYS, [ListKind.STREAM, at, count, at])
        return [key for (key,) in cursor.fetchall()]


# Every uncached visit asks for these: Django would take a tenth of the page's time to write it.
_KEYS = f"""
SELECT id FROM (
    SELECT post_id AS id FROM "{BlogPlace._meta.db_table}"
    WHERE kind = %s AND list_id = 0 AND published_at <= %s
    ORDER BY published_at DESC, post_id DESC LIMIT %s
) AS newest
UNION
SELECT id FROM (
    SELECT id FROM "{Post._meta.db_table}" WHERE pinned_until > %s
    ORDER BY published_at DESC, id DESC LIMIT {10 * MOST_PINNED}
) AS pinned
"""  # noqa: S608  constants


def _shown(
    blocks: Sequence[FrontBlock], articles: Keys[str], *, now: datetime
) -> Iterator[tuple[str, Shown]]:
    bands = {band.collection: band for band in front_bands(blocks, besides=articles, now=now)}
    for block in blocks:
        if block.kind != Kind.COLLECTION:
            yield place_of(block), Shown(block.kind)
        elif block.collection in bands:
            yield place_of(block), Shown(block.kind, bands[block.collection])


def front_bands(
    blocks: Sequence[FrontBlock] | None = None, *, besides: Keys[str] = (), now: datetime
) -> list[Band]:
    """Return the collections among some blocks, all of the front page's if none are given.

    Two queries. A story is shown once: where one of its headlines stands already, or an article of
    it beside the bands (``besides`` are keys of articles), a collection shows its next pick
    instead. A collection of which nothing is left is left out.
    """
    blocks = front_blocks() if blocks is None else blocks
    collections = [block.collection for block in blocks if block.collection]
    if not collections:
        return []
    before = accumulate((one.home_count for one in collections), initial=len(besides))
    # Each has as many more as are shown before it and as it shows itself: they may be the same.
    counts = {
        one.pk: others + 2 * one.home_count
        for one, others in zip(collections, before, strict=False)
    }
    picks = first_picks(counts, now=now)
    shown: set[object] = {article for article in besides if article}
    for pick in picks:
        if pick.headline.article_key in shown:
            shown |= _marks(pick)
    bands: list[Band] = []
    for collection in collections:
        own = _not_shown((one for one in picks if one.collection_id == collection.pk), shown)
        if first := [*islice(own, collection.home_count)]:
            bands.append(Band(collection=collection, picks=first))
    add_sources(pick for band in bands for pick in band.picks)
    return bands


def _not_shown(picks: Iterable[Pick], shown: set[object]) -> Iterator[Pick]:
    """Yield those picks of which nothing is shown yet, and note in ``shown`` that now it is."""
    for pick in picks:
        marks = _marks(pick)
        if shown.isdisjoint(marks):
            shown |= marks
            yield pick


def _marks(pick: Pick) -> set[object]:
    """Return what another pick of the same article or story has as well."""
    marks = (pick.headline_id, pick.headline.article_key, pick.story and ("story", pick.story))
    return {mark for mark in marks if mark}
