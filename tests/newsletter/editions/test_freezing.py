"""What becomes of an edition when its time has come."""

from datetime import timedelta

import pytest

from blog.models import Post
from newsletter.editions import deeds
from newsletter.editions.collecting import collect
from newsletter.editions.freezing import settle, settle_due
from newsletter.editions.planning import window_start
from newsletter.models import Edition, MailSettings
from tests.factories import make_digest, make_edition, make_editor
from tests.newsletter.editions.test_collecting import DUE, HOUR, START, make_open, new_post

pytestmark = pytest.mark.django_db

State = Edition.State


def settled(edition, *, now=DUE):
    settle_due(now=now)
    edition.refresh_from_db()
    return edition.state


def test_one_before_its_time_stays_open():
    edition = make_open()
    new_post()
    assert settled(edition, now=DUE - timedelta(seconds=1)) == State.OPEN


def test_it_is_frozen_with_its_words_and_number():
    digest = make_digest()
    make_edition(digest=digest, due_at=START - HOUR, window_end=START, state=State.SENT, number=41)
    edition = make_open(digest, before=None)
    post = new_post("As it was")
    assert settled(edition, now=DUE + HOUR) == State.SENDING
    assert (edition.number, edition.frozen_at, edition.alive_at) == (42, DUE + HOUR, DUE + HOUR)
    assert (edition.window_start, edition.window_end) == (START, DUE)
    assert window_start(digest) == DUE
    post.title = "As it became"
    post.save()
    assert settled(edition, now=DUE + 2 * HOUR) == State.SENDING
    assert [item.title for item in edition.items.all()] == ["As it was"]
    assert (edition.number, edition.frozen_at) == (42, DUE + HOUR)


def test_what_comes_in_between_its_time_and_the_clocks_turn_is_the_nexts():
    edition = make_open()
    new_post("its own", DUE - HOUR)
    new_post("the next's", DUE)
    settled(edition, now=DUE + HOUR)
    assert [item.title for item in edition.items.all()] == ["its own"]


@pytest.mark.parametrize(
    ("posts", "state"), [(0, State.SKIPPED), (1, State.SKIPPED), (2, State.SENDING)]
)
def test_one_with_too_little_in_it_is_skipped(posts, state):
    edition = make_open(make_digest(min_items=2))
    for _ in range(posts):
        new_post()
    assert settled(edition) == state
    is_skipped = state == State.SKIPPED
    assert bool(edition.reason) is bool(edition.finished_at) is is_skipped
    assert window_start(edition.digest) == (START if is_skipped else DUE)


def test_dropped_items_do_not_count():
    edition = make_open()
    new_post()
    collect(edition.pk, now=DUE - HOUR)
    edition.items.update(is_dropped=True)
    assert settled(edition) == State.SKIPPED


def test_it_waits_for_approval_where_that_is_needed():
    edition = make_open(make_digest(needs_approval=True))
    new_post()
    assert settled(edition) == State.WAITING
    assert edition.frozen_at is None


def test_approved_it_goes_out():
    editor = make_editor()
    edition = make_open(make_digest(needs_approval=True), approved_by=editor, approved_at=START)
    new_post()
    assert settled(edition) == State.SENDING


def test_late_one_asks_instead_of_going():
    edition = make_open()
    new_post()
    late_after = MailSettings.load().late_after
    assert settled(edition, now=DUE + late_after + timedelta(seconds=1)) == State.LATE
    assert (edition.frozen_at, edition.number) == (None, None)
    assert window_start(edition.digest) == START


def test_one_that_is_only_a_little_late_goes():
    edition = make_open()
    new_post()
    assert settled(edition, now=DUE + MailSettings.load().late_after) == State.SENDING


def test_post_that_was_taken_back_is_not_mailed():
    post = new_post(at=DUE)
    edition = make_edition(kind="post", post=post, state=State.OPEN, due_at=DUE, frozen_at=None)
    Post.objects.update(status=Post.Status.WITHDRAWN)
    assert settled(edition) == State.SKIPPED


def test_settling_twice_does_it_once():
    edition = make_open()
    new_post()
    assert settle(edition.pk, now=DUE) == State.SENDING
    assert settle(edition.pk, now=DUE) is None


@pytest.mark.parametrize("kind", ["digest", "post"])
def test_what_went_out_before_a_restore_asks_instead_of_going_again(
    kind, django_capture_on_commit_callbacks
):
    post = new_post(at=START)
    if kind == "digest":
        edition = make_open(slot_at=DUE)
    else:
        edition = make_edition(kind=kind, post=post, state=State.OPEN, due_at=DUE, frozen_at=None)
    backup = Edition.objects.filter(pk=edition.pk).values().get()
    with django_capture_on_commit_callbacks(execute=True):
        assert settled(edition) == State.SENDING
    Edition.objects.filter(pk=edition.pk).update(**backup)
    assert settled(edition, now=DUE + HOUR) == State.LATE
    assert edition.reason == "It went out before; the site comes out of a backup."
    editor = make_editor()
    assert deeds.send_now(edition, by=editor, now=DUE + 2 * HOUR)
    assert settled(edition, now=DUE + 2 * HOUR) == State.SENDING


def test_next_edition_goes_though_the_last_is_remembered(django_capture_on_commit_callbacks):
    digest = make_digest()
    for day in range(2):
        due = DUE + timedelta(days=day)
        edition = make_open(digest, before=None, due_at=due, window_start=due - HOUR)
        new_post(at=due - HOUR)
        with django_capture_on_commit_callbacks(execute=True):
            assert settled(edition, now=due) == State.SENDING
