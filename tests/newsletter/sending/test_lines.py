import contextlib
import socket
import threading
from datetime import UTC, datetime

import pytest
from django.core.mail import mailers

from blog.models import SiteSettings
from newsandtimes.environment import mailer
from newsletter.models import Digest, Edition, MailSettings, Variant
from newsletter.sending.backends import new_line
from newsletter.sending.lines import SmtpLine
from newsletter.sending.message import Letter, Reader
from newsletter.sending.outcomes import Fate

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HANG_UP = object()


class Scripted:
    """A mail server that answers each verb as it is told to; each connection has its script."""

    def __init__(self, *scripts, is_pipelining=True):
        self.mails = []
        self.is_pipelining = is_pipelining
        self._scripts = list(scripts)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        with self._listening:
            for script in self._scripts:
                connection, _ = self._listening.accept()
                gone = contextlib.suppress(ConnectionError)
                with gone, connection, connection.makefile("rwb") as wire:
                    self._talk(wire, {verb: list(replies) for verb, replies in script.items()})

    def _talk(self, wire, script):
        self._say(wire, "220 here")
        while line := wire.readline():
            verb = line[:4].decode().upper()
            if verb == "EHLO":
                extension = "250-PIPELINING\r\n" * self.is_pipelining
                self._say(wire, f"250-here\r\n{extension}250 OK")
                continue
            reply = (script.get(verb) or ["354 go" if verb == "DATA" else "250 OK"]).pop(0)
            if reply is not HANG_UP:
                self._say(wire, reply)
                if reply.startswith("354"):
                    reply = self._take(wire, script)
            if reply is HANG_UP:
                return

    def _take(self, wire, script):
        mail = b""
        while not mail.endswith(b"\r\n.\r\n") and mail != b".\r\n":
            line = wire.readline()
            if not line:
                return HANG_UP
            mail += line
        self.mails.append(mail)
        reply = (script.get("mail") or ["250 taken"]).pop(0)
        if reply is not HANG_UP:
            self._say(wire, reply)
        return reply

    def _say(self, wire, line):
        wire.write(f"{line}\r\n".encode())
        wire.flush()

    def close(self):
        """End, even if nobody has come for the last scripts."""
        while self._thread.is_alive():
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            self._thread.join(timeout=0.1)


@pytest.fixture
def letter():
    edition = Edition(pk=1, kind="digest", digest=Digest(title="Daily", slug="daily"))
    text = f"Read {'m' * 32}\n.\n..dots\n"
    variant = Variant(
        edition=edition, mark="m" * 32, subject="Daily", text=text, html="<p>", language="en"
    )
    return Letter(variant, site=SiteSettings(title="The Review"), mail=MailSettings())


@pytest.fixture
def connect(settings):
    """Open a line to a server with these scripts."""
    opened = []

    def connect(*scripts, **options):
        server = Scripted(*scripts, **options)
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{server.port}")}
        line = new_line()
        line.open()
        opened.append((line, server))
        return line, server

    yield connect
    for line, server in opened:
        line.close()
        server.close()


def send(line, letter, number=1, email="reader@example.org"):
    reader = Reader(delivery_id=number, message_id=f"{number}@here", email=email, key="k" * 22)
    return line.send(letter, reader, now=NOW)


@pytest.mark.parametrize("is_pipelining", [True, False])
def test_line_stays_open_for_the_next_mail_whatever_became_of_the_last(
    connect, letter, is_pipelining
):
    line, _ = connect(
        {"RCPT": ["250 OK", "550 5.1.1 Unknown", "451 4.2.0 Later"], "mail": ["250 2.0.0 Taken"]},
        is_pipelining=is_pipelining,
    )

    outcomes = [send(line, letter, number) for number in range(1, 5)]

    assert [(outcome.fate, outcome.code) for outcome in outcomes] == [
        (Fate.ACCEPTED, 250),
        (Fate.REFUSED, 550),
        (Fate.DEFERRED, 451),
        (Fate.ACCEPTED, 250),
    ]
    assert [outcome.is_about_reader for outcome in outcomes[1:3]] == [True, True]
    assert line.is_open


def test_line_doubles_the_dots_that_begin_a_line(connect, letter):
    line, server = connect({})

    send(line, letter)

    assert b"\r\n...dots\r\n" in server.mails[0]
    assert server.mails[0].count(b"\r\n.\r\n") == 1


@pytest.mark.parametrize(
    ("script", "fate", "code"),
    [
        ({"MAIL": ["550 5.7.1 Not you"]}, Fate.REFUSED, 550),
        ({"MAIL": ["421 4.3.2 Closing"]}, Fate.POSTPONED, 421),
        ({"RCPT": [HANG_UP]}, Fate.DEFERRED, None),
        ({"DATA": ["451 Later"]}, Fate.DEFERRED, 451),
        ({"DATA": [HANG_UP]}, Fate.DEFERRED, None),
        ({"mail": ["554 5.6.0 Spam"]}, Fate.REFUSED, 554),
        ({"mail": ["452 4.3.1 Full"]}, Fate.DEFERRED, 452),
        ({"mail": ["421 4.3.2 Closing"]}, Fate.POSTPONED, 421),
        ({"mail": [HANG_UP]}, Fate.LOST, None),
    ],
)
@pytest.mark.parametrize("is_pipelining", [True, False])
def test_line_tells_certain_ends_from_unknown_ones(
    connect, letter, script, fate, code, is_pipelining
):
    line, server = connect(script, is_pipelining=is_pipelining)

    outcome = send(line, letter)

    assert (outcome.fate, outcome.code) == (fate, code)
    assert outcome.is_about_reader == bool(code and "MAIL" not in script)
    assert line.is_open == (code not in {None, 421})
    whole = [mail for mail in server.mails if b"Message-ID" in mail]
    assert len(whole) == ("mail" in script)


def test_line_that_was_closed_while_it_rested_is_opened_anew_at_once(connect, letter):
    line, server = connect({"MAIL": ["250 OK", HANG_UP]}, {})

    assert send(line, letter, 1).fate is Fate.ACCEPTED
    assert send(line, letter, 2).fate is Fate.ACCEPTED

    assert len(server.mails) == 2


def test_line_that_is_dropped_for_a_mail_each_time_counts_that_as_its_tries(connect, letter):
    line, _ = connect({"MAIL": ["250 OK", HANG_UP]}, {"MAIL": [HANG_UP]})
    send(line, letter, 1)

    assert send(line, letter, 2).fate is Fate.DEFERRED
    assert not line.is_open


def test_mail_to_nobody_is_empty_where_the_server_wants_it_nevertheless(connect, letter):
    """RFC 2920, 3.1: a server that pipelines may say 354 although it has refused the recipient."""
    line, server = connect({"RCPT": ["550 5.1.1 Unknown"], "mail": ["554 No recipients"]})

    assert send(line, letter).code == 550

    assert server.mails == [b".\r\n"]
    assert line.is_open


def test_line_does_not_send_what_the_server_cannot_address(connect, letter):
    line, server = connect({})

    outcome = send(line, letter, email="читач@example.org")

    assert (outcome.fate, outcome.code) == (Fate.REFUSED, None)
    assert server.mails == []


def test_server_that_is_not_there_is_an_error(settings):
    settings.MAILERS = {"default": mailer("smtp://127.0.0.1:9", timeout_s=2)}
    line = SmtpLine(mailers.default)

    with pytest.raises(OSError, match="refused"):
        line.open()

    assert not line.is_open
