"""Finds what stands on the Desk: one headline for each story, by cursors and never by numbers.

The newest headline of a story that fits the filters stands for it; a headline without a story
stands for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aggregator.desk.filters import NEWEST, WEIGHT, Filters
from aggregator.models import Headline, Story

PAGE = 30
"""So many rows fill a window more than twice."""
COUNTED = 1_000
"""What is left is counted so far and no farther."""
WEIGHED = timedelta(hours=72)
"""Stories that somebody told of since then go first by weight."""
HEAVY = 2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind which row the list goes on. ``count`` is that of a story in the order by weight."""

    at: datetime
    pk: int
    count: int = 0

    def __str__(self) -> str:
        place = f"{(self.at - _EPOCH) // _MOMENT}.{self.pk}"
        return f"{place}.{self.count}" if self.count else place

    @classmethod
    def of(cls, text: str) -> "Cursor | None":
        """Read a cursor; None for what is none."""
        parts = text.split(".")
        if not 2 <= len(parts) <= 3 or not all(p.isascii() and p.isdecimal() for p in parts):
            return None
        if any(len(part) > 18 for part in parts):
            return None
        try:
            return cls(_EPOCH + int(parts[0]) * _MOMENT, *map(int, parts[1:]))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Screen:
    """Some rows of the list, the cursor behind the last if there are more, what is left of all."""

    headlines: Sequence[Headline]
    after: Cursor | None = None
    left: int = 0


def cursor_of(headline: Headline, filters: Filters, *, now: datetime) -> Cursor:
    """Return the cursor of a row, by its story where that is what puts it in its place."""
    story = story_of(headline)
    if filters.order == WEIGHT and story is not None and _is_heavy(story, now):
        return Cursor(story.last_seen_at, story.pk, story.count)
    return Cursor(headline.published_at, headline.pk)


def story_of(headline: Headline) -> Story | None:
    """Return the story of a headline that was loaded with it."""
    member = getattr(headline, "membership", None)
    return member.story if member is not None else None


def screen(
    filters: Filters, *, now: datetime, after: Cursor | None = None, counts: bool = False
) -> Screen:
    """Return a screen of rows behind ``after``; with ``counts`` also how many there are in all."""
    rows: list[Headline] = []
    is_rest = filters.order == NEWEST or (after is not None and not after.count)
    if not is_rest:
        heavy = _heavy_rows(filters, now=now, after=after)
        rows = list(_counted(heavy, filters, now=now) if counts else heavy)
        rows.sort(key=_weight_of, reverse=True)
    if len(rows) <= PAGE:
        rest = _newest_rows(filters, now=now, after=after if is_rest else None)
        some = rest[: PAGE + 1 - len(rows)]
        rows += _counted(some, filters, now=now) if counts and not rows else some
    number = int(getattr(rows[0], "left", 0)) if rows else 0
    if counts and not rows and after is not None:  # behind the last row there are none
        number = left(filters, now=now)
    more = cursor_of(rows[PAGE - 1], filters, now=now) if len(rows) > PAGE else None
    return Screen(rows[:PAGE], more, number)


def left(filters: Filters, *, now: datetime) -> int:
    """Return how many rows there are, as far as they are counted."""
    return _capped(filters, now=now).count()


def left_in_words(count: int) -> str:
    """Say how many rows there are; beyond what is counted: "1,000+"."""
    return f"{COUNTED:,}+" if count > COUNTED else f"{count:,}"


def new_since(filters: Filters, top: Cursor, *, now: datetime) -> int:
    """Return how many rows have come in above a row, as far as they are counted."""
    by_date = replace(filters, order=NEWEST)
    rows = _one_each(by_date, now=now).filter(before(top)).order_by()
    return rows[: COUNTED + 1].count()


def _capped(filters: Filters, *, now: datetime) -> QuerySet[Headline, Any]:
    newest = _one_each(filters, now=now).order_by("-published_at", "-id")
    return newest.values("pk")[: COUNTED + 1]


def _counted(rows: QuerySet[Headline], filters: Filters, *, now: datetime) -> QuerySet[Headline]:
    """Let the same query count what is left."""
    some = Headline.objects.order_by().filter(pk__in=_capped(filters, now=now))
    number = some.annotate(one=Value(1)).values("one").annotate(number=Count("pk"))
    return rows.annotate(left=Coalesce(Subquery(number.values("number")), 0))


def _one_each(filters: Filters, *, now: datetime) -> QuerySet[Headline]:
    """Return those headlines that stand for their stories."""
    fitting = filters.apply(Headline.objects.all(), now=now)
    newer = Q(published_at__gt=OuterRef("published_at")) | Q(
        published_at=OuterRef("published_at"), pk__gt=OuterRef("pk")
    )
    same = fitting.order_by().filter(newer, membership__story=OuterRef("membership__story"))
    rows: QuerySet[Headline] = fitting.filter(~Exists(same))
    return rows


def _newest_rows(filters: Filters, *, now: datetime, after: Cursor | None) -> QuerySet[Headline]:
    rows = _one_each(filters, now=now)
    if after is not None:
        rows = rows.filter(behind(after))
    if filters.order == WEIGHT:
        rows = rows.exclude(membership__story__in=_heavy(now).values("pk"))
    return loaded(rows, filters).order_by("-published_at", "-id")


def behind(cursor: Cursor) -> Q:
    """Return the condition that a headline is older than a row."""
    # Said twice, so that the index on both columns is entered at the right place.
    return Q(published_at__lte=cursor.at) & (Q(published_at__lt=cursor.at) | Q(pk__lt=cursor.pk))


def before(cursor: Cursor) -> Q:
    """Return the condition that a headline is newer than a row."""
    return Q(published_at__gte=cursor.at) & (Q(published_at__gt=cursor.at) | Q(pk__gt=cursor.pk))


def _heavy(now: datetime) -> QuerySet[Story]:
    return Story.objects.order_by().filter(count__gte=HEAVY, last_seen_at__gte=now - WEIGHED)


def _is_heavy(story: Story, now: datetime) -> bool:
    return story.count >= HEAVY and story.last_seen_at >= now - WEIGHED


def _weight_of(headline: Headline) -> tuple[Any, ...]:
    story = story_of(headline)
    return (story.count, story.last_seen_at, story.pk) if story else ()


def _heavy_rows(filters: Filters, *, now: datetime, after: Cursor | None) -> QuerySet[Headline]:
    """Return the heaviest stories' rows, to be sorted by whoever takes them."""
    fitting = filters.apply(Headline.objects.all(), now=now)
    inside = fitting.filter(membership__story=OuterRef("pk"))
    newest = inside.order_by("-published_at", "-id").values("pk")
    # Of few headlines the stories are asked for; else stories are looked at, the heaviest first.
    few = Q(pk__in=fitting.order_by().values("membership__story"))
    fits = few if filters.is_narrow else Q(Exists(inside.order_by()))
    stories = _heavy(now).filter(fits).annotate(row=Subquery(newest[:1]))
    if after is not None:
        lighter = Q(count=after.count, last_seen_at=after.at, pk__lt=after.pk)
        lighter |= Q(count=after.count, last_seen_at__lt=after.at) | Q(count__lt=after.count)
        stories = stories.filter(lighter, count__lte=after.count)
    chosen = stories.order_by("-count", "-last_seen_at", "-pk").values("row")[: PAGE + 1]
    return loaded(Headline.objects.order_by().filter(pk__in=chosen), filters)


def loaded(rows: QuerySet[Headline], filters: Filters) -> QuerySet[Headline]:
    """Load with headlines their feeds, their stories with what leads them, pictures if wanted."""
    also = ["thumbnail", "membership__story__lead__thumbnail"] if filters.shows_pictures else []
    return rows.select_related("feed", "membership__story__lead", *also)
