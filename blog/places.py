"""Where posts stand in the lists, looked over, set right and counted by months.

blog.place_triggers keeps the places with every write; this is for what no trigger saw: a table
that is filled for the first time, a migration, another time zone.
"""
# ruff: noqa: S608  every name in these statements is our own

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection as default_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max, Min

from blog.models import Place, Post, SiteSettings
from blog.models.places import BEGINNING, ListKind, Month

LOCK = 7_264_118_003
"""Who counts holds this lock, on PostgreSQL: so no two wait for rows of each other."""
BATCH = 5_000
FIRST_YEAR, LAST_YEAR = 1900, 2199
_TABLES = {"blog_place", "blog_tally", "blog_month", "blog_sitesettings"}


@dataclass(frozen=True, slots=True)
class Join:
    """A table that says which posts stand in which lists of a kind."""

    kind: int
    table: str
    post: str
    other: str


JOINS = (
    Join(ListKind.CATEGORY, "blog_post_categories", "post_id", "category_id"),
    Join(ListKind.TAG, "blog_taggedpost", "content_object_id", "tag_id"),
    Join(ListKind.AUTHOR, "blog_post_authors", "post_id", "author_id"),
)
_WANTED = (
    f"SELECT id AS post_id, {ListKind.STREAM.value} AS kind, 0 AS list_id, published_at "
    "FROM blog_post WHERE status = 'published' AND id BETWEEN %s AND %s"
) + "".join(
    f" UNION SELECT post.id, {join.kind}, joined.{join.other}, post.published_at "
    f"FROM {join.table} AS joined JOIN blog_post AS post ON post.id = joined.{join.post} "
    "WHERE post.status = 'published' AND post.id BETWEEN %s AND %s"
    for join in JOINS
)
_PARAMETERS = 2 * (1 + len(JOINS))
_EXCESS = (
    "FROM blog_place WHERE post_id BETWEEN %s AND %s "
    f"AND (post_id, kind, list_id, published_at) NOT IN ({_WANTED})"
)
_LACK = (
    f"FROM ({_WANTED}) AS wanted WHERE (post_id, kind, list_id, published_at) NOT IN "
    "(SELECT post_id, kind, list_id, published_at FROM blog_place WHERE post_id BETWEEN %s AND %s)"
)
_COUNTED = (
    "SELECT kind, list_id, starts_at, COUNT(*) AS count FROM (SELECT kind, list_id, (SELECT "
    "MAX(starts_at) FROM blog_month WHERE starts_at <= published_at) AS starts_at FROM blog_place) "
    "AS placed GROUP BY kind, list_id, starts_at"
)
_TALLIED = "SELECT kind, list_id, starts_at, count FROM blog_tally"


@dataclass(frozen=True, slots=True)
class Difference:
    """What differed from what the posts say: places, and numbers of posts in a month."""

    places: int = 0
    tallies: int = 0


def check(connection: Any = default_connection) -> Difference:
    """Say how many places and numbers are not as they should be; changes nothing."""
    places = 0
    with connection.cursor() as cursor:
        for first, last in _batches():
            places += _number(cursor, f"SELECT COUNT(*) {_EXCESS}", _spans(first, last, before=1))
            places += _number(cursor, f"SELECT COUNT(*) {_LACK}", _spans(first, last, after=1))
        tallies = sum(
            _number(cursor, f"SELECT COUNT(*) FROM ({one} EXCEPT {other}) AS differing", [])
            for one, other in ((_COUNTED, _TALLIED), (_TALLIED, _COUNTED))
        )
    return Difference(places, tallies)


def repair(connection: Any = default_connection) -> Difference:
    """Set right what is wrong, some thousand posts at a time; return how much that was.

    It may be killed and started again, and others may write meanwhile.
    """
    places = 0
    for first, last in _batches():
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute(f"DELETE {_EXCESS}", _spans(first, last, before=1))
            places += cursor.rowcount
            cursor.execute(
                "INSERT INTO blog_place (post_id, kind, list_id, published_at) "
                f"SELECT post_id, kind, list_id, published_at {_LACK}",
                _spans(first, last, after=1),
            )
            places += cursor.rowcount
    with connection.cursor() as cursor:
        wrong = _number(cursor, f"SELECT COUNT(*) FROM ({_COUNTED} EXCEPT {_TALLIED}) AS d", [])
        wrong += _number(cursor, f"SELECT COUNT(*) FROM ({_TALLIED} EXCEPT {_COUNTED}) AS d", [])
    if wrong:
        recount(connection)
    return Difference(places, wrong)


def recount(connection: Any = default_connection) -> None:
    """Count the places of each list and month anew."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("DELETE FROM blog_tally")
        cursor.execute(f"INSERT INTO blog_tally (kind, list_id, starts_at, count) {_COUNTED}")


@transaction.atomic
def keep_months(zone_name: str) -> bool:
    """Let months begin by the clock of a time zone; return whether that was new.

    Everything is counted anew then: about ten seconds for a million posts, once in a site's life.
    """
    wanted = month_starts(zone_name)
    if set(Month.objects.values_list("starts_at", flat=True)) == set(wanted):
        return False
    Month.objects.all().delete()
    values = [(default_connection.ops.adapt_datetimefield_value(at),) for at in wanted]
    with default_connection.cursor() as cursor:
        cursor.executemany("INSERT INTO blog_month (starts_at) VALUES (%s)", values)
    recount()
    return True


def note_zone(*, instance: SiteSettings, **_: object) -> None:
    """Take the signal that the site's settings were saved."""
    keep_months(instance.time_zone)


def zone_name() -> str:
    """Return the name of the site's time zone, for whom no settings are loaded."""
    stored = SiteSettings.objects.values_list("time_zone", flat=True).first()
    return stored or SiteSettings().time_zone


@lru_cache(maxsize=2)
def month_starts(zone_name: str) -> tuple[datetime, ...]:
    """Return when each month that we know begins in a time zone, and before all the beginning."""
    zone = ZoneInfo(zone_name)
    starts = [
        datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
        for month in range(1, 13)
    ]
    return (BEGINNING, *starts)


def are_there(connection: BaseDatabaseWrapper) -> bool:
    """Whether the tables are: one may migrate back to before they were."""
    return set(connection.introspection.table_names()) >= _TABLES


def _batches() -> Iterator[tuple[int, int]]:
    """Yield spans of posts' keys that hold them all, and all that places name."""
    posts = Post.objects.order_by().aggregate(first=Min("pk"), last=Max("pk"))
    places = Place.objects.order_by().aggregate(first=Min("post_id"), last=Max("post_id"))
    ends = [end for end in (*posts.values(), *places.values()) if end is not None]
    if ends:
        for first in range(min(ends), max(ends) + 1, BATCH):
            yield first, first + BATCH - 1


def _spans(first: int, last: int, *, before: int = 0, after: int = 0) -> list[int]:
    """Return the parameters of _WANTED, with as many more spans around it as asked."""
    return [first, last] * (before + _PARAMETERS // 2 + after)


def _number(cursor: Any, sql: str, parameters: list[int]) -> int:
    cursor.execute(sql, parameters)
    return int(cursor.fetchone()[0])
