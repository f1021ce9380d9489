from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.histories import history
from newsletter.histories.timeline import MOST, timeline
from newsletter.models import Bounce, SubscriberEvent
from tests.factories import make_delivery, make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def fill(subscriber, days):
    delivery = make_delivery(
        subscriber=subscriber, state="sent", handed_over_at=NOW + days * DAY, code=250, answer="ok"
    )
    Bounce.objects.create(
        subscriber=subscriber,
        delivery=delivery,
        kind="soft",
        source="mail",
        at=NOW + (days + 0.2) * DAY,
        status="4.2.1",
        diagnostic="busy",
        fingerprint=f"{subscriber.pk} {days}",
    )
    kind = SubscriberEvent.Kind.CHANGED
    history.note(subscriber, kind, now=NOW + (days + 0.5) * DAY, rhythm=["daily", "weekly"])


def test_timeline_is_one_and_holds_nothing_of_others():
    subscriber, other = make_subscriber(), make_subscriber()
    for days in range(2):
        fill(subscriber, days)
    fill(other, 0)
    with CaptureQueriesContext(connection) as queries:
        moments = timeline(subscriber)

    assert [(moment.what, moment.more) for moment in moments[:3]] == [
        ("changed her settings", "rhythm: daily → weekly"),
        ("Came back: did not arrive this time", "4.2.1 busy"),
        (moments[2].what, "250 ok"),
    ]
    assert moments[2].what.endswith(": sent")
    assert len(moments) == 6
    assert moments == sorted(moments, key=lambda moment: moment.at, reverse=True)
    assert len(queries) == 3


def test_timeline_is_not_endless():
    subscriber = make_subscriber()
    for minutes in range(MOST + 5):
        history.note(subscriber, SubscriberEvent.Kind.CHANGED, now=NOW + timedelta(minutes=minutes))

    moments = timeline(subscriber)
    assert len(moments) == MOST
    assert moments[0].at == NOW + timedelta(minutes=MOST + 4)
