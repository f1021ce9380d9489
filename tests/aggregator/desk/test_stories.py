"""Taking stories apart and together at the Desk, and headlines that join decided ones."""

from datetime import timedelta

import pytest
import time_machine

from aggregator.desk import late
from aggregator.desk.errors import RefusedError
from aggregator.models import Decision, Headline, Story, StoryMember
from aggregator.stories import keeping
from aggregator.stories.grouping import group
from tests.aggregator.desk.desking import NOW, choose, take_back, tell_together, wait
from tests.factories import make_editor

pytestmark = pytest.mark.django_db


def stories():
    """Everything that is stored of stories."""
    keeping.refresh(Story.objects.values_list("pk", flat=True))
    tables = (Story, StoryMember)
    return [list(table._base_manager.order_by("pk").values()) for table in tables]


def groups():
    return [
        [member.headline_id for member in story.members.order_by("pk")]
        for story in Story.objects.order_by("pk")
    ]


def test_split_takes_the_chosen_ones_out_together_and_leaves_the_row():
    editor = make_editor()
    one, two, three = (wait(minutes=at) for at in range(3))
    tell_together(one, two, three)
    before = stories()
    decision = choose(one, editor, "split", members=(two.pk, three.pk))
    assert decision.said == "2 headlines taken out of the story"
    assert groups() == [[one.pk], [two.pk, three.pk]]
    assert Headline.objects.waiting(now=NOW).count() == 3
    take_back(editor)
    assert stories() == before


def test_split_of_the_row_itself_needs_no_choice():
    editor, one, two = make_editor(), wait(), wait()
    tell_together(one, two)
    choose(one, editor, "split")
    assert groups() == [[two.pk], [one.pk]]


@pytest.mark.parametrize("is_alone", [True, False])
def test_split_of_nothing_is_refused(is_alone):
    one, two = wait(), wait()
    if not is_alone:
        tell_together(one, two)
    with pytest.raises(RefusedError):
        choose(one, make_editor(), "split", members=(one.pk, two.pk))
    assert not Decision.objects.exists()


@pytest.mark.parametrize("sizes", [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_merge_puts_two_stories_together_and_undo_apart_again(sizes):
    editor, ends = make_editor(), []
    for size in sizes:
        members = [wait() for _ in range(size)]
        if size > 1:
            tell_together(*members)
        ends.append(members[0])
    before = stories()
    choose(ends[0], editor, "words", words={"title": "Ours"})
    on_story = Decision.objects.get().story_id
    choose(ends[0], editor, "merge", other=ends[1].pk)
    assert [len(group) for group in groups()] == [sum(sizes)]
    assert set(Decision.objects.values_list("story", flat=True)) <= {
        *Story.objects.values_list("pk", flat=True),
        None,
    }
    take_back(editor)
    assert stories() == before
    assert Decision.objects.standing().get().story_id == on_story


def test_merge_with_nothing_or_itself_is_refused():
    editor, one, two = make_editor(), wait(), wait()
    tell_together(one, two)
    for other in (None, one.pk, two.pk, 10**9):
        with pytest.raises(RefusedError):
            choose(one, editor, "merge", other=other)


def test_undo_is_refused_where_the_story_was_changed_elsewhere():
    editor, one, two = make_editor(), wait(), wait()
    tell_together(one, two)
    choose(one, editor, "split")
    StoryMember.objects.filter(headline=two).update(is_pinned=True)
    with pytest.raises(RefusedError, match="changed since"):
        take_back(editor)


def test_what_joined_a_split_off_story_goes_back_along_with_it():
    editor = make_editor()
    one, two, late_one = (wait() for _ in range(3))
    story = tell_together(one, two)
    choose(one, editor, "split")
    own = StoryMember.objects.get(headline=one).story
    StoryMember.objects.create(headline=late_one, story=own, joined_at=NOW, reason="words")
    keeping.refresh([own.pk])
    take_back(editor)
    story.refresh_from_db()
    assert (story.count, Story.objects.count()) == (3, 1)


def join(headline, story):
    StoryMember.objects.create(headline=headline, story=story, joined_at=NOW, reason="words")
    return late.settle([headline.pk], now=NOW)


def test_headline_that_joins_a_decided_story_is_seen_by_the_same_decision():
    one, new = wait(), wait()
    story = tell_together(one)
    decision = choose(one, make_editor(), "drop")
    assert join(new, story) == 1
    new.refresh_from_db()
    assert (new.decision, new.seen_at) == (decision, NOW)


def test_headline_that_joins_a_story_of_which_something_waits_does_too():
    one, other, new = wait(), wait(), wait()
    choose(one, make_editor(), "drop")
    story = tell_together(one, other)
    assert join(new, story) == 0
    assert Headline.objects.waiting(now=NOW).count() == 2


def test_what_was_muted_says_nothing_of_what_joins():
    one, new = wait(outlet="tabloid.example"), wait(outlet="paper.example")
    story = tell_together(one)
    choose(one, make_editor(), "mute", outlet="tabloid.example")
    assert join(new, story) == 0


def test_grouping_takes_late_headlines_from_the_desk():
    title, at = "Russian missile strike on Kharkiv market kills 5", NOW
    fields = {"first_seen_at": at, "published_at": at}
    for outlet in ("a.example", "b.example"):
        wait(title, outlet=outlet, **fields)
    with time_machine.travel(NOW + timedelta(minutes=1)):
        group()
        first = Headline.objects.first()
        assert StoryMember.objects.count() == 2
        decision = choose(first, make_editor(), "drop")
        new = wait(title, outlet="c.example", **fields)
        group()
    new.refresh_from_db()
    assert new.decision == decision
