"""The public lists of posts, each page of which costs the same in an archive of any length.

A page near the top is walked to along the index of places. For one farther down, the months that
lie before it are passed by their numbers of posts (Tally), and only the rest is walked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.db import connection
from django.db.models import Model, Q, QuerySet, prefetch_related_objects
from django.http import Http404

from blog.models import Author, Category, ListKind, Place, Post, PostQuerySet, Tag, Tally
from blog.models.places import BEGINNING
from blog.paging import Page

NEAR = 500
"""So many places are walked past without asking for the numbers of posts."""
END = datetime(9999, 1, 1, tzinfo=UTC)

# Django's query compiler would take longer than all that the database does. The month stands with
# the beginning of the newer one in the place of its own.
_MONTH = f"""
    SELECT months.*, scheduled FROM (
        SELECT kind, list_id, count AS held,
            SUM(count) OVER (ORDER BY starts_at DESC) AS passed,
            LAG(starts_at) OVER (ORDER BY starts_at DESC) AS starts_at
        FROM {Tally._meta.db_table}
        WHERE kind = %s AND list_id = %s AND starts_at >= %s AND starts_at < %s
    ) months, (
        SELECT COUNT(*) AS scheduled FROM {Place._meta.db_table}
        WHERE kind = %s AND list_id = %s AND published_at > %s AND published_at < %s
    ) ahead
    WHERE passed > scheduled + %s ORDER BY passed LIMIT 1
"""  # noqa: S608  names of ours

_KINDS: dict[type[Model], ListKind] = {
    Category: ListKind.CATEGORY,
    Tag: ListKind.TAG,
    Author: ListKind.AUTHOR,
}


@dataclass(frozen=True, slots=True)
class PostList:
    """All published posts of a kind, or those of a span of time, newest first."""

    kind: ListKind = ListKind.STREAM
    key: int = 0
    since: datetime | None = None
    before: datetime | None = None
    has_months: bool = True
    """Whether it is made of whole months: a single day is not, and short."""

    @classmethod
    def of(cls, owner: Category | Tag | Author) -> Self:
        """Return the list of a category's, a tag's or an author's posts."""
        return cls(_KINDS[type(owner)], owner.pk)

    def places(self) -> QuerySet[Place]:
        """Return the places, those of scheduled posts among them."""
        return Place.objects.of(self.kind, self.key).filter(self._span("published_at"))

    def scheduled(self, *, now: datetime) -> QuerySet[Place]:
        """Return the places of posts that are not public yet."""
        ahead = Place.objects.of(self.kind, self.key).filter(
            published_at__gt=self._public_until(now)
        )
        return ahead.filter(published_at__lt=self.before) if self.before else ahead

    def _public_until(self, now: datetime) -> datetime:
        """Return the one instant behind which posts are scheduled ones.

        With two lower bounds SQLite would walk from the earlier one, past the whole span.
        """
        return max(now, self.since - datetime.resolution) if self.since else now

    def tallies(self) -> QuerySet[Tally]:
        """Return the numbers of posts by months, the newest first."""
        months = Tally.objects.filter(kind=self.kind, list_id=self.key)
        return months.filter(self._span("starts_at")).order_by("-starts_at")

    def posts(self, *, now: datetime, start: int, count: int) -> PostQuerySet:
        """Return up to ``count`` posts behind the ``start`` newest ones, in order."""
        places = self._places_from(start, now=now)[:count]
        return Post.objects.published_among(places.values("post_id"), now=now)

    def _places_from(self, start: int, *, now: datetime) -> QuerySet[Place]:
        if start <= NEAR or not self.has_months:
            return self.places().filter(published_at__lte=now)[start:]
        month = self._month_of(start, now=now)
        if month is None:
            return Place.objects.none()
        passed, count, newer, scheduled = month
        places = self.places().filter(published_at__lt=newer) if newer else self.places()
        return places[start + scheduled - (passed - count) :]

    def _month_of(
        self, start: int, *, now: datetime
    ) -> tuple[int, int, datetime | None, int] | None:
        """Find the month in which the place behind the ``start`` newest public ones lies.

        Returns how many places there are from the top of the list to the month's end and how many
        in the month, when the newer month with posts begins, and how many posts are scheduled.
        """
        at = connection.ops.adapt_datetimefield_value
        since, before = at(self.since or BEGINNING), at(self.before or END)
        of_list, span = (int(self.kind), self.key), (since, before)
        values = [*of_list, *span, *of_list, at(self._public_until(now)), before, start]
        found: list[Any] = list(Tally.objects.raw(_MONTH, values))
        for month in found:
            return month.passed, month.held, month.starts_at, month.scheduled
        return None

    def _span(self, field: str) -> Q:
        span = Q()
        if self.since:
            span &= Q(**{f"{field}__gte": self.since})
        if self.before:
            span &= Q(**{f"{field}__lt": self.before})
        return span


STREAM = PostList()


def cut_list(
    posts: PostList, *, number: int, per_page: int, now: datetime, look_ahead: int = 1
) -> Page[Post]:
    """Return page ``number`` (from 1) of a list with up to ``look_ahead`` posts that follow it.

    One query near the top, two farther down; authors are left to load_authors(). Raises Http404
    behind the last page; the first may be empty.
    """
    start = (number - 1) * per_page
    rows = posts.posts(now=now, start=start, count=per_page + look_ahead)
    found = list(rows.for_lists().prefetch_related(None))
    if not found and number > 1:
        raise Http404(f"There is no page {number}.")
    return Page(rows=found[:per_page], number=number, following=found[per_page:])


def load_authors(*lists: Iterable[Post]) -> None:
    """Load the authors of all posts that a page shows, in one query."""
    prefetch_related_objects([post for posts in lists for post in posts], "authors")
