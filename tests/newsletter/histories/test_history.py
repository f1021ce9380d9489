from datetime import UTC, datetime, timedelta

import pytest

from newsletter.histories.history import note
from newsletter.models import Subscriber, SubscriberEvent
from newsletter.subscribing import signup
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
Kind = SubscriberEvent.Kind


def kept(subscriber):
    return [(event.kind, event.at, event.detail) for event in subscriber.events.order_by("id")]


def test_note_takes_a_subscriber_or_an_id():
    subscriber, other = make_subscriber(), make_subscriber()
    note(subscriber, Kind.CHANGED, now=NOW, rhythm=["daily", "weekly"])
    note(subscriber.pk, Kind.SUPPRESSED, now=NOW + DAY)
    note(other, Kind.LEFT, now=NOW)

    assert kept(subscriber) == [
        ("changed", NOW, {"rhythm": ["daily", "weekly"]}),
        ("suppressed", NOW + DAY, {}),
    ]


def test_every_step_of_a_subscription_is_kept_once():
    def ask(now):
        signup.sign_up(
            email="reader@example.org",
            consent_form="/archive/",
            consent_text="",
            language="en",
            now=now,
        )

    ask(NOW)
    ask(NOW)  # too soon: changes nothing
    subscriber = Subscriber.objects.get()
    for days, step in enumerate(
        [signup.confirm, signup.unsubscribe, signup.resubscribe, signup.unsubscribe], start=1
    ):
        step(subscriber, now=NOW + days * DAY)
        step(subscriber, now=NOW + days * DAY)

    assert kept(subscriber) == [
        ("asked", NOW, {"form": "/archive/"}),
        ("confirmed", NOW + DAY, {}),
        ("left", NOW + 2 * DAY, {}),
        ("came_back", NOW + 3 * DAY, {}),
        ("left", NOW + 4 * DAY, {}),
    ]


def test_history_goes_with_its_subscriber():
    subscriber, other = make_subscriber(), make_subscriber()
    note(subscriber, Kind.LEFT, now=NOW)
    note(other, Kind.LEFT, now=NOW)
    subscriber.delete()

    assert list(SubscriberEvent.objects.values_list("subscriber_id", flat=True)) == [other.pk]
