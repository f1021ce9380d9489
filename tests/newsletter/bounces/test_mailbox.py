"""The mailbox that bounces come to, in a real Dovecot."""

import os
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from newsletter import envelope
from newsletter.bounces.mailbox import Account, MailboxError, account_of, collect
from newsletter.bounces.receiving import Outcome
from newsletter.models import Bounce, Subscriber
from newsletter.tasks import empty_bounce_mailbox
from tests.factories import make_delivery

from .conftest import about

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 28, 18, tzinfo=UTC)
LETTER = b"From: a person\nSubject: Hello\n\nHow are you?\n"


def test_mails_of_ours_are_acted_on_and_removed_others_are_left_with_a_flag(dovecot, delivery):
    dovecot.put(about(delivery))
    dovecot.put(LETTER)
    dovecot.put(f"To: {envelope.leaving_address(make_delivery().pk)}\n\n".encode())
    dovecot.put(about(delivery, "postfix-delayed"))

    counts = {Outcome.RECORDED: 1, Outcome.NOT_OURS: 1, Outcome.LEFT: 1, Outcome.NOTHING: 1}
    assert collect(now=NOW) == counts
    assert dovecot.mails == [(LETTER, "F")]
    assert Bounce.objects.get().kind == "hard"
    assert sorted(Subscriber.objects.values_list("state", flat=True)) == [
        "suppressed",
        "unsubscribed",
    ]
    assert collect(now=NOW) == {}


def test_what_a_person_has_read_is_still_acted_on(dovecot, delivery):
    dovecot.put(about(delivery), flags="S")
    assert collect(now=NOW) == {Outcome.RECORDED: 1}
    assert dovecot.mails == []


def test_a_run_takes_the_oldest_and_the_next_goes_on(dovecot, delivery):
    for _ in range(3):
        dovecot.put(about(delivery, "postfix-delayed"))
    assert collect(now=NOW, max_mails=2).total() == 2
    assert len(dovecot.mails) == 1
    assert collect(now=NOW, max_mails=2).total() == 1


def failing_at(number, error):
    """Have the database fail at one query for deliveries: the first of each mail."""
    seen = []

    def execute(run, sql, params, many, context):
        if 'FROM "newsletter_delivery"' in sql and "SELECT" in sql:
            seen.append(sql)
            if len(seen) == number:
                raise error
        return run(sql, params, many, context)

    return connection.execute_wrapper(execute)


def test_nothing_is_removed_while_the_database_is_away(dovecot, delivery):
    dovecot.put(about(delivery, "postfix-delayed"))
    dovecot.put(about(delivery))
    with failing_at(2, OperationalError("gone")), pytest.raises(OperationalError):
        collect(now=NOW)
    assert [flags for _, flags in dovecot.mails] == [""]
    assert collect(now=NOW) == {Outcome.RECORDED: 1}


def test_mail_that_we_stumble_over_holds_nothing_up(dovecot, delivery, caplog):
    dovecot.put(about(delivery, "postfix-delayed"))
    dovecot.put(about(delivery))
    with failing_at(1, ZeroDivisionError()):
        assert collect(now=NOW) == {Outcome.NOT_OURS: 1, Outcome.RECORDED: 1}
    assert [flags for _, flags in dovecot.mails] == ["F"]
    assert "is set aside" in caplog.text


def test_large_mail_is_not_fetched_whole(dovecot, delivery):
    dovecot.put(about(delivery) + b"x" * 5_000_000)
    assert collect(now=NOW) == {Outcome.RECORDED: 1}


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_connection_is_encrypted_and_the_certificate_checked(
    dovecot, delivery, settings, trusted, scheme, monkeypatch
):
    port = dovecot.tls_port if scheme == "imaps" else dovecot.port
    settings.BOUNCE_MAILBOX = f"{scheme}://mail:s%40crit@localhost:{port}"
    dovecot.put(about(delivery))
    assert collect(now=NOW) == {Outcome.RECORDED: 1}
    monkeypatch.setenv("SSL_CERT_FILE", os.devnull)
    with pytest.raises(MailboxError, match="certificate verify failed"):
        collect(now=NOW)


def test_wrong_password_and_missing_folder_are_told_without_the_password(dovecot, settings):
    settings.BOUNCE_MAILBOX = dovecot.url.replace("s%40crit", "wr%6Fng")
    with pytest.raises(MailboxError) as wrong:
        collect(now=NOW)
    assert "wrong" not in str(wrong.value)
    settings.BOUNCE_MAILBOX = dovecot.url.replace("INBOX", "Elsewhere")
    with pytest.raises(CommandError, match=r"mail at 127\.0\.0\.1"):
        call_command("receive_mail", "--mailbox")


def test_command_tells_what_became_of_them(dovecot, delivery, capsys):
    dovecot.put(about(delivery))
    call_command("receive_mail", "--mailbox")
    assert capsys.readouterr().out == "     1 recorded\n"


def test_clock_empties_the_mailbox_if_there_is_one(dovecot, delivery, settings):
    dovecot.put(about(delivery))
    assert empty_bounce_mailbox.call() == {"recorded": 1}
    settings.BOUNCE_MAILBOX = ""
    assert empty_bounce_mailbox.call() == {}


def test_address_of_a_mailbox():
    account = account_of("imaps://mail%40review.example:p%2Fw@mail.example.org/Returned%20mail")
    assert account == Account(
        "imaps", "mail.example.org", 993, "mail@review.example", "p/w", "Returned mail"
    )
    assert "p/w" not in repr(account)
    assert account_of("imap+tls://a:b@mail.example.org").port == 143


@pytest.mark.parametrize(
    "url", ["", "pop3://a:b@host", "imaps://host", "imaps://a:b@", "imap://a:b@mail.example.org"]
)
def test_mailbox_must_be_named_and_safe(url):
    with pytest.raises(ImproperlyConfigured):
        account_of(url)
