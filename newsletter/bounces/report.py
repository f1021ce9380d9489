"""One word about one mail, whichever way it came, and what its codes mean."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAX_EVIDENCE = 8_000
MAX_DIAGNOSTIC = 500
# RFC 3463, with qmail's # before it, or between the parts of a longer answer.
STATUS = re.compile(r"(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
REPLY_CODE = re.compile(r"(?<![\d.])([245]\d\d)(?=[\s-]|$)")
# Control characters, but for the line's end and the tab.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Kind(StrEnum):
    """What a report says of the address: the values of models.Bounce.Kind."""

    HARD = "hard"
    SOFT = "soft"
    QUOTA = "quota"
    POLICY = "policy"
    COMPLAINT = "complaint"
    AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class Report:
    """What somebody says became of a mail, with the evidence.

    ``fingerprint`` is the same for the same report, however often it is read. ``at`` is the
    report's own time, or None where it names none that can be believed.
    """

    kind: Kind
    fingerprint: str
    status: str = ""
    diagnostic: str = ""
    evidence: str = ""
    at: datetime | None = None


def from_answer(
    *,
    code: int,
    answer: str,
    at: datetime,
    delivery_id: int | None = None,
    subscriber_id: int | None = None,
) -> Report:
    """Return the report that a mail server's own answer to RCPT or DATA makes (RFC 5321, 4.2).

    It is about a mail of the ledger, or about a confirmation to a subscriber.
    """
    words = plain(answer, max_length=MAX_DIAGNOSTIC)
    words = words.removeprefix(f"{code} ")
    status = status_in(words)
    return Report(
        kind=kind_of(status, f"{code} {words}"),
        fingerprint=fingerprint("smtp", delivery_id, subscriber_id, at.isoformat()),
        status=status or str(code),
        diagnostic=f"{code} {words}"[:MAX_DIAGNOSTIC],
        evidence=readable(answer, max_length=MAX_EVIDENCE),
        at=at,
    )


def fingerprint(*parts: object) -> str:
    """Return 64 letters that stand for these parts."""
    return hashlib.sha256("\0".join(map(str, parts)).encode(errors="replace")).hexdigest()


def plain(text: str, *, max_length: int) -> str:
    """Return text from outside without control characters, on one line, cut."""
    return " ".join(CONTROL.sub(" ", text[: max_length * 4]).split())[:max_length]


def readable(text: str, *, max_length: int) -> str:
    """Return text from outside that a database can hold and a page can show, cut."""
    lines = text[: max_length * 2].replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub(" ", lines)[:max_length]


def status_in(words: str) -> str:
    """Return the first status of RFC 3463 that stands in a mail server's answer, or ""."""
    match = STATUS.search(words)
    return match.group() if match else ""


def kind_of(status: str, diagnostic: str = "") -> Kind:
    """Return what a status (RFC 3463), or without one the answer's code, says of the address.

    ``5.0.0`` and the like stand for "the server gave no status": its answer may know more. What
    the answer says in words is never looked at. Statuses that blame the sender, the message, the
    size or the time it took are no word about the address: they count as policy or soft.
    """
    known = [found for found in map(STATUS.fullmatch, (status, status_in(diagnostic))) if found]
    telling = [found for found in known if (found[2], found[3]) != ("0", "0")]
    if not telling:
        return _kind_of_code(diagnostic, is_permanent=not known or known[0][1] == "5")
    class_, subject, detail = telling[0].groups()
    if (subject, detail) == ("2", "2"):
        return Kind.QUOTA
    if class_ != "5":
        return Kind.SOFT
    if subject in {"6", "7"} or (subject, detail) in BLAMES_US:
        return Kind.POLICY
    return Kind.SOFT if (subject, detail) in TOOK_TOO_LONG else Kind.HARD


BLAMES_US = {
    ("1", "7"),  # bad sender's address
    ("1", "8"),  # bad sender's system
    ("2", "3"),  # message too long for the mailbox
    ("3", "4"),  # message too big for the system
    ("5", "3"),  # too many recipients
}
TOOK_TOO_LONG = {
    ("3", "1"),  # disk full
    ("3", "2"),  # system takes no mail just now
    ("4", "6"),  # loop
    ("4", "7"),  # given up after days
    ("4", "300"),  # the same, Exchange Online
    ("4", "316"),  # the same, connection refused
}
HARD_CODES = {"521", "550", "551", "553", "556"}


def _kind_of_code(diagnostic: str, *, is_permanent: bool) -> Kind:
    """Judge by the code of RFC 5321 alone; 554 may mean anything, most often a filter."""
    match = REPLY_CODE.search(diagnostic)
    code = match.group() if match else ""
    if not code:
        return Kind.HARD if is_permanent else Kind.SOFT
    if code in HARD_CODES:
        return Kind.HARD
    if code == "552":
        return Kind.QUOTA
    return Kind.POLICY if code == "554" else Kind.SOFT
