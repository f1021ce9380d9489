from datetime import UTC, datetime, timedelta

import pytest

from newsletter.models import Subscriber
from newsletter.retention import erase_unconfirmed
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
State = Subscriber.State


def make_pending(email, *, created_at, asked_at):
    subscriber = make_subscriber(
        email=email, state=State.PENDING, confirmed_at=None, confirmation_sent_at=asked_at
    )
    Subscriber.objects.filter(pk=subscriber.pk).update(created_at=created_at)


def test_unconfirmed_rows_go_when_their_last_link_has_expired(settings):
    assert settings.CONFIRMATION_MAX_AGE == WEEK
    old = NOW - 3 * WEEK
    make_pending("expired@example.org", created_at=old, asked_at=NOW - WEEK - SECOND)
    make_pending("never-asked@example.org", created_at=NOW - WEEK - SECOND, asked_at=None)
    make_pending("asked-anew@example.org", created_at=old, asked_at=NOW - WEEK)
    make_pending("fresh@example.org", created_at=NOW, asked_at=None)
    make_subscriber(email="active@example.org", confirmation_sent_at=old)
    make_subscriber(email="left@example.org", state=State.UNSUBSCRIBED, confirmation_sent_at=old)

    assert erase_unconfirmed(now=NOW) == 2
    assert set(Subscriber.objects.values_list("email", flat=True)) == {
        "asked-anew@example.org",
        "fresh@example.org",
        "active@example.org",
        "left@example.org",
    }
