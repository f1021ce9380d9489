"""Tells what a mail that came in says: bytes in, reports out, no network and no database.

Reports are told by their fields: RFC 5965 (complaints), RFC 3464 and 6533 (delivery status),
Exim's X-Failed-Recipients, RFC 3834 (automatic replies). Only where there are none of these does
flufl.bounce look for an address among the words; the codes decide there too.
"""

import email.utils
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from newsletter.bounces import words
from newsletter.bounces.mime import Fields, Mail, read_fields, take_apart, words_of
from newsletter.bounces.report import (
    MAX_DIAGNOSTIC,
    MAX_EVIDENCE,
    Kind,
    Report,
    fingerprint,
    kind_of,
    plain,
    readable,
    status_in,
)

MAX_REPORTS = 20
MAX_ADDRESSES = 20

ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,200}@[^\s<>,;:\"()\[\]]{1,200}")
STATUS_PARTS = ("x-whole/delivery-status", "x-whole/global-delivery-status")
RETURNED_PARTS = (
    "x-whole/rfc822",
    "x-whole/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "x-whole/rfc822-headers",
    "x-whole/global-headers",
)
READ_RECEIPTS = ("x-whole/disposition-notification", "x-whole/global-disposition-notification")
# To whom a mail server gave it (the first are the envelope's), then to whom it was written.
RECIPIENT_FIELDS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
# Where our own signed addresses stand in a mail that is returned.
OWN_FIELDS = ("return-path", "list-unsubscribe")
NO_COMPLAINTS = {"not-spam", "auth-failure", "virus", "dmarc"}


@dataclass(frozen=True)
class Incoming:
    """What a mail says. ``addressed_to`` and ``quoted`` may hold one of our signed addresses.

    ``quoted`` are addresses in the returned mail and the report's fields, ``message_ids`` the
    returned mail's names, without angle brackets.
    """

    reports: tuple[Report, ...]
    addressed_to: tuple[str, ...]
    quoted: tuple[str, ...]
    message_ids: tuple[str, ...]


def parse(raw: bytes, *, recipients: Sequence[str] = ()) -> Incoming:
    """Return what a mail says; ``recipients`` are the envelope's, where they are known.

    Never raises: what cannot be read says nothing.
    """
    mail = take_apart(raw)
    status = [
        block for part in mail.parts if part.type in STATUS_PARTS for block in _blocks(part.text)
    ]
    feedback = next(read_fields(mail.first("x-whole/feedback-report")), Fields())
    returned = next(read_fields(mail.first(*RETURNED_PARTS)), Fields())
    found = _reports(mail, status=status, feedback=feedback, returned=returned)
    headers = mail.fields.all(*RECIPIENT_FIELDS)
    quoted = [*feedback.all("original-mail-from"), *returned.all(*OWN_FIELDS)]
    return Incoming(
        reports=tuple(found)[:MAX_REPORTS],
        addressed_to=(*recipients[:MAX_ADDRESSES], *_addresses(headers)),
        quoted=tuple(_addresses(quoted)),
        message_ids=tuple(_message_ids(returned)),
    )


def _reports(
    mail: Mail, *, status: list[Fields], feedback: Fields, returned: Fields
) -> Iterator[Report]:
    if feedback or returned.get("x-hmxmroriginalrecipient"):
        yield from _complaints(mail, feedback)
    elif status:
        yield from _of_status(mail, status)
    elif mail.first(*READ_RECEIPTS):
        yield _automatic(mail)
    elif failed := _addresses(mail.fields.all("x-failed-recipients")):
        yield from _of_words(mail, words.failures_named(mail, failed))
    elif _is_automatic(mail) and not words.is_from_server(mail):
        yield _automatic(mail)
    else:
        guessed = list(_of_words(mail, words.guessed(mail)))
        yield from guessed or ([_automatic(mail)] if _is_automatic(mail) else [])


# --- Complaints (RFC 5965; without feedback's fields, those of Outlook.com's programme) ----------


def _complaints(mail: Mail, feedback: Fields) -> Iterator[Report]:
    kind = feedback.get("feedback-type").lower() or "abuse"
    if kind not in NO_COMPLAINTS:
        reporter = feedback.get("user-agent") or mail.fields.get("from")
        yield _report(
            mail,
            Kind.COMPLAINT,
            status=plain(kind, max_length=20),
            diagnostic=f"{kind}; {reporter}",
            details=_lines(feedback),
        )


# --- Delivery status (RFC 3464) ------------------------------------------------------------------


def _blocks(text: str) -> Iterator[Fields]:
    """Yield the blocks that speak of one recipient each."""
    for block in read_fields(text):
        if block.get("action") or block.get("final-recipient") or block.get("original-recipient"):
            yield block


def _of_status(mail: Mail, blocks: list[Fields]) -> Iterator[Report]:
    for block in blocks[:MAX_REPORTS]:
        action = block.get("action").lower()
        diagnostic = block.get("diagnostic-code").partition(";")[2] or block.get("diagnostic-code")
        status = status_in(block.get("status"))
        is_failed = action.startswith(("fail", "error")) or (not action and status[:1] == "5")
        if is_failed:
            yield _report(
                mail,
                kind_of(status, diagnostic),
                status=status or status_in(diagnostic),
                diagnostic=diagnostic,
                details=_lines(block),
                recipient=block.get("final-recipient"),
            )


# --- Words (X-Failed-Recipients, flufl.bounce) ---------------------------------------------------


def _of_words(mail: Mail, failures: Iterator[words.Failure]) -> Iterator[Report]:
    for failure in failures:
        yield _report(
            mail,
            failure.kind,
            status=failure.status,
            diagnostic=failure.words,
            recipient=failure.address,
        )


# --- Automatic replies (RFC 3834, and what was there before it) ----------------------------------


def _is_automatic(mail: Mail) -> bool:
    submitted = mail.fields.get("auto-submitted").partition(";")[0].strip().lower()
    return (
        submitted not in {"", "no"}
        or bool(mail.fields.all("x-autoreply", "x-autorespond", "x-autoresponder"))
        or mail.fields.get("precedence").lower() in {"auto_reply", "auto-reply"}
    )


def _automatic(mail: Mail) -> Report:
    """Return what tells that nobody wrote this; what it says is nobody's business."""
    signs = mail.fields.get("auto-submitted") or mail.fields.get("precedence")
    return Report(
        kind=Kind.AUTO,
        fingerprint=_fingerprint(mail, Kind.AUTO),
        diagnostic=plain(f"Auto-Submitted: {signs}" if signs else "", max_length=MAX_DIAGNOSTIC),
        at=_date(mail),
    )


# --- What all have in common ---------------------------------------------------------------------


def _report(
    mail: Mail,
    kind: Kind,
    *,
    status: str,
    diagnostic: str,
    details: str = "",
    recipient: str = "",
) -> Report:
    return Report(
        kind=kind,
        fingerprint=_fingerprint(mail, kind, status, recipient),
        status=status,
        diagnostic=plain(diagnostic, max_length=MAX_DIAGNOSTIC),
        evidence=_evidence(mail, details),
        at=_date(mail),
    )


def _fingerprint(mail: Mail, *parts: object) -> str:
    """Name a report by its own Message-ID: on its way it may get other header fields."""
    return fingerprint(mail.fields.get("message-id") or mail.raw, *parts)


def _evidence(mail: Mail, details: str) -> str:
    header = [
        f"{name.title()}: {words_of(mail.fields.get(name))}" for name in ("from", "subject", "date")
    ]
    text = mail.first("text/plain").strip()
    whole = "\n\n".join(filter(None, ["\n".join(header), details, text]))
    return readable(whole, max_length=MAX_EVIDENCE)


def _lines(fields: Fields) -> str:
    return "\n".join(f"{name.title()}: {value}" for name, value in fields.items)


def _date(mail: Mail) -> datetime | None:
    try:
        at = email.utils.parsedate_to_datetime(mail.fields.get("date"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _addresses(values: Sequence[str]) -> list[str]:
    found = [address for value in values for address in ADDRESS.findall(value)]
    return list(dict.fromkeys(found))[:MAX_ADDRESSES]


def _message_ids(returned: Fields) -> list[str]:
    values = returned.all("message-id")
    return [value.strip().strip("<>") for value in values if value][:MAX_ADDRESSES]
