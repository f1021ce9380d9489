"""What came of polling: one feed, and a whole round."""

from dataclasses import dataclass, field

from aggregator.intake import Stored
from aggregator.models import Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """How the poll of one feed ended."""

    feed: Feed
    outcome: Feed.Outcome
    stored: Stored = field(default_factory=Stored)
    skipped: int = 0
    """Items of the document that could not be used."""
    reason: str = ""
    """What went wrong, in words; "" if nothing did."""
    took_s: float = 0
    """The wait for the host's turn included."""


@dataclass(slots=True)
class PollReport:
    """Sums over all feeds that were polled."""

    polled: int = 0
    unchanged: int = 0
    failed: int = 0
    new: int = 0
    changed: int = 0

    def add(self, polled: Polled) -> None:
        """Count one more feed."""
        self.polled += 1
        self.unchanged += polled.outcome == Feed.Outcome.UNCHANGED
        self.failed += bool(polled.reason)
        self.new += polled.stored.new
        self.changed += polled.stored.changed
