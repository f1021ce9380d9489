"""What came back is written down once, for somebody who is there."""

from datetime import UTC, datetime, timedelta

import pytest

from newsletter.bounces.recording import Report, record
from newsletter.bounces.report import Kind
from newsletter.models import Bounce, Subscriber, SubscriberEvent
from tests.factories import make_delivery, make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
State = Subscriber.State


def report(kind=Kind.HARD, **fields):
    fields = {"fingerprint": "f" * 64, "status": "5.1.1", "diagnostic": "550 no"} | fields
    return Report(kind=kind, **fields)


def test_hard_bounce_is_kept_and_stops_mail():
    delivery = make_delivery()
    bounce = record(
        report(evidence="whole report", at=NOW - timedelta(hours=1)),
        delivery=delivery,
        source=Bounce.Source.MAIL,
        now=NOW,
    )
    assert (bounce.kind, bounce.status, bounce.diagnostic) == ("hard", "5.1.1", "550 no")
    assert (bounce.evidence, bounce.at) == ("whole report", NOW - timedelta(hours=1))
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.suppressed_at) == (State.SUPPRESSED, NOW)
    event = SubscriberEvent.objects.get()
    assert (event.kind, event.at) == ("suppressed", NOW)
    assert event.detail == {"bounce": bounce.pk, "reason": "hard"}


def test_the_same_report_counts_once():
    delivery = make_delivery()
    first = record(report(), delivery=delivery, source=Bounce.Source.MAIL, now=NOW)
    again = record(report(), delivery=delivery, source=Bounce.Source.WEBHOOK, now=NOW)
    assert (first.pk, again) == (Bounce.objects.get().pk, None)
    assert SubscriberEvent.objects.count() == 1


def test_report_from_the_future_is_of_now():
    late = report(at=NOW + timedelta(days=400))
    record(late, delivery=make_delivery(), source=Bounce.Source.MAIL, now=NOW)
    assert Bounce.objects.get().at == NOW


def test_nothing_is_kept_of_somebody_who_is_erased():
    delivery = make_delivery()
    delivery.subscriber.delete()
    delivery.refresh_from_db()
    assert record(report(), delivery=delivery, source=Bounce.Source.MAIL, now=NOW) is None
    assert record(report(), delivery=None, source=Bounce.Source.MAIL, now=NOW) is None
    assert Bounce.objects.count() == 0


def test_bounce_of_a_mail_outside_the_ledger_counts_too():
    subscriber = make_subscriber(state=State.PENDING, confirmed_at=None)
    source = Bounce.Source.MAIL
    bounce = record(report(), delivery=None, subscriber=subscriber, source=source, now=NOW)
    assert (bounce.subscriber, bounce.delivery) == (subscriber, None)
    assert Subscriber.objects.get().state == State.SUPPRESSED


@pytest.mark.parametrize("kind", [Kind.AUTO, Kind.SOFT, Kind.QUOTA, Kind.POLICY])
def test_what_may_pass_stops_nothing_by_itself(kind):
    assert record(report(kind), delivery=make_delivery(), source=Bounce.Source.MAIL, now=NOW)
    assert Subscriber.objects.get().state == State.ACTIVE
    assert SubscriberEvent.objects.count() == 0


def test_complaint_stops_mail():
    record(report(Kind.COMPLAINT), delivery=make_delivery(), source=Bounce.Source.MAIL, now=NOW)
    assert Subscriber.objects.get().state == State.SUPPRESSED
