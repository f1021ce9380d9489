"""What editors do with editions; done twice, it is done once."""

from datetime import timedelta

import pytest

from newsletter.editions import deeds
from newsletter.editions.clock import turn
from newsletter.editions.collecting import collect
from newsletter.editions.planning import plan_all, window_start
from newsletter.models import Delivery, Digest, Edition
from tests.factories import (
    make_collection,
    make_delivery,
    make_digest,
    make_editor,
    make_subscriber,
)
from tests.newsletter.editions.test_collecting import (
    DUE,
    HOUR,
    NOW,
    START,
    make_open,
    new_pick,
    new_post,
)

pytestmark = pytest.mark.django_db

State = Edition.State
Mail = Delivery.State


@pytest.fixture(autouse=True)
def _no_other_digests():
    Digest.objects.all().delete()


@pytest.fixture
def editor():
    return make_editor(username="olena")


def make_daily(**fields):
    return make_digest(audience="daily", **fields)


def state_of(edition):
    edition.refresh_from_db()
    return edition.state


def test_approved_before_its_hour_it_goes_at_its_hour(editor):
    edition = make_open(make_daily(needs_approval=True))
    new_post()
    assert deeds.approve(edition, by=editor, now=NOW)
    assert not deeds.approve(edition, by=editor, now=NOW)
    turn(now=NOW)
    assert state_of(edition) == State.OPEN
    turn(now=DUE)
    assert state_of(edition) == State.SENDING
    assert edition.approved_by == editor


def test_approved_after_its_hour_it_goes_at_once_however_late(editor):
    edition = make_open(make_daily(needs_approval=True))
    new_post()
    turn(now=DUE)
    assert state_of(edition) == State.WAITING
    assert deeds.approve(edition, by=editor, now=DUE + 20 * HOUR)
    turn(now=DUE + 20 * HOUR)
    assert state_of(edition) == State.SENDING


@pytest.mark.parametrize("state", [State.OPEN, State.WAITING, State.LATE])
def test_sent_now_it_holds_all_until_now(editor, state):
    edition = make_open(make_daily(needs_approval=True), state=state)
    new_post()
    new_post("later", DUE - timedelta(minutes=30))
    at = DUE - HOUR
    assert deeds.send_now(edition, by=editor, now=at)
    assert not deeds.send_now(edition, by=editor, now=at + timedelta(seconds=1))
    turn(now=at + timedelta(minutes=1))
    assert state_of(edition) == State.SENDING
    assert [item.title for item in edition.items.all()] == ["News"]
    assert edition.window_end == at


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.SKIPPED, State.CANCELLED])
def test_what_is_no_longer_open_is_not_changed(editor, state):
    edition = make_open(make_daily(), state=state)
    assert not deeds.send_now(edition, by=editor, now=NOW)
    assert not deeds.approve(edition, by=editor, now=NOW)
    assert not deeds.schedule(edition, at=DUE + HOUR)
    assert not deeds.rewrite(edition, subject="x", intro="x")
    assert state_of(edition) == state
    assert (edition.subject, edition.due_at) == ("", DUE)


def test_scheduled_it_goes_at_its_new_time_and_the_next_one_at_the_digests(editor):
    edition = make_open(make_daily(), slot_at=DUE)
    new_post()
    assert deeds.schedule(edition, at=DUE + 2 * HOUR)
    turn(now=DUE + HOUR)
    assert state_of(edition) == State.OPEN
    turn(now=DUE + 2 * HOUR)
    assert state_of(edition) == State.SENDING
    following = Edition.objects.get(state=State.OPEN)
    assert (following.due_at, following.window_start) == (DUE + 24 * HOUR, DUE + 2 * HOUR)


def test_cancelled_its_items_go_with_the_next(editor):
    edition = make_open(make_daily(), slot_at=DUE)
    new_post()
    assert deeds.cancel(edition, with_items=False, by=editor, now=NOW)
    assert not deeds.cancel(edition, with_items=False, by=editor, now=NOW)
    turn(now=NOW)
    following = Edition.objects.get(state=State.OPEN)
    assert (following.due_at, following.window_start) == (DUE + 24 * HOUR, START)
    assert [item.title for item in following.items.all()] == ["News"]


def test_cancelled_with_its_items_they_are_not_mailed(editor):
    edition = make_open(make_daily(), slot_at=DUE, state=State.LATE)
    new_post()
    assert deeds.cancel(edition, with_items=True, by=editor, now=DUE + 9 * HOUR)
    turn(now=DUE + 9 * HOUR)
    following = Edition.objects.get(state=State.OPEN)
    assert following.window_start == DUE
    assert following.items.count() == 0


def test_cancelled_on_its_way_what_has_not_left_stays(editor):
    edition = make_open(make_daily())
    new_post()
    for _ in range(3):
        make_subscriber()
    turn(now=DUE)
    first = edition.deliveries.order_by("pk")[0]
    Delivery.objects.filter(pk=first.pk).update(state=Mail.SENT)
    assert deeds.cancel(edition, with_items=False, by=editor, now=DUE)
    turn(now=DUE + timedelta(minutes=1))
    assert sorted(edition.deliveries.values_list("state", flat=True)) == [
        Mail.DROPPED,
        Mail.DROPPED,
        Mail.SENT,
    ]
    assert window_start(edition.digest) == START
    assert state_of(edition) == State.CANCELLED
    assert edition.finished_at == DUE + timedelta(minutes=1)


def test_whom_a_cancelled_edition_had_reached_does_not_get_its_items_again(editor):
    edition = make_open(make_daily())
    new_post()
    reached, missed = make_subscriber(), make_subscriber()
    turn(now=DUE)
    edition.deliveries.filter(subscriber=reached).update(state=Mail.SENT)
    deeds.cancel(edition, with_items=False, by=editor, now=DUE)
    plan_all(now=DUE)
    following = Edition.objects.get(state=State.OPEN)
    turn(now=following.due_at)
    assert [row.subscriber for row in following.deliveries.all()] == [missed]


def test_paused_and_resumed(editor):
    edition = make_open(make_daily(), state=State.SENDING)
    assert deeds.pause(edition, by=editor)
    assert not deeds.pause(edition, by=editor)
    assert state_of(edition) == State.PAUSED
    assert edition.reason == "By olena."
    assert deeds.resume(edition, now=NOW)
    assert not deeds.resume(edition, now=NOW)
    assert state_of(edition) == State.SENDING
    assert (edition.reason, edition.alive_at) == ("", NOW)


def test_what_nobody_saw_to_for_an_hour_is_paused_and_nothing_is_written():
    edition = make_open(make_daily(), state=State.SENDING, frozen_at=DUE, alive_at=DUE)
    make_subscriber()
    turn(now=DUE + timedelta(minutes=61))
    assert state_of(edition) == State.PAUSED
    assert edition.deliveries.count() == 0


def titles(edition):
    return [item.title for item in edition.items.all()]


def make_full():
    """An edition with three posts and two articles."""
    collection = make_collection()
    digest = make_daily()
    digest.collections.add(collection)
    edition = make_open(digest)
    for number in range(3):
        new_post(f"post {number}", DUE - (number + 1) * HOUR)
    for number in range(2):
        new_pick(collection, f"pick {number}", DUE - (number + 1) * HOUR)
    collect(edition.pk, now=NOW)
    assert titles(edition) == ["post 0", "post 1", "post 2", "pick 0", "pick 1"]
    return edition


@pytest.mark.parametrize(
    ("title", "way", "order"),
    [
        ("post 1", "up", ["post 1", "post 0", "post 2", "pick 0", "pick 1"]),
        ("post 1", "down", ["post 0", "post 2", "post 1", "pick 0", "pick 1"]),
        ("post 2", "top", ["post 2", "post 0", "post 1", "pick 0", "pick 1"]),
        ("post 2", "down", None),  # an article is no post
        ("pick 0", "up", None),
        ("pick 1", "up", ["post 0", "post 1", "post 2", "pick 1", "pick 0"]),
    ],
)
def test_items_are_moved_within_their_part(title, way, order):
    edition = make_full()
    before = titles(edition)
    assert deeds.move(edition.items.get(title=title), way=way) is (order is not None)
    assert titles(edition) == (order or before)


def test_items_are_left_out_and_put_back():
    edition = make_full()
    item = edition.items.get(title="post 1")
    assert deeds.leave_out(item, is_dropped=True)
    assert not deeds.leave_out(item, is_dropped=True)
    assert edition.items.get(is_dropped=True) == item
    assert deeds.leave_out(item, is_dropped=False)
    assert not edition.items.filter(is_dropped=True).exists()


def test_items_of_a_frozen_edition_stay():
    edition = make_full()
    Edition.objects.filter(pk=edition.pk).update(state=State.SENDING)
    item = edition.items.get(title="post 1")
    assert not deeds.move(item, way="up")
    assert not deeds.leave_out(item, is_dropped=True)
    assert titles(edition)[1] == "post 1"


def make_unknown(edition, **fields):
    return make_delivery(edition=edition, state=Mail.UNKNOWN, **fields)


def test_editor_says_of_unknown_mails_that_they_arrived():
    edition = make_open(make_daily(), state=State.SENT)
    unknown, leaving = make_unknown(edition), make_unknown(edition, lease_until=DUE + HOUR)
    sent = make_delivery(edition=edition, state=Mail.SENT)
    keys = [unknown.pk, leaving.pk, sent.pk]
    assert deeds.decide_unknown(edition, keys, has_arrived=True, now=DUE) == 1
    assert deeds.decide_unknown(edition, keys, has_arrived=True, now=DUE) == 0
    unknown.refresh_from_db()
    leaving.refresh_from_db()
    assert (unknown.state, leaving.state, state_of(edition)) == (
        Mail.SENT,
        Mail.UNKNOWN,
        State.SENT,
    )


def test_editor_sends_unknown_mails_again_under_their_message_id():
    edition = make_open(make_daily(), state=State.SENT, finished_at=START)
    unknown = make_unknown(edition, attempts=1)
    assert deeds.decide_unknown(edition, [unknown.pk], has_arrived=False, now=DUE) == 1
    assert deeds.decide_unknown(edition, [unknown.pk], has_arrived=False, now=DUE) == 0
    after = Delivery.objects.get(pk=unknown.pk)
    assert (after.state, after.message_id, after.due_at) == (Mail.QUEUED, unknown.message_id, DUE)
    assert (state_of(edition), edition.alive_at) == (State.SENDING, DUE)
