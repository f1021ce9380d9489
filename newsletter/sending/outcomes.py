"""What can become of one mail that is handed to a mail server."""

from dataclasses import dataclass
from enum import Enum, auto

from newsletter.sending.claims import Errand

TRANSIENT = range(400, 500)
SERVICE_ENDS = 421  # RFC 5321, 4.2.2: the server closes the connection


class Fate(Enum):
    """How the attempt ended, as far as we know."""

    ACCEPTED = auto()
    REFUSED = auto()  # never to be tried again
    DEFERRED = auto()  # certainly not accepted, worth another try
    POSTPONED = auto()  # the server is closed: no try of this mail at all
    LOST = auto()  # nobody answered: it may have been accepted


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended, with the server's answer."""

    fate: Fate
    code: int | None = None
    answer: str = ""
    is_about_reader: bool = False
    """Whether a refusal answers the recipient or the mail: then it is a bounce."""


type Result = tuple[Errand, Outcome]


def by_code(code: int, answer: str, *, is_about_reader: bool = False) -> Outcome:
    """Return what a server's reply that is no success says (RFC 5321, 4.2.1)."""
    if code == SERVICE_ENDS:
        fate = Fate.POSTPONED
    else:
        fate = Fate.DEFERRED if code in TRANSIENT else Fate.REFUSED
    return Outcome(fate=fate, code=code, answer=answer, is_about_reader=is_about_reader)
