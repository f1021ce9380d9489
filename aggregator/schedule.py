"""When a feed is asked next. Pure arithmetic; chance comes in as a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
FIRST_RETRY = timedelta(hours=1)
LONGEST_WISH = timedelta(days=7)
RHYTHM_WINDOW = timedelta(days=7)
JITTER_SHARE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What publisher and protocol ask for, in seconds."""

    fresh_for_s: int | None = None
    """``Cache-Control: max-age`` or ``Expires``."""
    ttl_s: int | None = None
    """RSS ``ttl``."""


def after_success(
    *, now: datetime, items_in_window: int, wishes: Wishes, chance: float
) -> datetime:
    """Return the next poll of a feed that answered.

    ``items_in_window`` is how many items it published within the last RHYTHM_WINDOW; ``chance``
    lies between -1 and 1 and spreads feeds that were asked together, never to before a wish.
    """
    rhythm = RHYTHM_WINDOW / items_in_window if items_in_window else LONGEST
    interval = min(rhythm, LONGEST) * (1 + JITTER_SHARE * chance)
    wished = timedelta(seconds=max(wishes.fresh_for_s or 0, wishes.ttl_s or 0))
    return now + max(_not_before(min(wished, LONGEST), interval, chance), SHORTEST)


def after_failure(
    *, now: datetime, failures: int, retry_after_s: int | None = None, chance: float
) -> datetime:
    """Return the next poll of a feed that failed ``failures`` times in a row, this time included.

    1, 2, 4, 8, 16, then 24 hours; it never stops. ``Retry-After`` can make it later, by up to a
    week, and then nothing makes it earlier.
    """
    doublings = min(failures - 1, 10)
    backoff = min(FIRST_RETRY * (1 << doublings), LONGEST)
    pause = backoff * (1 + JITTER_SHARE * chance)
    wished = min(timedelta(seconds=retry_after_s or 0), LONGEST_WISH)
    return now + _not_before(wished, pause, chance)


def _not_before(wished: timedelta, pause: timedelta, chance: float) -> timedelta:
    """Return ``pause``, or if that undercuts the wish, the wish spread upwards only."""
    return pause if pause >= wished else wished * (1 + JITTER_SHARE * abs(chance))
