"""Who else brought an article, and which other outlets tell of the same event."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, F, QuerySet, Value

from aggregator.models import Headline, Pick, StoryMember

MOST_OUTLETS = 4
"""So many outlets are named beside a headline; its story may have hundreds."""


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
    headlines of the same story, each with the address of its first.
    """
    picks = list(picks)
    if not picks:
        return
    found = defaultdict(list)
    for row in sorted(map(_Told._make, _told(picks)), key=lambda row: (row.seen_at, row.pk)):
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
        pick.also_at = list(outlets.items())[:MOST_OUTLETS]


def _told(picks: Iterable[Pick]) -> QuerySet[Any, Any]:
    """Return the columns of _Told, of headlines that a reader may see."""
    headlines = [pick.headline for pick in picks]
    articles = {one.article_key for one in headlines} - {""}
    same_article = (
        Headline.objects.public()
        .filter(article_key__in=articles)
        .order_by()
        .values_list("article_key", Value(0, BigIntegerField()), *_COLUMNS)
    )
    other = "story__members__headline__"
    same_story = (
        StoryMember.objects.filter(
            headline__in=[one.pk for one in headlines], **{f"{other}is_hidden": False}
        )
        .order_by()
        .values_list(Value(""), "headline_id", *(F(f"{other}{name}") for name in _COLUMNS))
    )
    return same_article.union(same_story, all=True).order_by() if articles else same_story


_COLUMNS = ("first_seen_at", "pk", "feed_id", "feed__title", "feed__host", "outlet", "url")
