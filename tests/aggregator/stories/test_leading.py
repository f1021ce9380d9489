"""Recent stories follow the list of preferred outlets."""

from datetime import timedelta

import pytest
import time_machine

from aggregator.models import GroupingState, PreferredOutlet, Story
from aggregator.stories import leading
from aggregator.stories.grouping import group
from aggregator.stories.leading import follow_list
from tests.aggregator.stories.telling import MARKET, NOW, tell
from tests.aggregator.stories.test_admin import make_story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def prefer(*outlets):
    PreferredOutlet.objects.all().delete()
    for position, outlet in enumerate(outlets):
        PreferredOutlet.objects.create(outlet=outlet, position=position)


def test_changed_list_leads_recent_stories_anew_in_the_worker():
    first = tell(MARKET[0], outlet="bbc.example")
    second = tell(MARKET[1], outlet="kyiv.example", minutes=1)
    story, old = make_story(first, second), make_story(
        tell("Old", outlet="bbc.example"),
        tell("Old too", outlet="kyiv.example", minutes=1),
        last_seen_at=NOW - timedelta(days=8),
    )  # fmt: skip
    group()
    prefer("kyiv.example")
    group()
    story.refresh_from_db()
    assert story.lead == second
    old.refresh_from_db()
    assert old.lead.title == "Old"
    PreferredOutlet.objects.all().delete()
    group()
    story.refresh_from_db()
    assert story.lead == first


def test_list_that_has_not_changed_costs_a_look(django_assert_num_queries):
    group()
    make_story(tell(MARKET[0]), tell(MARKET[1]))
    prefer("bbc.example")
    assert list(follow_list(now=NOW)) == [1]
    with django_assert_num_queries(2):
        assert list(follow_list(now=NOW)) == []


def test_order_alone_is_a_change():
    group()
    make_story(tell(MARKET[0]), tell(MARKET[1]))
    prefer("a.example", "b.example")
    assert list(follow_list(now=NOW)) == [1]
    prefer("b.example", "a.example")
    assert list(follow_list(now=NOW)) == [1]


def test_killed_on_the_way_it_begins_anew(monkeypatch):
    monkeypatch.setattr(leading, "STEP", 1)
    group()
    for number in range(3):
        make_story(tell(f"A {number}"), tell(f"B {number}"))
    prefer("bbc.example")
    steps = follow_list(now=NOW)
    next(steps)
    steps.close()
    assert list(follow_list(now=NOW)) == [1, 1, 1]
    assert Story.objects.count() == 3
    assert len(GroupingState.objects.get().led_by) == 32
