"""Composes a page of what was found: posts, pages and headlines in one order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils.safestring import SafeString

from aggregator.models import Headline, Pick
from blog.models import Page, Post
from blog.text import plain_text
from newsandtimes.search.backends import Hit
from newsandtimes.search.documents import text_of
from newsandtimes.search.engine import engine
from newsandtimes.search.highlights import marked, passage
from newsandtimes.search.models import HeadlineDocument, Kind, PageDocument, PostDocument
from newsandtimes.search.query import Query

PER_PAGE = 20
LAST_PAGE = 20
"""Behind it lies what nobody looks through: other words find it."""

_PLACE, _OURS = 2.0, 0.3
_MONTH = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Found:
    """One result."""

    kind: Kind
    row: Post | Page | Headline
    title: SafeString
    passage: SafeString
    title_language: str
    passage_language: str
    link: str
    """Where its title leads; "" for nowhere."""
    is_archived: bool = False
    """Whether that is a copy of the article, in the place of a dead link."""


@dataclass(frozen=True, slots=True)
class Results:
    """One page of results."""

    rows: Sequence[Found]
    number: int
    count: int | None
    """Of all pages together, where this is the last one."""
    has_more: bool

    @property
    def newer(self) -> int | None:
        """The number of the page before this one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        """The number of the page after this one."""
        return self.number + 1 if self.has_more and self.number < LAST_PAGE else None


NOTHING = Results([], number=1, count=0, has_more=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the reader asks for beside the words."""

    kinds: Sequence[Kind] = tuple(Kind)
    marks: Sequence[str] = ()
    is_newest_first: bool = False
    number: int = 1


def find(query: Query, wanted: Wanted, *, now: datetime) -> Results:
    """Return a page of what readers may see: a query for all kinds and one for each that is on it.

    Whether they may is asked of the rows themselves, whatever the index says.
    """
    if not query.wanted:
        return NOTHING
    by_kind = engine().find(
        query.tree(*wanted.marks),
        [_visible(kind, now=now) for kind in wanted.kinds],
        by_relevance=not wanted.is_newest_first,
        # Each list is in the order of time, and so of the score: no more of it can be on the page.
        most=wanted.number * PER_PAGE + 1,
    )
    hits = list(
        chain.from_iterable(
            ((kind, hit) for hit in found)
            for kind, found in zip(wanted.kinds, by_kind, strict=True)
        )
    )
    hits.sort(key=lambda found: (found[1].at, found[1].pk), reverse=True)
    if not wanted.is_newest_first:
        hits.sort(key=lambda found: -_score(*found, now=now))
    return _page(hits, query, wanted.number, now=now)


def _visible(kind: Kind, *, now: datetime) -> QuerySet[Any]:
    match kind:
        case Kind.POST:
            return PostDocument.objects.published(now=now)
        case Kind.PAGE:
            return PageDocument.objects.published()
        case Kind.HEADLINE:
            return HeadlineDocument.objects.public()


def _score(kind: Kind, hit: Hit, *, now: datetime) -> float:
    """Return what puts a hit before others: where the words stand, how new it is, whose it is."""
    age = max(now - hit.at, timedelta(0))
    return _PLACE * hit.worth + 1 / (1 + age / _MONTH) + (_OURS if kind != Kind.HEADLINE else 0)


def _page(hits: list[tuple[Kind, Hit]], query: Query, number: int, *, now: datetime) -> Results:
    before, behind = (number - 1) * PER_PAGE, number * PER_PAGE
    here, has_more = hits[before:behind], len(hits) > behind
    rows = {
        kind: _load(kind, [hit.pk for found, hit in here if found == kind], now=now)
        for kind in {kind for kind, _ in here}
    }
    found = [_found(kind, rows[kind][hit.pk], query) for kind, hit in here if hit.pk in rows[kind]]
    return Results(found, number, count=None if has_more else len(hits), has_more=has_more)


def _load(kind: Kind, keys: list[int], *, now: datetime) -> dict[int, Any]:
    """Return the rows that readers may see.

    Each is asked by its key: with the condition beside the keys, SQLite would walk all dates.
    """
    may_be_seen = _visible(kind, now=now).order_by().filter(pk=OuterRef("pk"))
    rows = kind.model._default_manager.filter(Exists(may_be_seen))
    if kind == Kind.POST:
        rows = rows.select_related("category")
    if kind == Kind.HEADLINE:
        picks = Pick.objects.public(now=now)
        rows = rows.prefetch_related(Prefetch("picks", picks, to_attr="standing_picks"))
    found: dict[int, Any] = rows.in_bulk(keys)
    return found


def _found(kind: Kind, row: Any, query: Query) -> Found:
    if kind == Kind.HEADLINE:
        return _found_headline(row, query)
    match kind:
        case Kind.POST:
            text = f"{plain_text(row.standfirst)} {text_of(row.body)}".strip()
        case Kind.PAGE:
            text = text_of(row.body)
    return Found(
        kind,
        row,
        marked(row.title, query.stems),
        passage(text, query.stems, otherwise=row.summary),
        title_language=row.language,
        passage_language=row.language,
        link=row.get_absolute_url(),
    )


def _found_headline(row: Any, query: Query) -> Found:
    """Return a headline in our words, where it stands with such in front of readers."""
    pick = next((one for one in row.standing_picks if has_own_words(one)), Pick(headline=row))
    archived = next((one for one in row.standing_picks if one.archived_url), None)
    texts = [pick.translated_title, pick.shown_summary, pick.note]
    return Found(
        Kind.HEADLINE,
        row,
        marked(pick.shown_title, query.stems),
        passage(" ".join(filter(None, texts)), query.stems),
        title_language=pick.title_tongue,
        passage_language=pick.summary_tongue,
        link=(archived or pick).link,
        is_archived=archived is not None,
    )


def has_own_words(pick: Pick) -> bool:
    """Whether editors have said anything in a pick."""
    return bool(pick.title or pick.translated_title or pick.excerpt or pick.note)
