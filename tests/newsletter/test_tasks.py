"""The worker's and the clock's part, on the queue that production has."""

import re
import socket
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from crontask import scheduler
from django.tasks import TaskResultStatus
from django.test import Client
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from newsandtimes.environment import mailer
from newsletter import tasks
from newsletter.models import Subscriber, UnansweredAddress
from newsletter.subscribing import stamps
from newsletter.subscribing.signup import sign_up
from tests.factories import make_subscriber

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
State = Subscriber.State


def ask(email="reader@example.org"):
    return sign_up(email=email, consent_form="/", consent_text="", language="en", now=NOW)


def stamp():
    return stamps.for_all(now=datetime.now(UTC))


def work():
    """Do what is due, as a worker process would."""
    Worker(
        queue_names=["default"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="worker",
        excluded_queue_names=[],
    ).run()


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def no_server(settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # not listening
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{nobody.getsockname()[1]}")}
        yield


@pytest.mark.django_db(transaction=True)
def test_sign_up_to_unsubscribe_through_worker_and_mail_server(database_queue, smtp):
    browser = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    browser.post("/subscribe/", {"email": "Reader@Example.org", "stamp": stamp()})
    assert smtp.envelopes == []

    work()
    (envelope,) = smtp.envelopes
    assert envelope.rcpt_tos == ["Reader@example.org"]
    assert envelope.mail_from == "review@testserver"
    text = smtp.messages[0].get_body(("plain",)).get_content()
    confirm, own = re.findall(r"^http://testserver(/subscri.+)$", text, re.MULTILINE)

    browser.post(confirm)
    assert Subscriber.objects.active().count() == 1
    browser.post(own + "unsubscribe/", {"List-Unsubscribe": "One-Click"})
    assert Subscriber.objects.get().state == State.UNSUBSCRIBED


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "email",
    [
        "reader@example.org\r\nBcc: all@example.com",
        "reader@example.org\nSubject: Buy",
        "reader@example.org, all@example.com",
        "reader@example.org%0aBcc:all@example.com",
        '"a\r\nBcc: all"@example.com',
        "reader@example.org\r\n.\r\nMAIL FROM:<us@example.org>",
    ],
)
def test_injection_reaches_no_mail_server(database_queue, smtp, email):
    browser = Client(headers={"Origin": "http://testserver"})
    form = {"page": "/\r\nBcc: all@example.com", "stamp": stamp()}
    bad = browser.post("/subscribe/", form | {"email": email})
    good = browser.post("/subscribe/", form | {"email": "reader@example.org"})
    work()

    assert (bad.status_code, good.status_code) == (400, 303)
    (envelope,) = smtp.envelopes
    assert envelope.rcpt_tos == ["reader@example.org"]
    assert b"Bcc" not in envelope.original_content


@pytest.mark.django_db(transaction=True)
def test_mail_waits_for_a_server_that_is_away(database_queue, no_server, mailbox, settings, clock):
    ask()
    work()
    waiting = DBTaskResult.objects.get(status=TaskResultStatus.READY)
    assert waiting.run_after == NOW + tasks.RETRY_DELAYS[0]

    settings.MAILERS = {"default": mailer(mailbox.url)}
    work()
    assert mailbox.envelopes == []
    clock.shift(tasks.RETRY_DELAYS[0] + timedelta(seconds=1))
    work()
    (message,) = mailbox.messages
    assert message["Message-ID"] == waiting.args_kwargs["args"][1]


@pytest.mark.django_db(transaction=True)
def test_mail_is_given_up_after_the_last_try(database_queue, no_server, clock):
    ask()
    for delay in [timedelta(0), *tasks.RETRY_DELAYS]:
        clock.shift(delay + timedelta(seconds=1))
        work()

    statuses = DBTaskResult.objects.values_list("status", flat=True)
    assert sorted(statuses) == ["FAILED"] + ["SUCCESSFUL"] * len(tasks.RETRY_DELAYS)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [{"hangs_up": True}, {"data_answer": "554 Spam"}])
def test_mail_refused_or_perhaps_sent_is_not_sent_again(database_queue, smtp, clock, fault):
    for name, value in fault.items():
        setattr(smtp, name, value)
    ask()
    work()
    smtp.hangs_up, smtp.data_answer = False, "250 OK"
    clock.shift(timedelta(days=1))
    work()

    assert len(smtp.envelopes) == int("hangs_up" in fault)
    assert DBTaskResult.objects.get().status == TaskResultStatus.FAILED


@pytest.mark.django_db(transaction=True)
def test_mail_is_not_sent_to_who_confirmed_meanwhile(database_queue, smtp):
    ask()
    Subscriber.objects.update(state=State.ACTIVE)
    work()

    assert smtp.envelopes == []
    assert DBTaskResult.objects.get().return_value is False


@pytest.mark.django_db
def test_clock_erases_the_unconfirmed_every_hour():
    jobs = {job.name: str(job.trigger) for job in scheduler.get_jobs()}
    make_subscriber(
        state=State.PENDING, confirmed_at=None, confirmation_sent_at=NOW - timedelta(days=8)
    )
    kept = make_subscriber()
    UnansweredAddress.objects.create(
        digest="old", mails_sent=3, erased_at=NOW - timedelta(days=366)
    )

    with time_machine.travel(NOW):
        assert tasks.erase_unconfirmed.enqueue().return_value == 1
    assert list(Subscriber.objects.all()) == [kept]
    assert UnansweredAddress.objects.count() == 0
    assert jobs["erase_unconfirmed"] == (
        "cron[month='*', day='*', day_of_week='*', hour='*', minute='23']"
    )
