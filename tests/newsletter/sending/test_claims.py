import time
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.models import Delivery
from newsletter.sending import claims, marking
from newsletter.sending.claims import Claimant
from tests.factories import LONG_AGO, make_delivery, make_edition, make_subscriber, make_variant

pytestmark = pytest.mark.django_db

State = Delivery.State
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def edition():
    return make_edition(alive_at=NOW)


@pytest.fixture(autouse=True)
def _machine_runs_for_long(monkeypatch):
    monkeypatch.setattr(time, "clock_gettime", lambda _clock: 30 * 24 * 3600.0)


def claimant():
    return Claimant(sender=uuid.uuid4())


def claim(who, edition, *, now=NOW, limit=100):
    return claims.claim_due(who, [edition.pk], now=now, limit=limit)


def keys(errands):
    return [errand.delivery_id for errand in errands]


def test_claim_takes_what_is_due_longest_waiting_first_and_no_more_than_asked(edition):
    late, early, later = (
        make_delivery(edition=edition, due_at=LONG_AGO + timedelta(hours=hours))
        for hours in (2, 1, 3)
    )
    make_delivery(edition=edition, due_at=NOW + timedelta(seconds=1))

    assert sorted(keys(claim(claimant(), edition, limit=2))) == sorted([early.pk, late.pk])
    assert keys(claim(claimant(), edition)) == [later.pk]
    assert claim(claimant(), edition) == []


def test_claim_puts_mails_of_one_variant_side_by_side(edition):
    variants = [make_variant(edition) for _ in range(2)]
    for number in range(6):
        make_delivery(edition=edition, variant=variants[number % 2])

    order = [errand.variant_id for errand in claim(claimant(), edition)]

    assert order == sorted(order)


def test_claim_of_a_dead_sender_is_free_when_its_lease_is_over(edition):
    row = make_delivery(edition=edition)
    dead, heir = claimant(), claimant()
    claim(dead, edition)

    assert claims.release_expired(heir, now=NOW + timedelta(minutes=4)) == 0
    assert claims.release_expired(heir, now=NOW + timedelta(minutes=6)) == 1

    assert keys(claim(heir, edition)) == [row.pk]
    assert marking.mark_leaving(dead, claim(dead, edition), now=NOW) == {}


def test_renewed_claim_is_not_taken_away(edition):
    make_delivery(edition=edition)
    who = claimant()
    errands = claim(who, edition)

    claims.renew(who, errands, now=NOW + timedelta(minutes=4))

    assert claims.release_expired(who, now=NOW + timedelta(minutes=6)) == 0
    assert set(marking.mark_leaving(who, errands, now=NOW)) == set(keys(errands))


def test_given_back_is_due_again_but_not_what_others_hold(edition):
    mine, others = make_delivery(edition=edition), make_delivery(edition=edition)
    who, other = claimant(), claimant()
    errands = claim(who, edition, limit=1) + claim(other, edition, limit=1)

    assert claims.give_back(who, errands) == 1

    mine.refresh_from_db()
    others.refresh_from_db()
    assert (mine.state, mine.claimed_by) == (State.QUEUED, None)
    assert (others.state, others.claimed_by) == (State.CLAIMED, other.sender)


def test_mail_that_was_being_handed_over_stays_unknown_for_ever(edition):
    row = make_delivery(edition=edition)
    who = claimant()
    marking.mark_leaving(who, claim(who, edition), now=NOW)

    assert claims.release_expired(who, now=NOW + timedelta(minutes=6)) == 0
    assert claims.release_expired(who, now=NOW + timedelta(days=6)) == 0

    row.refresh_from_db()
    assert (row.state, row.lease_until, row.answer) == (State.UNKNOWN, None, claims.SENDER_ENDED)
    assert claim(who, edition, now=NOW + timedelta(days=6)) == []


def test_claim_made_before_the_machine_stopped_is_not_sent_again(edition, monkeypatch, is_postgres):
    make_delivery(edition=edition)
    claim(claimant(), edition)
    monkeypatch.setattr(time, "clock_gettime", lambda _clock: 60.0)  # started a minute ago

    claims.release_expired(claimant(), now=NOW + timedelta(minutes=10))

    row = Delivery.objects.get()
    if is_postgres:  # whose commits are on the disk
        assert row.state == State.QUEUED
    else:
        assert (row.state, row.answer) == (State.UNKNOWN, claims.MACHINE_STOPPED)


@pytest.mark.parametrize(
    ("edition_state", "reader_state", "left_as"),
    [
        ("paused", "active", State.QUEUED),
        ("cancelled", "active", State.DROPPED),
        ("sending", "unsubscribed", State.DROPPED),
        ("sending", "suppressed", State.DROPPED),
        ("sending", "pending", State.DROPPED),
    ],
)
def test_what_changed_since_the_claim_keeps_a_mail_from_leaving(
    edition, edition_state, reader_state, left_as
):
    subscriber = make_subscriber()
    row = make_delivery(edition=edition, subscriber=subscriber)
    who = claimant()
    errands = claim(who, edition)
    type(edition).objects.update(state=edition_state)
    type(subscriber).objects.update(state=reader_state)

    assert marking.mark_leaving(who, errands, now=NOW) == {}
    marking.put_aside(who, errands, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.claimed_by, row.handed_over_at) == (left_as, None, None)


def test_mail_of_an_edition_that_nobody_saw_to_for_an_hour_does_not_leave(edition):
    make_delivery(edition=edition)
    who = claimant()
    errands = claim(who, edition)

    assert marking.mark_leaving(who, errands, now=NOW + timedelta(minutes=61)) == {}


def test_mark_names_the_address_as_it_is_now(edition):
    row = make_delivery(edition=edition)
    who = claimant()
    errands = claim(who, edition)
    type(row.subscriber).objects.update(email="new@example.org")

    (reader,) = marking.mark_leaving(who, errands, now=NOW).values()

    assert (reader.email, reader.key) == ("new@example.org", row.subscriber.key)
    assert (reader.delivery_id, reader.message_id) == (row.pk, row.message_id)


def test_what_was_perhaps_marked_but_did_not_leave_is_queued_again(edition):
    row = make_delivery(edition=edition)
    who = claimant()
    errands = claim(who, edition)
    marking.mark_leaving(who, errands, now=NOW)

    assert marking.take_back(claimant(), errands) == 0
    assert marking.take_back(who, errands) == 1

    row.refresh_from_db()
    assert (row.state, row.lease_until, row.handed_over_at) == (State.QUEUED, None, None)
