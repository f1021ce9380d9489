"""Hours on a clock on the wall, turned into instants. Pure.

On the two days of the year on which clocks are changed, an hour that is missing falls together
with the end of the gap, and of one that comes twice the first is meant. So every local day has
each hour exactly once.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return, in UTC, when clocks in ``zone`` show a time on a day."""
    local = datetime.combine(day, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    # Nothing shows it. Read by the offset after the change it lies before that, and the other way
    # round: between the two is the change.
    before, after = local.replace(fold=1).astimezone(UTC), instant
    offset = before.astimezone(zone).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def next_slot(*, days: str, at: time, zone: ZoneInfo, after: datetime) -> datetime:
    """Return the first instant after ``after`` that is the time ``at`` on one of ``days``.

    ``days`` holds ISO numbers of weekdays, such as "12345"; at least one.
    """
    first = after.astimezone(zone).date() - _DAY
    wanted = (first + number * _DAY for number in count())
    slots = (instant_of(day, at, zone) for day in wanted if str(day.isoweekday()) in days)
    return next(slot for slot in slots if slot > after)


def is_slot(instant: datetime, *, days: str, at: time, zone: ZoneInfo) -> bool:
    """Whether ``instant`` is the time ``at`` on one of ``days``."""
    return next_slot(days=days, at=at, zone=zone, after=instant - _SECOND) == instant


@lru_cache(maxsize=16_384)
def next_hour(hour: int, *, zone_name: str, not_before: datetime) -> datetime:
    """Return the first instant from ``not_before`` on at which it is ``hour`` o'clock somewhere."""
    slot = {"days": "1234567", "at": time(hour), "zone": ZoneInfo(zone_name)}
    return next_slot(**slot, after=not_before - _SECOND)  # type: ignore[arg-type]


def day_in(zone_name: str, instant: datetime) -> date:
    """Return which day it is somewhere."""
    return instant.astimezone(ZoneInfo(zone_name)).date()
