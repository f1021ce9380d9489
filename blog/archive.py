"""The archive by the date: years, months and days of the site's own clock, and their numbers."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from blog.lists import STREAM, PostList
from blog.models import ListKind
from blog.models.places import BEGINNING


@dataclass(frozen=True, slots=True)
class Span:
    """A year, a month or a day; ``first`` is the first day of it and ``after`` the one behind."""

    kind: str
    first: date
    after: date

    def posts(self) -> PostList:
        """Return the list of its posts."""
        return PostList(
            ListKind.STREAM,
            since=_beginning_of(self.first),
            before=_beginning_of(self.after),
            has_months=self.kind != "day",
        )

    @property
    def name(self) -> str:
        """How people call it: ``2026``, ``November 2026``, ``Nov. 23, 2026``."""
        forms = {"year": "Y", "month": "YEAR_MONTH_FORMAT", "day": "DATE_FORMAT"}
        return date_format(self.first, forms[self.kind])

    def get_absolute_url(self) -> str:
        """Return the path of its page."""
        parts = [f"{self.first:%Y}", f"{self.first:%m}", f"{self.first:%d}"]
        count = {"year": 1, "month": 2, "day": 3}[self.kind]
        return reverse(self.kind, args=parts[:count])


@dataclass(frozen=True, slots=True)
class Month:
    """A month and how many public posts are from it."""

    span: Span
    count: int


@dataclass(frozen=True, slots=True)
class Year:
    """A year with the months in which something was published."""

    span: Span
    months: Sequence[Month]

    @property
    def count(self) -> int:
        """How many public posts are from it."""
        return sum(month.count for month in self.months)


def year_of(year: int) -> Span:
    """Return a year. Raises Http404 for one that is none."""
    return _span("year", year, 1, 1)


def month_of(year: int, month: int) -> Span:
    """Return a month. Raises Http404 for one that is none."""
    return _span("month", year, month, 1)


def day_of(year: int, month: int, day: int) -> Span:
    """Return a day. Raises Http404 for one that is none."""
    return _span("day", year, month, day)


def years(*, now: datetime) -> list[Year]:
    """Return all years with public posts, the newest first: two queries, whatever their number."""
    found = _months(STREAM, now=now)
    return [
        Year(year_of(year), list(of_year))
        for year, of_year in groupby(found, key=lambda month: month.span.first.year)
    ]


def months(span: Span, *, now: datetime) -> list[Month]:
    """Return the months of a year with public posts, the first one first: two queries."""
    return _months(span.posts(), now=now)[::-1]


def _months(posts: PostList, *, now: datetime) -> list[Month]:
    """Return the months of a list, the newest first, without what is scheduled."""
    tallies = posts.tallies().filter(starts_at__gt=BEGINNING).order_by("starts_at")
    found = list(tallies.values_list("starts_at", "count"))
    counts = [count for _, count in found]
    starts = [starts_at for starts_at, _ in found]
    for published_at in posts.scheduled(now=now).values_list("published_at", flat=True):
        counts[bisect_right(starts, published_at) - 1] -= 1
    return [
        Month(_month_at(starts_at), count)
        for starts_at, count in zip(reversed(starts), reversed(counts), strict=True)
        if count > 0
    ]


def _month_at(instant: datetime) -> Span:
    local = timezone.localtime(instant)
    return month_of(local.year, local.month)


def _span(kind: str, year: int, month: int, day: int) -> Span:
    try:
        first = date(year, month, day)
        after = {
            "year": lambda: date(year + 1, 1, 1),
            "month": lambda: (first + timedelta(days=31)).replace(day=1),
            "day": lambda: first + timedelta(days=1),
        }[kind]()
        return Span(kind, first, after)
    except (ValueError, OverflowError) as error:
        raise Http404 from error


def _beginning_of(day: date) -> datetime:
    # Where midnight is skipped, the day begins an hour later: the same instant as fold 0 gives.
    return datetime.combine(day, time.min, tzinfo=timezone.get_current_timezone())
