"""A kept-open SMTP connection (RFC 5321, RFC 2920), for the mails of a newsletter."""

import contextlib
import smtplib
import socket
import time
from datetime import datetime

from django.core.mail.backends.smtp import EmailBackend

from newsletter.sending.message import Letter, Reader
from newsletter.sending.outcomes import SERVICE_ENDS, Fate, Outcome, by_code

SUCCESS = range(200, 300)
GO_AHEAD = 354
MOST_OF_ANSWER = 500
# Who has left meanwhile gets nothing more: a mail that waited longer is asked about anew.
MOST_SECONDS_FOR_OPENING = 3

type Reply = tuple[int, str]


class _NothingHeardError(Exception):
    """The server had hung up while the connection rested: not a word about the mail at hand."""


class SmtpLine:
    """One connection of Django's SMTP backend, which opens it: address, TLS, password.

    For use by one thread at a time.
    """

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend
        self._is_used = False
        self._has_heard = False

    @property
    def is_open(self) -> bool:
        """Whether another mail may go over it."""
        return self._backend.connection is not None

    def open(self) -> None:
        """Connect if that is needed. Raises OSError, as smtplib's errors are."""
        if self.is_open:
            return
        try:
            self._backend.open()
            self._smtp.ehlo_or_helo_if_needed()
        except OSError:
            self.close()
            raise
        if self._smtp.sock is not None:
            self._smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._is_used = False

    def close(self) -> None:
        """Say goodbye. What became of the mails is known by now."""
        with contextlib.suppress(OSError):
            self._backend.close()
        self._backend.connection = None

    def send(self, letter: Letter, reader: Reader, *, now: datetime) -> Outcome:
        """Hand one mail over; never raises for what a network or a server can do.

        Not before the server has said "go ahead" to DATA does a byte of the mail leave.
        """
        try:
            data = letter.fill(reader, now=now)
        except ValueError as error:
            return Outcome(fate=Fate.REFUSED, answer=str(error))
        if not reader.is_ascii and not self._smtp.has_extn("smtputf8"):
            return Outcome(fate=Fate.REFUSED, answer="The mail server lacks SMTPUTF8.")
        try:
            refusal = self._open_envelope(letter.return_path(reader), reader)
        except OSError as error:
            self._hang_up()
            return Outcome(fate=Fate.DEFERRED, answer=_words(error))
        outcome = refusal or self._hand_over(data)
        if outcome.code == SERVICE_ENDS:
            self._hang_up()
        return outcome

    def _open_envelope(self, sender: str, reader: Reader) -> Outcome | None:
        """Name sender and recipient; None if the server now waits for the mail."""
        try:
            return self._judged(self._named(sender, reader))
        except _NothingHeardError:
            began_at = time.monotonic()
            self.open()
            if time.monotonic() - began_at > MOST_SECONDS_FOR_OPENING:
                return Outcome(fate=Fate.POSTPONED, answer="The connection had to be opened anew.")
            return self._judged(self._named(sender, reader))

    def _named(self, sender: str, reader: Reader) -> list[Reply]:
        """Say MAIL, RCPT and DATA; return the replies, the last of which may be a refusal."""
        extension = "" if reader.is_ascii else " SMTPUTF8 BODY=8BITMIME"
        commands = [
            f"MAIL FROM:<{sender}>{extension}\r\n".encode(),
            f"RCPT TO:<{reader.address}>\r\n".encode(),
            b"DATA\r\n",
        ]
        self._has_heard = False
        try:
            return self._replies(commands)
        except OSError as error:
            if self._has_heard or not self._is_used:
                raise
            self._hang_up()
            raise _NothingHeardError from error
        finally:
            self._is_used = True

    def _replies(self, commands: list[bytes]) -> list[Reply]:
        if self._smtp.has_extn("pipelining"):
            self._say(b"".join(commands))
            return [self._hear() for _ in commands]
        replies: list[Reply] = []
        for command in commands:
            self._say(command)
            replies.append(self._hear())
            if not _is_welcome(replies[-1]):
                break
        return replies

    def _judged(self, replies: list[Reply]) -> Outcome | None:
        refused = [place for place, reply in enumerate(replies) if not _is_welcome(reply)]
        if not refused:
            return None
        outcome = by_code(*replies[refused[0]], is_about_reader=refused[0] > 0)
        if outcome.code != SERVICE_ENDS:
            self._forget_envelope(is_data_awaited=replies[-1][0] == GO_AHEAD)
        return outcome

    def _forget_envelope(self, *, is_data_awaited: bool) -> None:
        """Make the connection ready for the next mail, or give it up."""
        try:
            # Without a recipient an empty mail reaches nobody (RFC 2920, 3.1).
            self._say(b".\r\n" if is_data_awaited else b"RSET\r\n")
            self._hear()
        except OSError:
            self._hang_up()

    def _hand_over(self, data: bytes) -> Outcome:
        try:
            self._say(data.replace(b"\r\n.", b"\r\n..") + b".\r\n")
            code, answer = self._hear()
        except OSError as error:
            self._hang_up()
            return Outcome(fate=Fate.LOST, answer=_words(error))
        if code in SUCCESS:
            return Outcome(fate=Fate.ACCEPTED, code=code, answer=answer)
        return by_code(code, answer, is_about_reader=True)

    @property
    def _smtp(self) -> smtplib.SMTP:
        connection = self._backend.connection
        if not isinstance(connection, smtplib.SMTP):
            raise smtplib.SMTPServerDisconnected("not connected")
        return connection

    def _say(self, words: bytes) -> None:
        self._smtp.send(words)

    def _hear(self) -> Reply:
        code, answer = self._smtp.getreply()
        self._has_heard = True
        return code, answer.decode(errors="replace").replace("\0", "")[:MOST_OF_ANSWER]

    def _hang_up(self) -> None:
        """Drop the connection without a word."""
        connection, self._backend.connection = self._backend.connection, None
        if isinstance(connection, smtplib.SMTP):
            connection.close()


def _is_welcome(reply: Reply) -> bool:
    return reply[0] in SUCCESS or reply[0] == GO_AHEAD


def _words(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"[:MOST_OF_ANSWER]
