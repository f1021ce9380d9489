"""Pages of long lists that are never counted: one row more than a page tells if there is a next."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import Http404
from django.urls import register_converter

COUNTED_AT_MOST = 10_000
"""Lists of the newsroom say how many rows there are up to here, and act on no more at once."""


class PageNumber:
    """The path converter of ``/page/<number>/``: plain digits, and few enough for any database."""

    regex = "[1-9][0-9]{0,5}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Return the digits."""
        return str(value)


class YearNumber:
    """The path converter of ``/<year>/``: four digits, as all years have that we know."""

    regex = "[12][0-9]{3}"

    def to_python(self, value: str) -> int:
        """Return the number."""
        return int(value)

    def to_url(self, value: int | str) -> str:
        """Return the digits."""
        return str(value)


class MonthOrDay:
    """The path converter of a month or a day, with its zero or without."""

    regex = "[0-9]{1,2}"

    def to_python(self, value: str) -> str:
        """Return the digits as they stand."""
        return value

    def to_url(self, value: str) -> str:
        """Return the digits."""
        return value


register_converter(PageNumber, "page")
register_converter(YearNumber, "year")
register_converter(MonthOrDay, "two")


@dataclass(frozen=True)
class Page[Row: Model]:
    """One page of a list, and in ``following`` the rows after it that were asked for."""

    rows: Sequence[Row]
    number: int
    following: Sequence[Row]
    newer_place: str = ""
    older_place: str = ""
    """Behind which places the pages beside it begin, where their numbers do not say it."""

    @property
    def newer(self) -> int | None:
        """The number of the page before this one, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def older(self) -> int | None:
        """The number of the page after this one, if there is one."""
        return self.number + 1 if self.following else None


def cut_page[Row: Model](
    rows: QuerySet[Row],
    *,
    number: int,
    per_page: int,
    look_ahead: int = 1,
    most_pages: int = 1_000_000,
) -> Page[Row]:
    """Return page ``number`` (from 1) with up to ``look_ahead`` rows that follow it: one query.

    Raises Http404 behind the last page; the first may be empty. The rows before the page are walked
    past: ``most_pages`` sets an end to that, for lists that grow without one.
    """
    if number > most_pages:
        raise Http404(f"There is no page {number}.")
    start = (number - 1) * per_page
    ahead = look_ahead if number < most_pages else 0
    found = list(rows[start : start + per_page + ahead])
    if not found and number > 1:
        raise Http404(f"There is no page {number}.")
    return Page(rows=found[:per_page], number=number, following=found[per_page:])
