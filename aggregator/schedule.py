"""When a feed is asked next. Pure arithmetic; chance comes in as a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=5)
LONGEST = timedelta(hours=24)
FIRST_RETRY = timedelta(hours=1)
LONGEST_WISH = timedelta(days=7)
WHOLE_EVERY = timedelta(days=7)
WHILE_PUSHED = timedelta(hours=6)
RHYTHM_ITEMS = 20
JITTER_SHARE = 0.1
OVERDUE = timedelta(hours=1)
_BACKLOG = 200
_SPREAD = timedelta(minutes=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What publisher and protocol ask for, in seconds."""

    fresh_for_s: int | None = None
    """``Cache-Control: max-age`` or ``Expires``."""
    ttl_s: int | None = None
    """RSS ``ttl``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a feed brings something: ``items`` of them from ``since`` on."""

    since: datetime | None = None
    items: int = 0

    def interval(self, *, now: datetime) -> timedelta:
        """Return the mean pause between two items up to ``now``; it grows while nothing comes."""
        if not self.items or self.since is None:
            return LONGEST
        return max(now - self.since, timedelta()) / self.items


def rhythm_of(dates: Sequence[datetime], *, now: datetime) -> Rhythm:
    """Return the rhythm of items with these dates; what lies ahead of ``now`` is no item yet.

    The newest RHYTHM_ITEMS count, so that the pause follows the day, not the year.
    """
    newest = sorted((date for date in dates if date <= now), reverse=True)[:RHYTHM_ITEMS]
    return Rhythm(since=newest[-1], items=len(newest)) if newest else Rhythm()


def after_success(
    *,
    now: datetime,
    rhythm: Rhythm,
    wishes: Wishes,
    chance: float,
    is_pushed: bool = False,
) -> datetime:
    """Return the next poll of a feed that answered.

    ``chance`` lies between -1 and 1 and spreads feeds that were asked together, never to before a
    wish. A feed whose hub tells us of news (``is_pushed``) is only looked after.
    """
    pause = max(rhythm.interval(now=now), WHILE_PUSHED if is_pushed else SHORTEST)
    interval = min(pause, LONGEST) * (1 + JITTER_SHARE * chance)
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


def is_whole_due(*, fetched_whole_at: datetime | None, now: datetime) -> bool:
    """Whether the body is to be asked for as if we had none: some validators say 304 for ever."""
    return fetched_whole_at is None or not (timedelta() <= now - fetched_whole_at < WHOLE_EVERY)


def latest_next_poll(*, now: datetime) -> datetime:
    """Return the latest instant for which any rule above can plan a poll at ``now``."""
    return now + LONGEST_WISH * (1 + JITTER_SHARE) + LONGEST


def spread_of_backlog(overdue: int) -> timedelta:
    """Return over how long so many overdue feeds are spread; few need none."""
    return _SPREAD if overdue > _BACKLOG else timedelta()
