"""Who else brought an article, and which other outlets tell of the same event."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateTimeField, F, Value

from aggregator.models import Headline, Pick, PreferredOutlet, StoryMember
from aggregator.stories.keeping import rank_of
from blog.among import Among
from blog.written import MANY_KEYS, MANY_WORDS, Written

MOST_OUTLETS = 4
"""So many outlets are named beside a headline; its story may have hundreds."""


_PREFERRED = -1
"""Stands in the place of a picked headline where a row is none, but a preferred outlet."""


class _Told(NamedTuple):
    """A headline that stands in for nothing but itself: whose it is, and where it leads."""

    article_key: str
    """Set where it was found by its article."""
    beside: int
    """The picked headline whose story it is of, where it was found by that."""
    seen_at: Any
    pk: int
    feed: int
    title: str
    host: str
    outlet: str
    url: str


def add_sources(picks: Iterable[Pick]) -> None:
    """Fill in ``also_in`` and ``also_at`` of each pick, in one query for all.

    The one are the names of other feeds with the same article, the other are other outlets with
    headlines of the same story, each with the address of its first: the preferred outlets in their
    order, then whoever told of it first.
    """
    picks = list(picks)
    if not picks:
        return
    rows = _told(picks)
    preferred = [row for row in rows if row.beside == _PREFERRED]
    names = [row.outlet for row in sorted(preferred, key=lambda row: (row.feed, row.pk))]
    told = (row for row in rows if row.beside != _PREFERRED)
    found = defaultdict(list)
    for row in sorted(told, key=lambda row: (row.seen_at, row.pk)):
        found[row.article_key or row.beside].append(row)
    for pick in picks:
        own = pick.headline
        feeds = {row.feed: row.title or row.host for row in found[own.article_key]}
        # What editors share has no name for readers.
        pick.also_in = [name for feed, name in feeds.items() if name and feed != own.feed_id]
        outlets: dict[str, str] = {}
        for row in found[own.pk]:
            if row.url and row.outlet and row.outlet != own.outlet:
                outlets.setdefault(row.outlet, row.url)
        ranked = sorted(outlets.items(), key=lambda pair: rank_of(pair[0], names))
        pick.also_at = ranked[:MOST_OUTLETS]


def _told(picks: Iterable[Pick]) -> list[_Told]:
    """Return what is known of some picks' headlines, and the preferred outlets: one query."""
    headlines = [pick.headline for pick in picks]
    keys = {one.pk for one in headlines}
    articles = {one.article_key for one in headlines} - {""}
    rows = _written().rows({MANY_KEYS: keys, MANY_WORDS: articles})
    return [_Told._make(row) for row in rows]


@cache
def _written() -> Written[StoryMember]:
    """Return the statement for the columns of _Told, of headlines that a reader may see."""
    same_article = (
        Headline.objects.public()
        .filter(Among("article_key", MANY_WORDS))
        .order_by()
        .values_list("article_key", Value(0, BigIntegerField()), *_COLUMNS)
    )
    other = "story__members__headline__"
    same_story = (
        StoryMember.objects.filter(Among("headline", MANY_KEYS), **{f"{other}is_hidden": False})
        .order_by()
        .values_list(Value(""), "headline_id", *(F(f"{other}{name}") for name in _COLUMNS))
    )
    # Small enough to come along: so it needs no query of its own on each page.
    preferred = PreferredOutlet.objects.order_by().values_list(
        Value(""),
        Value(_PREFERRED, BigIntegerField()),
        Value(None, DateTimeField()),
        *("pk", "position", Value(""), Value(""), "outlet", Value("")),
    )
    return Written(same_story.union(same_article, preferred, all=True).order_by())


_COLUMNS = ("first_seen_at", "pk", "feed_id", "feed__title", "feed__host", "outlet", "url")
