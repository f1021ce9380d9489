from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from newsletter import tokens
from newsletter.addresses import InvalidAddressError
from newsletter.models import Subscriber
from newsletter.subscribing import signup
from newsletter.tokens import InvalidTokenError
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
State = Subscriber.State


def ask(email="reader@example.org", *, now=NOW, **fields):
    fields = {"consent_form": "/", "consent_text": "One a day.", "language": "en"} | fields
    return signup.sign_up(email=email, now=now, **fields)


def test_sign_up_keeps_consent_and_asks_by_mail():
    assert ask("Reader@Example.org", consent_form="/archive/", language="uk") is True

    subscriber = Subscriber.objects.get()
    assert subscriber.email == "Reader@example.org"
    assert subscriber.email_key == "reader@example.org"
    assert subscriber.state == State.PENDING
    assert subscriber.language == "uk"
    assert subscriber.consent_form == "/archive/"
    assert subscriber.consent_text == "One a day."
    assert subscriber.confirmed_at is None
    assert subscriber.confirmations_sent == 1
    assert subscriber.confirmation_sent_at == NOW
    assert [message.to for message in mail.outbox] == [["Reader@example.org"]]


def test_sign_up_refuses_what_is_no_address():
    with pytest.raises(InvalidAddressError):
        ask("reader@example.org\nBcc: all@example.org")

    assert Subscriber.objects.count() == 0
    assert mail.outbox == []


def test_sign_up_mails_an_address_once_in_24_hours_and_three_times_ever():
    hours = [0, 1, 23, 24, 25, 48, 72, 1000]
    results = [
        ask(email, now=NOW + timedelta(hours=hour))
        for hour in hours
        for email in ("reader@example.org", "READER@example.org")
    ]

    mailed_at = [hour for hour, is_mailed in zip(hours, results[::2], strict=True) if is_mailed]
    assert mailed_at == [0, 24, 48]
    assert not any(results[1::2])
    assert len(mail.outbox) == 3
    assert Subscriber.objects.count() == 1


def test_sign_up_of_an_active_address_changes_and_sends_nothing():
    subscriber = make_subscriber(consent_form="/old/", confirmation_sent_at=None)
    before = Subscriber.objects.values().get()

    assert ask(subscriber.email, consent_form="/new/") is False
    assert Subscriber.objects.values().get() == before
    assert mail.outbox == []


def test_sign_up_of_an_unsubscribed_address_asks_again_and_changes_no_state():
    subscriber = make_subscriber(state=State.UNSUBSCRIBED, unsubscribed_at=NOW - DAY)

    assert ask(subscriber.email) is True
    subscriber.refresh_from_db()
    assert subscriber.state == State.UNSUBSCRIBED
    assert len(mail.outbox) == 1


def test_sign_up_that_is_rolled_back_queues_no_mail(database_queue):
    from django_tasks_db.models import DBTaskResult

    with transaction.atomic():
        ask()
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)

    assert DBTaskResult.objects.count() == 0
    assert Subscriber.objects.count() == 0


def test_confirm_makes_active_once_and_counts_anew():
    ask()
    subscriber = Subscriber.objects.get()
    token = tokens.make_confirmation(subscriber.key, now=NOW)
    later = NOW + timedelta(hours=1)

    assert signup.confirm(signup.find_to_confirm(token, now=later), now=later) is True
    assert signup.confirm(signup.find_to_confirm(token, now=later), now=later + DAY) is False
    subscriber.refresh_from_db()
    assert subscriber.state == State.ACTIVE
    assert subscriber.confirmed_at == later
    assert subscriber.confirmations_sent == 0
    assert subscriber.confirmation_sent_at == NOW


def test_confirmation_token_from_before_the_unsubscribing_is_void():
    subscriber = make_subscriber()
    token = tokens.make_confirmation(subscriber.key, now=NOW)
    assert signup.find_to_confirm(token, now=NOW) == subscriber

    signup.unsubscribe(subscriber, now=NOW + timedelta(minutes=1))

    with pytest.raises(InvalidTokenError):
        signup.find_to_confirm(token, now=NOW + timedelta(minutes=2))


def test_unsubscribed_address_comes_back_by_confirming_anew():
    subscriber = make_subscriber()
    signup.unsubscribe(subscriber, now=NOW)
    ask(subscriber.email, now=NOW + DAY)
    token = tokens.make_confirmation(subscriber.key, now=NOW + DAY)

    assert signup.confirm(signup.find_to_confirm(token, now=NOW + DAY), now=NOW + DAY) is True
    subscriber.refresh_from_db()
    assert subscriber.state == State.ACTIVE
    assert subscriber.confirmed_at == NOW + DAY
    assert subscriber.unsubscribed_at is None


def test_token_of_an_erased_subscriber_is_void():
    subscriber = make_subscriber()
    token = tokens.make_confirmation(subscriber.key, now=NOW)
    own = tokens.make_subscription(subscriber.key)
    assert signup.find_subscription(own) == subscriber
    subscriber.delete()

    with pytest.raises(InvalidTokenError):
        signup.find_to_confirm(token, now=NOW)
    with pytest.raises(InvalidTokenError):
        signup.find_subscription(own)


def test_unsubscribe_is_idempotent_and_keeps_the_first_time():
    subscriber, other = make_subscriber(), make_subscriber()

    assert signup.unsubscribe(subscriber, now=NOW) is True
    assert signup.unsubscribe(subscriber, now=NOW + DAY) is False
    assert subscriber.state == State.UNSUBSCRIBED
    assert subscriber.unsubscribed_at == NOW
    assert list(Subscriber.objects.active()) == [other]


def test_unsubscribe_before_confirming_ends_all_asking():
    ask()
    subscriber = Subscriber.objects.get()

    assert signup.unsubscribe(subscriber, now=NOW) is True
    assert subscriber.state == State.UNSUBSCRIBED
    assert ask(now=NOW + 30 * DAY) is False
    assert len(mail.outbox) == 1


def test_resubscribe_takes_an_unsubscribing_back():
    subscriber = make_subscriber()
    signup.unsubscribe(subscriber, now=NOW)

    assert signup.resubscribe(subscriber, now=NOW + DAY) is True
    assert signup.resubscribe(subscriber, now=NOW + 2 * DAY) is False
    assert subscriber.state == State.ACTIVE
    assert subscriber.confirmed_at == NOW + DAY
    assert subscriber.unsubscribed_at is None


def test_resubscribe_confirms_nobody_who_never_answered():
    subscriber = make_subscriber(state=State.PENDING, confirmed_at=None)

    assert signup.resubscribe(subscriber, now=NOW) is False
    assert subscriber.state == State.PENDING
