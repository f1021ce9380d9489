"""When mail stops, what begins the count anew, and how it goes again."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from newsletter import suppression
from newsletter.bounces.recording import Report, record
from newsletter.bounces.report import Kind
from newsletter.models import Bounce, Delivery, Subscriber, SubscriberEvent, SuppressedAddress
from newsletter.subscribing import signup
from tests.factories import LONG_AGO, make_delivery, make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
State = Subscriber.State


@pytest.fixture
def reader():
    return make_subscriber(email="reader@example.org")


def mailed(reader, day, **fields):
    """A mail that left on a day and was taken."""
    at = NOW + day * DAY
    fields = {"state": Delivery.State.SENT, "handed_over_at": at, "finished_at": at} | fields
    return make_delivery(subscriber=reader, **fields)


def came_back(delivery, kind=Kind.SOFT, *, after=timedelta(minutes=1)):
    at = delivery.handed_over_at + after
    report = Report(kind=kind, fingerprint=f"{delivery.pk} {kind} {at}", at=at)
    record(report, delivery=delivery, source=Bounce.Source.MAIL, now=at)


def is_stopped(reader):
    reader.refresh_from_db()
    return reader.state == State.SUPPRESSED


@pytest.mark.parametrize("kind", [Kind.SOFT, Kind.QUOTA, Kind.POLICY])
def test_five_mails_in_a_row_over_two_weeks_stop_mail(reader, kind):
    stopped = []
    for day in (0, 4, 7, 11, 14):
        came_back(mailed(reader, day), kind)
        stopped.append(is_stopped(reader))
    assert stopped == [False, False, False, False, True]


def test_many_mails_in_less_than_two_weeks_do_not(reader):
    for day in range(14):
        came_back(mailed(reader, day))
    assert not is_stopped(reader)
    came_back(mailed(reader, 14))
    assert is_stopped(reader)


def test_four_mails_over_months_do_not_however_often_each_is_reported(reader):
    for day in (0, 30, 60, 90):
        delivery = mailed(reader, day)
        came_back(delivery)
        came_back(delivery, after=timedelta(hours=5))
    assert not is_stopped(reader)
    assert reader.bounces.count() == 8


def test_mail_that_arrived_begins_the_count_anew(reader):
    for day in (0, 4, 7, 11):
        came_back(mailed(reader, day))
    mailed(reader, 12)
    for day in (13, 17, 20, 24):
        came_back(mailed(reader, day))
        assert not is_stopped(reader)
    came_back(mailed(reader, 27))
    assert is_stopped(reader)


def test_reports_may_come_days_late(reader):
    """A relay tries for five days: the mails of those days have not come back *yet*."""
    sent = [mailed(reader, day) for day in range(21)]
    for delivery in sent[:14]:
        came_back(delivery, after=5 * DAY)
    assert not is_stopped(reader)
    came_back(sent[14], after=5 * DAY)
    assert is_stopped(reader)


def test_bounces_of_others_do_not_count(reader):
    for day in (0, 4, 7, 11):
        came_back(mailed(reader, day))
    came_back(mailed(make_subscriber(), 14))
    assert not is_stopped(reader)


def test_automatic_replies_neither_count_nor_hinder(reader):
    for day in (0, 4, 7, 11):
        delivery = mailed(reader, day)
        came_back(delivery, Kind.AUTO)
    assert not is_stopped(reader)


def test_who_confirms_reads_her_mail(reader):
    late = mailed(reader, 0)
    Subscriber.objects.filter(pk=reader.pk).update(confirmed_at=NOW + DAY)
    came_back(late, Kind.HARD, after=2 * DAY)
    assert not is_stopped(reader)
    came_back(mailed(reader, 2), Kind.HARD)
    assert is_stopped(reader)


def test_complaint_about_an_old_mail_stops_mail(reader):
    late = mailed(reader, 0)
    Subscriber.objects.filter(pk=reader.pk).update(confirmed_at=NOW + DAY)
    came_back(late, Kind.COMPLAINT, after=30 * DAY)
    assert is_stopped(reader)


def test_release_gives_mail_back_and_forgives_what_was(reader):
    late, later = mailed(reader, 0), mailed(reader, 1)
    came_back(later, Kind.HARD)
    assert suppression.release(reader, now=NOW + 2 * DAY, by="editor") is True
    assert (reader.state, reader.suppressed_at) == (State.ACTIVE, None)
    event = SubscriberEvent.objects.first()
    assert (event.kind, event.detail) == ("released", {"by": "editor"})
    assert suppression.release(reader, now=NOW + 2 * DAY) is False

    came_back(late, Kind.HARD, after=3 * DAY)
    assert not is_stopped(reader)
    came_back(mailed(reader, 5), Kind.HARD)
    assert is_stopped(reader)


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, State.ACTIVE),
        ({"confirmed_at": None}, State.PENDING),
        ({"unsubscribed_at": NOW}, State.UNSUBSCRIBED),
    ],
)
def test_release_gives_back_the_state_from_before(fields, state):
    reader = make_subscriber(state=State.SUPPRESSED, suppressed_at=NOW, **fields)
    assert suppression.release(reader, now=NOW) is True
    assert reader.state == state


def test_who_leaves_while_mail_is_stopped_has_left(reader):
    came_back(mailed(reader, 0), Kind.HARD)
    reader.refresh_from_db()
    assert signup.unsubscribe(reader, now=NOW + DAY) is True
    assert signup.unsubscribe(reader, now=NOW + 2 * DAY) is False
    assert (reader.state, reader.unsubscribed_at) == (State.SUPPRESSED, NOW + DAY)
    suppression.release(reader, now=NOW + 2 * DAY)
    assert reader.state == State.UNSUBSCRIBED


def ask(email, *, now=NOW):
    return signup.sign_up(email=email, consent_form="/", consent_text="", language="en", now=now)


def test_signing_up_again_gets_a_stopped_address_no_mail(reader):
    came_back(mailed(reader, 0), Kind.HARD)
    assert ask("reader@example.org", now=NOW + 9 * DAY) is False
    assert is_stopped(reader)
    assert mail.outbox == []


def test_erased_address_is_known_by_its_digest_alone(reader, settings):
    came_back(mailed(reader, 0), Kind.COMPLAINT)
    make_subscriber(email="other@example.org")
    reader.refresh_from_db()
    Subscriber.objects.all().delete()

    kept = SuppressedAddress.objects.get()
    assert kept.reason == "complaint"
    assert "reader" not in kept.digest
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, which is as long as keys have to be in production" * 2
    assert ask("READER@example.org") is False
    assert Subscriber.objects.count() == 0
    assert ask("other@example.org") is True
    keys = ["other@example.org", "reader@example.org"]
    assert suppression.remembered_among(keys) == {"reader@example.org"}


def test_erased_address_can_be_forgiven_and_is_forgotten_in_the_end():
    keys = ["a@example.org", "b@example.org", "c@example.org"]
    suppression.remember([(key, "hard") for key in keys[:2]], now=LONG_AGO)
    suppression.remember([(keys[2], "hard")], now=LONG_AGO + DAY)
    assert suppression.forgive("a@example.org") is True
    assert suppression.forgive("a@example.org") is False
    assert suppression.forget_old(now=LONG_AGO + suppression.REMEMBERED + DAY) == 1
    assert suppression.remembered_among(keys) == {"c@example.org"}


def test_command_releases_an_address_whether_it_is_still_held_or_erased(reader, capsys):
    came_back(mailed(reader, 0), Kind.HARD)
    call_command("release_address", "Reader@example.org")
    assert not is_stopped(reader)
    came_back(mailed(reader, 1), Kind.COMPLAINT)
    reader.refresh_from_db()
    reader.delete()
    call_command("release_address", "reader@example.org")
    assert capsys.readouterr().out.splitlines() == [
        "Mail goes again: confirmed.",
        "The address may sign up again.",
    ]
    for address in ("reader@example.org", "no address"):
        with pytest.raises(CommandError):
            call_command("release_address", address)
