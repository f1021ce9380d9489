"""The command behind the mail server's pipe."""

import io
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from newsletter import envelope
from newsletter.models import Bounce, Subscriber

from .conftest import about


@pytest.fixture
def pipe(monkeypatch):
    """Hand a mail to the command as a mail server does; returns what it prints."""

    def hand_over(raw, *arguments):
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
        out = io.StringIO()
        call_command("receive_mail", *arguments, stdout=out)
        return out.getvalue()

    return hand_over


@pytest.mark.django_db
def test_mail_on_standard_input_is_acted_on(pipe, delivery):
    assert pipe(about(delivery)) == "recorded\n"
    assert Subscriber.objects.get().state == "suppressed"


@pytest.mark.django_db
def test_recipient_may_be_told_by_the_mail_server(pipe, delivery):
    address = envelope.leaving_address(delivery.pk)
    assert pipe(b"Subject: leave\n\n", "--recipient", address) == "left\n"


@pytest.mark.django_db
def test_mail_of_any_size_is_read_to_its_end(pipe, delivery):
    assert pipe(about(delivery) + b"x" * 3_000_000) == "recorded\n"


@pytest.mark.django_db
def test_mail_that_is_not_ours_is_taken_all_the_same(pipe):
    """A refusal would make a bounce of a bounce."""
    assert pipe(b"") == "not ours\n"
    assert Bounce.objects.count() == 0


def test_mail_server_keeps_the_mail_while_the_database_is_away(tmp_path):
    raw = b"To: mail@lists.review.example\n\nMessage"
    environment = os.environ | {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "BOUNCE_ADDRESS": "mail@lists.review.example",
    }
    address = "mail+b1.aaaaaaaaaaaaaaaaaaaaaaaa@lists.review.example"
    returned = b"Content-Type: message/rfc822\nTo: x@y.example\n\nMessage-ID: <a@b>\n\n"
    command = [sys.executable, "manage.py", "receive_mail", "--recipient", address]
    done = subprocess.run(
        command, input=returned + raw, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 75
    assert done.stdout == b""
    assert b"could not be received now" in done.stderr
