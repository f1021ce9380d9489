"""Signed stamps in sign-up forms: that a form is ours, how old it is, and whence its reader came.

The form stands on every page, and every page is kept for everybody. There its stamp names only
the hour, so that the page stays the same byte for byte and browsers that have it need not load it
anew. It shows that one of our pages was fetched lately, which robots that post blindly have not
done. How fast somebody was can be seen on pages that are made for one visitor alone: on
``/subscribe/``, and where the button has to be pressed once more. Those carry the second.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer

LEAST_AGE = timedelta(seconds=2)
"""Whoever is faster has not read the page; a person who is presses once more, and that is it."""
MOST_AGE = timedelta(hours=25)
HOUR_S = 3600
_FOR_ALL, _FOR_ONE = "a", "o"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a stamp says: when the form was made, and for whom."""

    at: datetime
    is_for_one: bool
    origin: str = ""
    """The other site whose form led to ours."""

    def is_good(self, *, now: datetime) -> bool:
        """Whether a form with it may be taken at ``now``."""
        least = LEAST_AGE if self.is_for_one else timedelta()
        return least <= now - self.at <= MOST_AGE

    def is_too_young(self, *, now: datetime) -> bool:
        """Whether it only has to wait."""
        return self.is_for_one and timedelta() <= now - self.at < LEAST_AGE


def for_all(*, now: datetime) -> str:
    """Return the stamp for a page that is kept for everybody."""
    seconds = int(now.timestamp())
    return _signer().sign(f"{_FOR_ALL}{seconds - seconds % HOUR_S}")


def for_one(*, now: datetime, origin: str = "") -> str:
    """Return the stamp for a page that is made for one visitor."""
    return _signer().sign(f"{_FOR_ONE}{int(now.timestamp())} {origin}")


def read(text: str) -> Stamp | None:
    """Return what a stamp says; None where it is missing or not ours."""
    try:
        said = _signer().unsign(text)
    except BadSignature:
        return None
    seconds, _, origin = said[1:].partition(" ")
    at = datetime.fromtimestamp(int(seconds), tz=UTC)
    return Stamp(at=at, is_for_one=said[0] == _FOR_ONE, origin=origin)


def _signer() -> Signer:
    return Signer(sep="|", salt="newsletter.stamp")
