"""Reports in words, where a mail has no fields to go by: the last resort.

flufl.bounce knows how dozens of mail servers put the address that failed. What it means is
still judged by the codes that stand near, never by what the words say.
"""

import email
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from flufl.bounce import all_failures

from newsletter.bounces.mime import Mail
from newsletter.bounces.report import MAX_DIAGNOSTIC, Kind, kind_of, plain, status_in

logger = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
MAX_TEXT = 16_000
MAX_FAILED = 20
LINES_ABOUT_ADDRESS = 12

# Where the returned mail begins, if it stands in the same text.
RETURNED = re.compile(
    r"^(received|return-path|message-id|from|to|subject|date|dkim-signature|mime-version): ",
    re.IGNORECASE | re.MULTILINE,
)
CODE = re.compile(r"(?<![\w.:/-])([45]\d\d)(?=[ :-])")


@dataclass(frozen=True)
class Failure:
    """What the words say of one address; the address is "" where none was found."""

    kind: Kind
    address: str
    status: str
    words: str


def failures_named(mail: Mail, addresses: list[str]) -> Iterator[Failure]:
    """Yield what a mail says of addresses of which it is known that they failed."""
    text = _notice(mail)
    for address in addresses[:MAX_FAILED]:
        about = _lines_about(address, text)
        coded = about if _has_code(about) else text
        yield _failure(address, coded, shown=about or text)


def guessed(mail: Mail) -> Iterator[Failure]:
    """Yield what flufl.bounce finds, or what a mail server says with a code that is for good.

    Nothing for a warning that a mail is still being tried.
    """
    temporary, permanent = _by_flufl(mail)
    if permanent:
        yield from failures_named(mail, permanent)
    elif not temporary:
        text = _notice(mail)
        # 4xx without fields is a warning as often as not.
        is_final = re.search(r"(?<![\w.])5(\d\d[ -]|\.\d)", text) is not None
        is_bare = is_from_server(mail) and not _has_code(text)
        if is_bare or (is_final and (is_from_server(mail) or _has_no_sender(mail))):
            yield _failure("", text, shown=text)


def is_from_server(mail: Mail) -> bool:
    """Say whether a mail claims to come from a mail server, not from a person."""
    sender = mail.fields.get("from").lower()
    return "mailer-daemon" in sender or "postmaster" in sender


def _has_no_sender(mail: Mail) -> bool:
    """Say whether the envelope names none: so do reports, but holiday notes as well."""
    return mail.fields.get("return-path").replace(" ", "") == "<>"


def _failure(address: str, text: str, *, shown: str) -> Failure:
    status = status_in(text)
    code = CODE.search(text)
    # Without any code nobody knows for how long it holds: it has to happen again.
    is_known = bool(status or code)
    kind = kind_of(status, text[code.start() :] if code else "") if is_known else Kind.SOFT
    return Failure(kind, address, status, plain(shown, max_length=MAX_DIAGNOSTIC))


def _has_code(text: str) -> bool:
    return bool(status_in(text) or CODE.search(text))


def _by_flufl(mail: Mail) -> tuple[list[str], list[str]]:
    try:
        found = all_failures(email.message_from_bytes(mail.raw[:MAX_BYTES]))
    except Exception as error:
        logger.info("flufl.bounce gives up on a mail: %r", error)
        return [], []
    temporary, permanent = (
        sorted(address.decode(errors="replace") for address in addresses if address)
        for addresses in found
    )
    return temporary, permanent


def _notice(mail: Mail) -> str:
    """Return what the server wrote, without the mail that it returns below."""
    text = mail.first("text/plain", "text/html")[:MAX_TEXT]
    returned = RETURNED.search(text)
    return text[: returned.start()] if returned else text


def _lines_about(address: str, text: str) -> str:
    at = text.lower().find(address.lower())
    if at < 0:
        return ""
    lines = text[text.rfind("\n", 0, at) + 1 :].splitlines()[:LINES_ABOUT_ADDRESS]
    end = next((n for n, line in enumerate(lines) if n and line.startswith("---")), None)
    return "\n".join(lines[:end])
