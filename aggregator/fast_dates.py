"""Reads dates as feedparser does, the two common forms of them without it."""

import re
from datetime import UTC, datetime, timedelta, timezone

from feedparser.datetimes import _parse_date

_RFC_822 = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d) "
    r"(?:GMT|UTC|UT|Z|([+-])(\d\d)(\d\d))"
)
_W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_MONTHS = {
    name: number
    for number, name in enumerate(
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), start=1
    )
}


def read_date(text: str) -> datetime | None:
    """Read a date as feedparser does; the two common forms without it, which takes a while."""
    try:
        if match := _RFC_822.fullmatch(text):
            return _rfc_822(match)
        if _W3C.fullmatch(text):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError, KeyError):
        pass
    return date_by_reference(text)


def _rfc_822(match: re.Match[str]) -> datetime:
    day, month, year, hour, minute, second, sign, hours, minutes = match.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    zone = timezone(-offset if sign == "-" else offset)
    moment = (int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second))
    return datetime(*moment, tzinfo=zone).astimezone(UTC)


def date_by_reference(text: str) -> datetime | None:
    """Read a date with feedparser; None for what it cannot read."""
    parsed = _parse_date(text)
    if not parsed:
        return None
    try:
        year, month, day, hour, minute, second = parsed[:6]
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
