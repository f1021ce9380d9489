"""Which mails are acted on, and which prove nothing."""

from datetime import UTC, datetime

import pytest

from newsletter import envelope
from newsletter.bounces.receiving import Outcome, receive
from newsletter.models import Bounce, Subscriber
from tests.factories import make_delivery, make_subscriber

from .conftest import about, returned

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 28, 18, tzinfo=UTC)
State = Subscriber.State


def state_of(delivery):
    return Subscriber.objects.get(pk=delivery.subscriber_id).state


def test_bounce_is_known_by_the_address_it_comes_to(delivery):
    bystander = make_delivery()
    assert receive(about(delivery), now=NOW) is Outcome.RECORDED
    bounce = Bounce.objects.get()
    assert (bounce.kind, bounce.source, bounce.status) == ("hard", "mail", "5.1.1")
    assert (bounce.delivery, bounce.subscriber) == (delivery, delivery.subscriber)
    assert bounce.at == datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC)
    assert state_of(delivery) == State.SUPPRESSED
    assert state_of(bystander) == State.ACTIVE


def test_the_same_mail_twice_is_one_bounce(delivery):
    assert receive(about(delivery), now=NOW) is Outcome.RECORDED
    assert receive(about(delivery), now=NOW) is Outcome.NOTHING
    assert Bounce.objects.count() == 1


def test_envelope_names_the_mail_where_the_header_does_not(delivery):
    raw = returned("postfix", b"mail@lists.review.example")
    raw = raw.replace(b"mail+u12.bbbb", b"x").replace(b"3f1c9a", b"other")
    assert receive(raw, now=NOW) is Outcome.NOT_OURS
    recipients = [envelope.return_path(delivery.pk)]
    assert receive(raw, recipients=recipients, now=NOW) is Outcome.RECORDED


@pytest.mark.parametrize("name", ["complaint", "complaint-redacted", "outlook-complaint"])
def test_complaint_comes_to_another_address_and_is_known_by_what_it_returns(delivery, name):
    assert receive(about(delivery, name), now=NOW) is Outcome.RECORDED
    assert Bounce.objects.get().kind == "complaint"
    assert state_of(delivery) == State.SUPPRESSED


def test_leaving_address_in_the_returned_header_is_enough(delivery):
    raw = about(delivery, "outlook-complaint").replace(b"3f1c9a@", b"rewritten-on-the-way@")
    raw = raw.replace(envelope.return_path(delivery.pk).encode(), b"bounces@relay.example")
    leaving = envelope.leaving_address(delivery.pk).encode()
    raw = raw.replace(b"mail+u12.bbbbbbbbbbbbbbbbbbbbbbbb@lists.review.example", leaving)
    assert receive(raw, now=NOW) is Outcome.RECORDED
    assert Bounce.objects.get().delivery == delivery


@pytest.mark.parametrize("name", ["postfix", "exim-3", "qmail", "complaint", "outlook-complaint"])
@pytest.mark.parametrize("spoil", ["signature", "number", "domain", "none"])
def test_forged_bounce_has_no_effect(delivery, name, spoil):
    ours = envelope.return_path(delivery.pk)
    forged = {
        "signature": ours.replace(".", ".a", 1)[: len(ours)],
        "number": envelope.return_path(delivery.pk + 1).replace(
            f"+b{delivery.pk + 1}", f"+b{delivery.pk}"
        ),
        "domain": ours.replace("lists.", "evil."),
        "none": "mail@lists.review.example",
    }[spoil]
    raw = returned(name, forged).replace(b"3f1c9a@", b"guessed@")
    assert receive(raw, recipients=[forged], now=NOW) is Outcome.NOT_OURS
    assert Bounce.objects.count() == 0
    assert state_of(delivery) == State.ACTIVE


@pytest.mark.parametrize("name", ["person", "postfix-delayed", "postfix-relayed"])
def test_mail_that_reports_no_failure_does_nothing(delivery, name):
    assert receive(about(delivery, name), now=NOW) is Outcome.NOTHING
    assert Bounce.objects.count() == 0


def test_holiday_note_is_kept_and_stops_nothing(delivery):
    assert receive(about(delivery, "vacation"), now=NOW) is Outcome.RECORDED
    assert Bounce.objects.get().kind == "auto"
    assert state_of(delivery) == State.ACTIVE


def test_nobody_can_fill_the_database_by_one_address(delivery):
    for number in range(30):
        raw = about(delivery, "vacation").replace(b"sieve-1@", b"sieve-%d@" % number)
        receive(raw, now=NOW)
    assert Bounce.objects.count() == 20


def test_confirmation_mail_comes_back_too():
    pending = make_subscriber(state=State.PENDING, confirmed_at=None)
    raw = returned("postfix", envelope.confirmation_return_path(pending.pk))
    assert receive(raw, now=NOW) is Outcome.RECORDED
    bounce = Bounce.objects.get()
    assert (bounce.subscriber, bounce.delivery) == (pending, None)
    pending.refresh_from_db()
    assert pending.state == State.SUPPRESSED


def test_bounce_of_somebody_erased_is_nothing(delivery):
    raw = about(delivery)
    delivery.subscriber.delete()
    assert receive(raw, now=NOW) is Outcome.NOTHING
    assert Bounce.objects.count() == 0


# --- Leaving by mail -----------------------------------------------------------------------------


@pytest.mark.parametrize("header", [b"", b"Auto-Submitted: auto-generated\n"])
def test_any_mail_to_the_leaving_address_unsubscribes(delivery, header):
    address = envelope.leaving_address(delivery.pk)
    raw = b"From: reader@example.org\n" + header + f"To: {address}\n\nunsubscribe\n".encode()
    assert receive(raw, now=NOW) is Outcome.LEFT
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.unsubscribed_at) == (State.UNSUBSCRIBED, NOW)
    assert receive(b"", recipients=[address], now=NOW) is Outcome.LEFT
    assert Bounce.objects.count() == 0


def test_leaving_address_cannot_be_made_up(delivery):
    address = envelope.leaving_address(delivery.pk + 1).replace(
        f"u{delivery.pk + 1}", f"u{delivery.pk}"
    )
    assert receive(f"To: {address}\n\n".encode(), now=NOW) is Outcome.NOT_OURS
    as_bounce = envelope.return_path(delivery.pk).replace("+b", "+u")
    assert receive(f"To: {as_bounce}\n\n".encode(), now=NOW) is Outcome.NOT_OURS
    assert state_of(delivery) == State.ACTIVE
