from datetime import UTC, datetime, timedelta

import pytest

from newsletter.models import Delivery, Edition
from newsletter.sending import watch
from tests.factories import make_delivery, make_edition, make_post

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
State = Delivery.State


def going(**fields):
    return make_edition(**{"alive_at": NOW, "frozen_at": NOW, "prepared_at": NOW} | fields)


def state(edition):
    edition.refresh_from_db()
    return edition.state


def test_breaking_news_goes_before_what_is_due_earlier():
    digest = going(due_at=NOW - timedelta(hours=2))
    earlier = going(due_at=NOW - timedelta(hours=3))
    breaking = going(kind=Edition.Kind.BREAKING, post=make_post(), due_at=NOW)
    going(state=Edition.State.PAUSED)

    assert watch.going(now=NOW) == [breaking.pk, earlier.pk, digest.pk]


@pytest.mark.parametrize(
    ("minutes", "wanted"), [(59, Edition.State.SENDING), (61, Edition.State.PAUSED)]
)
def test_edition_that_nobody_saw_to_for_an_hour_is_paused(minutes, wanted):
    edition = going(alive_at=NOW - timedelta(minutes=minutes))

    watch.going(now=NOW)

    assert state(edition) == wanted
    assert edition.alive_at == (NOW if wanted == Edition.State.SENDING else edition.alive_at)


def test_edition_of_a_backup_from_before_anybody_saw_to_it_is_paused():
    edition = going(alive_at=None, frozen_at=NOW - timedelta(days=2))

    assert watch.going(now=NOW) == []

    assert state(edition) == Edition.State.PAUSED


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"state": State.SENT}, Edition.State.SENT),
        ({"state": State.UNKNOWN}, Edition.State.SENT),
        ({"state": State.UNKNOWN, "lease_until": NOW}, Edition.State.SENDING),
        ({"state": State.CLAIMED, "lease_until": NOW}, Edition.State.SENDING),
        ({"state": State.QUEUED, "due_at": NOW + timedelta(days=1)}, Edition.State.SENDING),
    ],
)
def test_edition_is_sent_when_every_mail_has_its_end(row, wanted):
    edition = going()
    make_delivery(edition=edition, state=State.SENT)
    make_delivery(edition=edition, **row)

    watch.finish(now=NOW)

    assert state(edition) == wanted
    assert edition.finished_at == (NOW if wanted == Edition.State.SENT else None)


def test_edition_is_not_sent_before_all_its_rows_are_written():
    edition = going(prepared_at=None)

    watch.finish(now=NOW)

    assert state(edition) == Edition.State.SENDING
