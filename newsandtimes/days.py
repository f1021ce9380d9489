"""The calendar's squares: which days a month or a week has, and where it leads. Pure."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

FIRST_YEAR, LAST_YEAR = 1970, 2199


class NoSuchSpanError(ValueError):
    """The text names no month and no week of the calendar."""


@dataclass(frozen=True, slots=True)
class Span:
    """A month with the days that fill its weeks, or one week."""

    is_week: bool
    first: date
    """The first day of the month or of the week itself."""
    weeks: Sequence[Sequence[date]]

    @property
    def name(self) -> str:
        """Its name in addresses: ``2026-11``, or the first day of the week."""
        return f"{self.first:%Y-%m-%d}" if self.is_week else f"{self.first:%Y-%m}"

    def instants(self, zone: tzinfo) -> tuple[datetime, datetime]:
        """Return when its first day begins and when its last one is over, in ``zone``."""
        after = self.weeks[-1][-1] + timedelta(days=1)
        return _midnight(self.weeks[0][0], zone), _midnight(after, zone)

    def is_outside(self, day: date) -> bool:
        """Whether a day only fills a week of the month."""
        return not self.is_week and day.month != self.first.month

    @property
    def before(self) -> date:
        """A day of the month or week before."""
        return self.first - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the month or week after."""
        return self.first + timedelta(days=7 if self.is_week else 31)


def month_of(day: date, *, first_weekday: int) -> Span:
    """Return the month of a day; weeks begin on ``first_weekday`` (0 is Monday)."""
    _check(day)
    weeks = Calendar(first_weekday).monthdatescalendar(day.year, day.month)
    return Span(is_week=False, first=day.replace(day=1), weeks=weeks)


def week_of(day: date, *, first_weekday: int) -> Span:
    """Return the week of a day."""
    _check(day)
    first = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return Span(is_week=True, first=first, weeks=[[first + timedelta(days=n) for n in range(7)]])


def day_named(name: str) -> date:
    """Return the day that ``2026-11`` or ``2026-11-24`` begins with; raises NoSuchSpanError."""
    try:
        return date.fromisoformat(name if len(name) > 7 else f"{name}-01")
    except ValueError as error:
        raise NoSuchSpanError(name) from error


def _check(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise NoSuchSpanError(str(day))


def _midnight(day: date, zone: tzinfo) -> datetime:
    # Where midnight is skipped, the day begins an hour later: the same instant as fold 0 gives.
    return datetime.combine(day, time.min, tzinfo=zone)
