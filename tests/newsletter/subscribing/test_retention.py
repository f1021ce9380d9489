import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.models import Subscriber, UnansweredAddress
from newsletter.subscribing.retention import erase_unconfirmed, forget_unanswered
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = 7 * DAY
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


def test_erased_row_leaves_a_keyed_hash_and_no_address(settings):
    for number, key in enumerate(["a" * 50, "b" * 50]):
        settings.SECRET_KEY = key
        make_pending("reader@example.org", created_at=NOW, asked_at=NOW - WEEK - SECOND)
        Subscriber.objects.update(confirmations_sent=number + 1)
        erase_unconfirmed(now=NOW)

    assert Subscriber.objects.count() == 0
    first, second = UnansweredAddress.objects.order_by("mails_sent").values()
    assert first.pop("digest") != second.pop("digest")
    assert first == {"mails_sent": 1, "mailed_at": None, "erased_at": NOW}
    assert second == {"mails_sent": 2, "mailed_at": None, "erased_at": NOW}
    digests = UnansweredAddress.objects.values_list("digest", flat=True)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in digests)


def test_erased_row_that_got_no_mail_leaves_nothing():
    make_pending("never-asked@example.org", created_at=NOW - WEEK - SECOND, asked_at=None)

    assert erase_unconfirmed(now=NOW) == 1
    assert UnansweredAddress.objects.count() == 0


def test_erasing_anew_keeps_the_later_count_and_time():
    for number, now in enumerate([NOW, NOW + WEEK], start=1):
        make_pending("reader@example.org", created_at=NOW, asked_at=NOW - WEEK - SECOND)
        Subscriber.objects.update(confirmations_sent=number)
        erase_unconfirmed(now=now)

    kept = UnansweredAddress.objects.get()
    assert (kept.mails_sent, kept.erased_at) == (2, NOW + WEEK)


def test_unanswered_are_forgotten_after_a_year():
    for digest, erased_at in (("old", NOW - 365 * DAY - SECOND), ("kept", NOW - 365 * DAY)):
        UnansweredAddress.objects.create(digest=digest, mails_sent=3, erased_at=erased_at)

    assert forget_unanswered(now=NOW) == 1
    assert UnansweredAddress.objects.get().digest == "kept"


@pytest.mark.parametrize("rows", [1, 30])
def test_erasing_takes_as_many_queries_for_30_rows_as_for_one(rows):
    for number in range(rows):
        email = f"reader{number}@example.org"
        make_pending(email, created_at=NOW, asked_at=NOW - WEEK - SECOND)
    Subscriber.objects.update(confirmations_sent=1)
    with CaptureQueriesContext(connection) as queries:
        assert erase_unconfirmed(now=NOW) == rows

    assert UnansweredAddress.objects.count() == rows
    assert len(queries) == 13  # two for the digests, the rest for what hangs on the rows
