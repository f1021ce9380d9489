"""What a sender does when the mail server, the reader, or who runs it, changes their mind."""

import socket
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone

from newsandtimes.environment import mailer
from newsletter.models import Delivery, Edition, MailSettings, SentSecond, Subscriber
from newsletter.sending import hands
from newsletter.sending.sender import Options, Sender
from tests.factories import make_delivery, make_edition

pytestmark = pytest.mark.django_db

State = Delivery.State


def going(mails, **fields):
    now = timezone.now()
    times = {"alive_at": now, "frozen_at": now, "prepared_at": now}
    edition = make_edition(**times | fields)
    return [make_delivery(edition=edition) for _ in range(mails)]


class Disturbed(Sender):
    """A sender to whom something happens before each of its transactions."""

    def disturb(self):
        """Nothing, if nobody says otherwise."""

    def _exchange(self):
        self.disturb()
        super()._exchange()


def make_sender(connections=1):
    minute = timedelta(minutes=1)
    return Disturbed(
        Options(connections=connections, batch=50, lease=5 * minute, retry_after=[minute])
    )


def count(state):
    return Delivery.objects.filter(state=state).count()


@contextmanager
def stopping_after(sender, mailbox, mails):
    """Stop a sender from another thread, as a signal would, after so many mails."""
    came = threading.Event()
    taken = mailbox.handle_DATA

    async def handle(server, session, envelope):
        answer = await taken(server, session, envelope)
        if len(mailbox.envelopes) == mails:
            came.set()
        return answer

    def stop():
        if came.wait(timeout=30):
            sender.stop()

    mailbox.handle_DATA = handle
    thread = threading.Thread(target=stop)
    thread.start()
    yield
    thread.join()


def test_stopped_sender_finishes_what_is_in_flight_and_gives_back_the_rest(smtp):
    going(40)
    sender = make_sender(connections=2)

    with stopping_after(sender, smtp, 5):
        sender.run(forever=True)

    assert count(State.SENT) == len(smtp.envelopes)
    assert 5 <= len(smtp.envelopes) < 40
    assert count(State.SENT) + count(State.QUEUED) == 40
    assert not Delivery.objects.exclude(claimed_by=None).exists()


def test_server_that_is_down_costs_no_mail_and_no_try(settings, mailbox, monkeypatch):
    monkeypatch.setattr(hands, "LONGEST_PAUSE_S", 0.1)
    going(3)
    with socket.socket() as closed:  # bound, not listening: connections are refused
        closed.bind(("127.0.0.1", 0))
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{closed.getsockname()[1]}")}
        sender = make_sender()
        threading.Timer(0.5, sender.stop).start()
        sender.run(forever=True)
    assert count(State.QUEUED) == 3
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}

    settings.MAILERS = {"default": mailer(mailbox.url)}
    make_sender().run(forever=False)

    assert count(State.SENT) == len(mailbox.envelopes) == 3


def test_who_leaves_while_it_goes_out_gets_nothing_more(smtp):
    """The claim of a batch may be old; that of leaving never is."""
    rows = going(6)
    sender = make_sender()

    def leave():
        if len(smtp.envelopes) == 2:
            Subscriber.objects.filter(pk__in=[row.subscriber_id for row in rows]).update(
                state=Subscriber.State.UNSUBSCRIBED
            )

    sender.disturb = leave
    sender.run(forever=False)

    assert len(smtp.envelopes) == count(State.SENT) <= 3
    assert count(State.DROPPED) == 6 - count(State.SENT)


def test_edition_that_is_paused_while_it_goes_out_stops(smtp):
    rows = going(6)
    sender = make_sender()

    def pause():
        if len(smtp.envelopes) == 2:
            Edition.objects.update(state=Edition.State.PAUSED)

    sender.disturb = pause
    sender.run(forever=False)

    assert len(smtp.envelopes) == count(State.SENT) <= 3
    assert count(State.QUEUED) == len(rows) - count(State.SENT)


def test_sender_keeps_to_the_limit_and_goes_on_when_it_may(smtp, time_machine):
    MailSettings(max_per_minute=40).save()  # one a second
    going(3)
    sender = make_sender()
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    sender.disturb = lambda: time_machine.shift(0.25)
    sender.run(forever=False)

    seconds = list(SentSecond.objects.order_by("at").values_list("count", flat=True))
    assert seconds == [1, 1, 1]
    assert len(smtp.envelopes) == 3
