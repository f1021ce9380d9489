"""What an answer says of a link, and what follows: when it is looked at again, whom it asks. Pure.

A link is lost only when two looks on different days have said so. What could not be found out
(refusals, errors of the server, silence) never makes it so.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from aggregator import errors
from aggregator.fetch import Fetched
from aggregator.glancing import reason_of
from aggregator.models import SourceWatch
from aggregator.models.feed import URL_MAX_LENGTH
from aggregator.models.watch import ERROR_MAX_LENGTH

WEEK = timedelta(days=7)
MONTH = timedelta(days=28)
OLD = timedelta(days=182)
"""Articles that came longer ago are looked at by the month."""
SECOND_LOOK = timedelta(days=1)
LONGEST_WISH = timedelta(days=7)
_DEAD_STATUSES = frozenset({404, 410})
_HOME = re.compile(r"(?:home|index\.\w{3,5}|[a-z]{2}(?:[-_][a-z]{2})?)?", re.IGNORECASE)
_LOST_AND_FOUND = re.compile(
    r"(?:page[-_]?)?(?:404|not[-_]?found|error)(?:\.\w{3,5})?", re.IGNORECASE
)

State = SourceWatch.State


class Kind(StrEnum):
    """What a look has found out."""

    ALIVE = "alive"
    DEAD = "dead"
    MOVED = "moved"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one look says of a link."""

    kind: Kind
    status: int | None = None
    error: str = ""
    moved_to: str = ""
    retry_after_s: int = 0


def of_answer(url: str, fetched: Fetched) -> Verdict:
    """Judge an answer to a look at ``url``: something is there, or only the way home."""
    if leads_home(url, fetched.final_url):
        return Verdict(kind=Kind.MOVED, status=fetched.status, moved_to=fetched.final_url)
    return Verdict(kind=Kind.ALIVE, status=fetched.status)


def of_error(error: errors.FetchError) -> Verdict:
    """Judge a look that failed."""
    status, words = error.status, reason_of(error)
    if status and 200 <= status < 300 and not isinstance(error, errors.Challenged):
        return Verdict(kind=Kind.ALIVE, status=status)
    is_dead = status in _DEAD_STATUSES and not isinstance(error, errors.Challenged)
    if is_dead or isinstance(error, errors.NoSuchHost):
        return Verdict(kind=Kind.DEAD, status=status, error=words)
    wish = getattr(error, "retry_after_s", None) or 0
    return Verdict(kind=Kind.UNKNOWN, status=status, error=words, retry_after_s=wish)


def leads_home(asked: str, arrived: str) -> bool:
    """Whether the way from the address of an article ends at a front page, or at an apology."""
    before, after = urlsplit(asked), urlsplit(arrived)
    if (before.path.strip("/"), before.query) == (after.path.strip("/"), after.query):
        return False
    if _HOME.fullmatch(before.path.strip("/")) and not before.query:
        return False  # the front page itself was picked
    last = after.path.rstrip("/").rpartition("/")[2]
    return bool(_HOME.fullmatch(after.path.strip("/")) or _LOST_AND_FOUND.fullmatch(last))


def after(watch: SourceWatch, verdict: Verdict, *, now: datetime, chance: float) -> dict[str, Any]:
    """Return the columns that a look leaves behind; ``asks_at`` is among them if it asks anew.

    ``chance`` lies between 0 and 1 and spreads what was looked at together.
    """
    told = {
        "status": verdict.status,
        "error": verdict.error[:ERROR_MAX_LENGTH],
        "looked_at": now,
        "claimed_until": None,
    }
    match verdict.kind:
        case Kind.UNKNOWN:
            return told | _after_nothing(watch, verdict, now=now, chance=chance)
        case Kind.ALIVE:
            return told | _after_life(watch, now=now, chance=chance)
        case _:
            moved_to = verdict.moved_to[:URL_MAX_LENGTH]
            found = _after_loss(watch, State(verdict.kind), now=now, chance=chance)
            return told | {"moved_to": moved_to, "failures": 0} | found


def _after_nothing(
    watch: SourceWatch, verdict: Verdict, *, now: datetime, chance: float
) -> dict[str, Any]:
    """Ask again in 1, 2, 4, then 7 days, and not before the site wants it."""
    backoff = min(SECOND_LOOK * (1 << min(watch.failures, 3)), WEEK)
    wish = min(timedelta(seconds=verdict.retry_after_s), LONGEST_WISH)
    return {
        "failures": min(watch.failures + 1, 1000),
        "next_at": now + max(backoff, wish) * (1 + chance / 10),
    }


def _after_life(watch: SourceWatch, *, now: datetime, chance: float) -> dict[str, Any]:
    is_old = now - watch.headline.first_seen_at > OLD
    return {
        "state": State.ALIVE,
        "settled_state": "",
        "suspect_state": "",
        "suspect_since": None,
        "moved_to": "",
        "failures": 0,
        "next_at": now + (MONTH if is_old else WEEK) * (0.95 + chance / 10),
    }


def _after_loss(
    watch: SourceWatch, found: State, *, now: datetime, chance: float
) -> dict[str, Any]:
    since = watch.suspect_since if watch.suspect_state == found else None
    if watch.state == found:
        return {"suspect_state": "", "suspect_since": None, "next_at": now + MONTH}
    if since is None or since.date() == now.date():
        return {
            "suspect_state": found,
            "suspect_since": since or now,
            "next_at": (since or now) + SECOND_LOOK * (1 + chance / 4),
        }
    asks = {} if watch.settled_state == found else {"asks_at": now}
    lost = {"state": found, "suspect_state": "", "suspect_since": None}
    return lost | asks | {"next_at": now + WEEK}
