"""How a feed does, in a word. Pure: what is known of it goes in, a state comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from aggregator import errors
from aggregator.models import Feed

SLOW_MS = 5_000
SILENT_GAPS = 5
SHORTEST_GAP = timedelta(days=1)
"""Feeds that bring more than one item a day are silent after five days, not after five hours."""
_COUNTED = 20
_ENOUGH = 5
_BLOCKED_STATUSES = frozenset({401, 403, 407, 429, 451})
_BLOCKED_KINDS = frozenset({errors.Challenged.__name__, errors.BlockedAddress.__name__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is known of a feed after a poll."""

    error_kind: str = ""
    """The kind of the error that the poll ended with, "" if it went well; see aggregator.errors."""
    status: int | None = None
    failures: int = 0
    """In a row, this poll's included."""
    has_succeeded: bool = True
    """Whether any poll before has."""
    took_ms: int = 0
    last_item_at: datetime | None = None
    usual_gap: timedelta | None = None


def assess(condition: Condition, *, now: datetime) -> Feed.Health:
    """Return the state of a feed that has just been polled."""
    if condition.error_kind:
        return _state_of_failure(condition)
    if is_silent(condition, now=now):
        return Feed.Health.SILENT
    return Feed.Health.SLOW if condition.took_ms >= SLOW_MS else Feed.Health.OK


def _state_of_failure(condition: Condition) -> Feed.Health:
    if condition.error_kind == errors.Gone.__name__:
        return Feed.Health.GONE
    if condition.error_kind in _BLOCKED_KINDS or condition.status in _BLOCKED_STATUSES:
        return Feed.Health.BLOCKED
    # One failure of a feed that was well is no trouble yet: most are over at the next poll.
    is_first = condition.failures < 2 and condition.has_succeeded
    return Feed.Health.OK if is_first else Feed.Health.FAILING


def is_silent(condition: Condition, *, now: datetime) -> bool:
    """Whether nothing new has come for SILENT_GAPS times the usual pause."""
    if condition.last_item_at is None or condition.usual_gap is None:
        return False
    pause = max(condition.usual_gap, SHORTEST_GAP)
    return now - condition.last_item_at > SILENT_GAPS * pause


def usual_gap(dates: Sequence[datetime]) -> timedelta | None:
    """Return the median pause between the newest items; None where too few are dated."""
    newest = sorted(set(dates), reverse=True)[:_COUNTED]
    if len(newest) < _ENOUGH:
        return None
    pauses = [later - earlier for later, earlier in pairwise(newest)]
    return median(pauses)  # type: ignore[type-var]  # timedeltas can be averaged too
