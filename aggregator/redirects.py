"""When a permanent redirect is believed. Pure.

A maintenance page that redirects everything for a day has replaced good addresses for ever in
other readers; so a move must hold.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

SIGHTINGS = 5
HOLDS_FOR = timedelta(days=7)
_MOST_SIGHTINGS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A permanent redirect (301, 308) whose target has answered with a feed."""

    url: str = ""
    since: datetime | None = None
    sightings: int = 0

    def seen_again(self, url: str, *, now: datetime) -> "Move":
        """Return what is known after one more good answer; it came from ``url``, "" for no move."""
        if not url:
            return Move()
        if url != self.url:
            return Move(url=url, since=now, sightings=1)
        return Move(url=url, since=self.since, sightings=min(self.sightings + 1, _MOST_SIGHTINGS))

    def is_settled(self, *, now: datetime) -> bool:
        """Whether it has been seen often enough, over long enough, to be adopted."""
        return (
            self.since is not None and self.sightings >= SIGHTINGS and now - self.since >= HOLDS_FOR
        )
