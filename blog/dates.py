"""Relative ages: the compact form of headlines and the long form of posts. Pure functions.

static/js/ages.js draws the same boundaries in an open page; tests/browser/test_ages.py holds the
two against each other.
"""

from datetime import UTC, date, datetime, timedelta, tzinfo

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, npgettext_lazy, pgettext

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
MONTH = 30 * DAY
YEAR = 365 * DAY

COMPACT_FORMS = (
    (YEAR, npgettext_lazy("compact age in years", "%(count)dy", "%(count)dy", "count")),
    (MONTH, npgettext_lazy("compact age in months", "%(count)dmo", "%(count)dmo", "count")),
    (WEEK, npgettext_lazy("compact age in weeks", "%(count)dw", "%(count)dw", "count")),
    (DAY, npgettext_lazy("compact age in days", "%(count)dd", "%(count)dd", "count")),
    (HOUR, npgettext_lazy("compact age in hours", "%(count)dh", "%(count)dh", "count")),
    (MINUTE, npgettext_lazy("compact age in minutes", "%(count)dm", "%(count)dm", "count")),
)


def for_machines(instant: datetime) -> str:
    """Return an instant in UTC as ``<time datetime>`` takes it: ``2026-11-24T07:00:00Z``.

    HTML knows no microseconds.
    """
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def compact_age(instant: datetime, *, now: datetime) -> str:
    """Return ``now``, ``5m``, ``3h``, ``1d``, ``2w``, ``4mo`` or ``1y``: whole units, rounded down.

    Both arguments are aware. An instant after ``now`` (a skewed clock) counts as now.
    """
    age_s = _age_s(instant, now=now)
    if age_s < MINUTE:
        return pgettext("compact age", "now")
    unit_s, form = next(row for row in COMPACT_FORMS if age_s >= row[0])
    return form % {"count": age_s // unit_s}


def long_age(instant: datetime, *, now: datetime, zone: tzinfo | None = None) -> str:
    """Return ``just now``, ``7 min ago``, ``2 hrs ago``, ``yesterday``, then the date.

    Both arguments are aware. Hours count real time; "yesterday" and the date are those of the
    calendar in ``zone``, by default the current one.
    """
    return relative_age(instant, now=now, zone=zone) or long_date(instant, zone=zone)


def relative_age(instant: datetime, *, now: datetime, zone: tzinfo | None = None) -> str | None:
    """Return the long age as long as it is said in words, and None once it is a date."""
    age_s = _age_s(instant, now=now)
    if age_s < MINUTE:
        return _("just now")
    if age_s < HOUR:
        return minutes_ago(age_s // MINUTE)
    days_apart = (_day(now, zone=zone) - _day(instant, zone=zone)).days
    # On the day with 25 hours, more than 24 of them can lie behind us and still be today's.
    if age_s < DAY or days_apart == 0:
        return hours_ago(age_s // HOUR)
    return _("yesterday") if days_apart == 1 else None


def minutes_ago(count: int) -> str:
    """Return ``7 min ago``."""
    return ngettext("%(count)d min ago", "%(count)d min ago", count) % {"count": count}


def hours_ago(count: int) -> str:
    """Return ``1 hr ago`` or ``2 hrs ago``."""
    return ngettext("%(count)d hr ago", "%(count)d hrs ago", count) % {"count": count}


def long_date(instant: datetime, *, zone: tzinfo | None = None) -> str:
    """Return the date in the words of the current language and the calendar of ``zone``."""
    return formats.date_format(_day(instant, zone=zone), "DATE_FORMAT")


def short_date(instant: datetime) -> str:
    """Return date and hour in the current zone, the month in three letters."""
    # Translators: how a date is written in short, for Django's filter "date".
    pattern = pgettext("short date", "j M Y, H:i")
    return formats.date_format(timezone.localtime(instant), pattern)


def age_words(*, zone_name: str) -> dict[str, object]:
    """Return what ages.js needs to speak the current language like this module does.

    Counted forms come as samples for 1, 2 and 5, which between them show every plural form of
    the languages we speak; ``language`` names the plural rules by which they were chosen.
    """
    samples = (1, 2, 5)
    return {
        "zone": zone_name,
        # Translators: the code of the language that you translate into, such as “uk”.
        "language": pgettext("code of this translation's language", "en"),
        "now": pgettext("compact age", "now"),
        "units": [
            [unit_s, {count: form % {"count": count} for count in samples}]
            for unit_s, form in COMPACT_FORMS
        ],
        "just_now": _("just now"),
        "minutes": {count: minutes_ago(count) for count in samples},
        "hours": {count: hours_ago(count) for count in samples},
        "yesterday": _("yesterday"),
    }


def _age_s(instant: datetime, *, now: datetime) -> int:
    return (now - instant) // timedelta(seconds=1)


def _day(instant: datetime, *, zone: tzinfo | None) -> date:
    return timezone.localtime(instant, zone).date()
