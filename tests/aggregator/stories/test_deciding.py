"""What an editor decides about stories is kept for ever."""

from datetime import timedelta

import pytest
import time_machine

from aggregator.models import Signature, Story, StoryMember
from aggregator.stories.deciding import merge, split
from aggregator.stories.grouping import group
from tests.aggregator.stories.telling import MARKET, NOW, OTHER, groups, reason_of, tell
from tests.factories import make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + timedelta(hours=1), tick=False) as clock:
        yield clock


def test_what_is_split_stays_apart_whatever_comes_later():
    rows = [tell(title, minutes=at) for at, title in enumerate(MARKET[:3])]
    group()
    editor = make_editor()
    assert split(Story.objects.get(), [rows[1].pk], by=editor, now=NOW) == 1
    apart = [sorted([MARKET[0], MARKET[2]]), [MARKET[1]]]
    assert groups() == apart
    member = StoryMember.objects.get(headline=rows[1])
    assert (member.reason, member.is_pinned, member.decided_by) == ("editor", True, editor)
    # All are looked at anew, and others come that agree with both.
    Signature.objects.update(is_stale=True)
    tell("Five killed by missile at market in Kharkiv, 18 injured", minutes=9)
    tell("Kharkiv market: Russian missile kills five", minutes=10)
    group()
    story_of = dict(StoryMember.objects.values_list("headline", "story"))
    assert len(story_of) > 3
    assert story_of[rows[0].pk] == story_of[rows[2].pk] != story_of[rows[1].pk]
    assert Story.objects.count() == 2


def test_the_same_article_goes_along_and_new_copies_follow_it():
    link = {"canonical_url": "https://outlet.example/a"}
    first, other = tell(MARKET[0]), tell(MARKET[1], minutes=1, **link)
    copy = tell(f"{MARKET[1]} - Reuters", minutes=2, **link)
    group()
    assert split(Story.objects.get(), [other.pk], by=None, now=NOW) == 2
    later = tell(MARKET[1], minutes=3, **link)
    group()
    stories = [row.membership.story for row in (other, copy, later)]
    assert len(set(stories)) == 1
    assert first.membership.story not in stories


@pytest.mark.parametrize("chosen", [slice(0, 0), slice(0, 3)])
def test_nothing_or_all_of_a_story_cannot_be_taken_out(chosen):
    rows = [tell(title) for title in MARKET[:3]]
    group()
    keys = [row.pk for row in rows][chosen]
    assert split(Story.objects.get(), keys, by=None, now=NOW) == 0
    assert len(groups()) == 1


def test_headlines_of_other_stories_are_not_taken_out():
    for title in MARKET[:2]:
        tell(title)
    stranger = tell(OTHER)
    group()
    assert split(Story.objects.get(), [stranger.pk], by=None, now=NOW) == 0


def test_two_headlines_without_a_story_are_put_together():
    one, other = tell(OTHER), tell(MARKET[0])
    story = merge(one, other, by=make_editor(), now=NOW)
    assert groups() == [sorted([OTHER, MARKET[0]])]
    assert (story.count, reason_of(one)) == (2, ("editor", "", other))
    assert set(StoryMember.objects.values_list("is_pinned", flat=True)) == {True}
    assert merge(other, one, by=None, now=NOW) is None
    assert merge(one, one, by=None, now=NOW) is None


def test_a_whole_story_goes_into_another_one_and_later_headlines_find_it():
    rows = [tell(title, minutes=at) for at, title in enumerate(MARKET[:2])]
    copies = [tell(OTHER, minutes=at) for at in (2, 3)]
    group()
    story = merge(copies[0], rows[0], by=None, now=NOW)
    assert Story.objects.get() == story
    assert (story.count, story.lead) == (4, rows[0])
    tell(MARKET[2], minutes=4)
    group()
    assert Story.objects.get().count == 5


def test_a_headline_joins_the_story_of_another_one():
    rows = [tell(title) for title in MARKET[:2]]
    group()
    merge(one := tell(OTHER), rows[0], by=None, now=NOW)
    group()
    assert reason_of(one) == ("editor", "", rows[0])
    assert [len(each) for each in groups()] == [3]
