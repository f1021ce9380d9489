"""Empties the mailbox that bounces come to, by IMAP (RFC 3501).

A mail is deleted only after what it says is stored. One that is not about a mail of ours, or that
cannot be read, is flagged and left for a person; flagged ones are not looked at again until
somebody takes the flag away. So a run may end at any point, and two may run at once.
"""

import imaplib
import logging
import ssl
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from newsletter.bounces.mime import MAX_BYTES
from newsletter.bounces.receiving import Outcome, receive

logger = logging.getLogger(__name__)

TIMEOUT_S = 30
MAX_MAILS = 1_000
"""In one run; the next goes on with the rest."""

SCHEMES = {"imaps": 993, "imap+tls": 143, "imap": 143}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class MailboxError(Exception):
    """The mailbox could not be reached, or its server does not do what is asked."""


@dataclass(frozen=True)
class Account:
    """Where the mailbox is."""

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"


def account_of(url: str) -> Account:
    """Return what ``imaps://user:password@host/folder`` says; ``imap+tls://`` is STARTTLS.

    Raises ImproperlyConfigured, as for ``imap://`` anywhere but on this machine.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or not parts.username:
        raise ImproperlyConfigured(
            "BOUNCE_MAILBOX must be like imaps://user:password@mail.example.org/INBOX"
        )
    if parts.scheme == "imap" and parts.hostname not in LOOPBACK:
        raise ImproperlyConfigured(
            "BOUNCE_MAILBOX would send its password in the clear: use imaps:// or imap+tls://"
        )
    return Account(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or SCHEMES[parts.scheme],
        user=unquote(parts.username),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")) or "INBOX",
    )


def collect(*, now: datetime, max_mails: int = MAX_MAILS) -> Counter[Outcome]:
    """Act on the mails in settings.BOUNCE_MAILBOX, oldest first; return how many ended how.

    Raises MailboxError, and DatabaseError: then the mails not yet acted on stay as they are.
    """
    account = account_of(settings.BOUNCE_MAILBOX)
    try:
        with _opened(account) as server:
            return _empty(server, now=now, max_mails=max_mails)
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxError(f"{account.user} at {account.host}: {error}") from error


@contextmanager
def _opened(account: Account) -> Iterator[imaplib.IMAP4]:
    server: imaplib.IMAP4
    context = ssl.create_default_context()
    if account.scheme == "imaps":
        server = imaplib.IMAP4_SSL(
            account.host, account.port, ssl_context=context, timeout=TIMEOUT_S
        )
    else:
        server = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT_S)
    try:
        if account.scheme == "imap+tls":
            server.starttls(context)
        server.login(account.user, account.password)
        _check(server.select(f'"{account.folder}"'))
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _empty(server: imaplib.IMAP4, *, now: datetime, max_mails: int) -> Counter[Outcome]:
    found = _check(server.uid("SEARCH", "UNFLAGGED", "UNDELETED"))
    uids = (found[0] or b"").split()[:max_mails]
    outcomes: Counter[Outcome] = Counter()
    done: list[str] = []
    try:
        for uid in map(bytes.decode, uids):
            raw = _fetch(server, uid)
            if raw is None:
                continue  # another run was quicker
            outcome = _act(raw, uid, now=now)
            outcomes[outcome] += 1
            if outcome is Outcome.NOT_OURS:
                _check(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Flagged)"))
            else:
                _check(server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))
                done.append(uid)
    finally:
        if done:
            _expunge(server, done)
    return outcomes


def _act(raw: bytes, uid: str, *, now: datetime) -> Outcome:
    try:
        return receive(raw, now=now)
    except DatabaseError:
        raise
    except Exception:
        # One mail that we stumble over must not hold up those behind it.
        logger.exception("Mail %s in the bounce mailbox is set aside", uid)
        return Outcome.NOT_OURS


def _fetch(server: imaplib.IMAP4, uid: str) -> bytes | None:
    """Return a mail's beginning without marking it as read; None if it is gone."""
    answer = _check(server.uid("FETCH", uid, f"(UID BODY.PEEK[]<0.{MAX_BYTES}>)"))
    for item in answer:
        if isinstance(item, tuple):
            return bytes(item[1])
    return None


def _expunge(server: imaplib.IMAP4, uids: list[str]) -> None:
    """Remove what is done; only that, where the server can (UIDPLUS, RFC 4315)."""
    if "UIDPLUS" in server.capabilities:
        _check(server.uid("EXPUNGE", ",".join(uids)))
    else:
        _check(server.expunge())


def _check(answer: tuple[str, Any]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"the server answers {status}: {data!r}")
    return list(data)
