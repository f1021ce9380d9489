"""New headlines are grouped batch by batch, by one process at a time, and never moved again."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from aggregator.models import (
    GroupingState,
    IndexedMark,
    Signature,
    Story,
    StoryMember,
)
from aggregator.stories import grouping, index
from aggregator.stories.grouping import LEASE, batches, group
from aggregator.stories.likeness import Item
from aggregator.stories.words import marks_of
from aggregator.tasks import group_headlines
from blog import changes
from tests.aggregator.keeping import document, item, keep
from tests.aggregator.stories.telling import MARKET, NOW, OTHER, groups, reason_of, tell
from tests.factories import make_feed
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW + timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def counts_of_common():
    index.counts_of_common.cache_clear()
    yield
    index.counts_of_common.cache_clear()


def test_headlines_of_one_event_become_a_story_with_reasons():
    first, second, *_ = [tell(title, minutes=at) for at, title in enumerate(MARKET)]
    tell(OTHER)
    assert group() == 5
    assert groups() == [sorted(MARKET)]
    story = Story.objects.get()
    assert (story.lead, story.count) == (first, 4)
    assert (story.first_seen_at, story.last_seen_at) == (NOW, NOW + timedelta(minutes=3))
    assert reason_of(first) == ("first", "", None)
    assert reason_of(second) == ("words", "Five, killed, missile, hits, market, Kharkiv", first)


def test_what_comes_later_joins_the_story(clock):
    first = tell(MARKET[0])
    group()
    assert groups() == []
    tell(MARKET[1], minutes=90)
    clock.shift(timedelta(hours=1))
    group()
    tell(f"{MARKET[0]} - Reuters", minutes=95)
    group()
    assert [len(one) for one in groups()] == [3]
    assert StoryMember.objects.order_by("-pk").values_list("reason", "agrees_with")[0] == (
        "title",
        first.pk,
    )


def test_the_same_article_in_two_feeds_is_one_story():
    link = {"canonical_url": "https://outlet.example/a"}
    one, other = tell(MARKET[0], **link), tell(OTHER, minutes=1, **link)
    group()
    assert groups() == [sorted([MARKET[0], OTHER])]
    assert reason_of(other) == ("link", "", one)


def test_a_round_looks_at_each_headline_once(django_assert_max_num_queries):
    tell(MARKET[0])
    assert (group(), group()) == (1, 0)
    with django_assert_max_num_queries(11):
        group()


@pytest.mark.parametrize("rows", [2, 30])
def test_the_queries_of_a_batch_do_not_grow_with_it(rows, django_assert_max_num_queries):
    for number in range(rows):
        tell(MARKET[number % 2], minutes=number / 10)
    group_of_batch = batches()
    with django_assert_max_num_queries(25):
        next(group_of_batch)
    group_of_batch.close()
    assert len(groups()[0]) == rows


def test_no_query_of_a_batch_goes_through_all_headlines(django_assert_max_num_queries):
    tell(MARKET[0])
    with django_assert_max_num_queries(40) as seen:
        group()
    plans = [plan_of(one) for one in seen if one["sql"].startswith("SELECT")]
    steps = [step for plan in plans for step in plan.splitlines()]
    assert any("aggregator_headline" in step for step in steps)
    through_all = re.compile(r"(SCAN|Seq Scan on) (aggregator_(headline|storymember|indexedmark))")
    assert not [step for step in steps if through_all.search(step)]


def test_a_flood_of_one_title_is_one_story():
    for number in range(3 * index.MOST_FOUND):
        tell(MARKET[0], minutes=number / 10)
    assert group() == 3 * index.MOST_FOUND
    assert [len(one) for one in groups()] == [3 * index.MOST_FOUND]


def test_what_many_say_is_counted_once_an_hour(clock, counts_of_common, monkeypatch):
    monkeypatch.setattr(index, "COMMON", 3)

    def tell_all():
        for title in MARKET:
            tell(title)
        group()
        counts = index.frequencies([Item(pk=0, marks=marks_of(MARKET[0]), at=NOW)])
        return counts["=KHARKIV"], counts["=RUSSIA"]

    assert tell_all() == (1 + 4, 1 + 2)
    assert tell_all() == (1 + 4, 1 + 4)
    clock.shift(timedelta(hours=1))
    assert tell_all() == (1 + 8, 1 + 4)  # as counted before the last came


def test_a_headline_that_was_stored_late_is_not_missed(clock):
    tell(MARKET[0], minutes=30)
    group()
    tell(MARKET[1], minutes=20)
    assert group() == 1
    assert [len(one) for one in groups()] == [2]


def test_hidden_headlines_are_left_out():
    tell(MARKET[0])
    tell(MARKET[1], is_hidden=True)
    assert group() == 1
    assert groups() == []


def test_what_is_published_long_ago_is_in_no_story_and_not_looked_at_again():
    old = NOW - timedelta(days=5)
    for title in MARKET[:2]:
        tell(title, published_at=old)
    assert (group(), group()) == (2, 0)
    assert groups() == []
    assert not IndexedMark.objects.exists()


def test_the_first_round_of_a_full_site_begins_72_hours_ago():
    tell(MARKET[0], minutes=-60 * 80)
    tell(MARKET[1], minutes=-60 * 70)
    assert group() == 1


def test_the_index_forgets_after_72_hours_and_the_story_stays(clock):
    for title in MARKET:
        tell(title)
    group()
    clock.shift(timedelta(hours=72))
    group()
    assert not Signature.objects.exists()
    assert not IndexedMark.objects.exists()
    assert groups() == [sorted(MARKET)]


def test_a_changed_title_is_looked_at_anew_unless_the_headline_has_its_story():
    feed = make_feed()
    tell(MARKET[0])
    keep(feed, document(item(OTHER, guid="1", link="https://o.example/1")), now=NOW)
    group()
    assert groups() == []
    keep(feed, document(item(MARKET[1], guid="1", link="https://o.example/1")), now=NOW)
    assert group() == 1
    assert groups() == [sorted(MARKET[:2])]
    keep(feed, document(item(OTHER, guid="1", link="https://o.example/1")), now=NOW)
    assert (group(), group()) == (1, 0)
    assert len(groups()[0]) == 2


def test_two_stories_become_one_when_a_headline_shows_that_they_are():
    one = tell("Hikari touches down", canonical_url="https://a.example/1")
    tell("Hikari touches down, Japan", canonical_url="https://a.example/1", minutes=1)
    other = tell("Probe reaches lunar soil", canonical_url="https://b.example/2", minutes=2)
    tell("Lunar soil reached by probe", canonical_url="https://b.example/2", minutes=3)
    group()
    assert len(groups()) == 2
    tell(
        "Probe reaches lunar soil: full story",
        canonical_url="https://a.example/1",
        minutes=4,
    )
    tell("Probe reaches lunar soil", canonical_url="https://a.example/1", minutes=5)
    group()
    assert len(groups()) == 1
    assert one.membership.story == other.membership.story


def test_another_process_waits_until_the_lease_is_over(clock, monkeypatch):
    monkeypatch.setattr(grouping, "BATCH", 1)
    tell(MARKET[0])
    tell(MARKET[2], minutes=1)
    busy = batches()
    next(busy)
    tell(MARKET[1])
    assert group() == 0
    # That process dies without a word.
    clock.shift(LEASE)
    assert group() == 2
    busy.close()
    assert GroupingState.objects.get().busy_with is None


def test_a_round_that_breaks_off_is_done_anew(monkeypatch):
    monkeypatch.setattr(grouping, "BATCH", 2)
    for at, title in enumerate(MARKET):
        tell(title, minutes=at)
    broken = batches()
    next(broken)
    broken.close()
    assert [len(one) for one in groups()] == [2]
    assert group() == 2
    assert groups() == [sorted(MARKET)]


def test_a_batch_that_fails_leaves_nothing(monkeypatch):
    tell(MARKET[0])
    tell(MARKET[1], minutes=1)
    monkeypatch.setattr("aggregator.stories.keeping.STEP", 0)  # batched() refuses it
    with pytest.raises(ValueError, match="n must be"):
        group()
    assert not Signature.objects.exists()
    monkeypatch.undo()
    assert group() == 2


def test_the_budget_ends_a_round(monkeypatch):
    monkeypatch.setattr(grouping, "BATCH", 1)
    for title in MARKET:
        tell(title)
    assert group(budget_s=-1) == 1


def test_no_page_is_made_anew_by_a_round():
    for title in MARKET:
        tell(title)
    before = changes.generation()
    group()
    assert changes.generation() == before


def test_the_clock_groups():
    for title in MARKET:
        tell(title)
    assert group_headlines.call() == 4
    assert timezone.now() > NOW


@pytest.mark.parametrize(
    "title", ["…", "\x1b[31m \u202e", "x" * 300, "' ' '", "🙂" * 150, "the of and to"]
)
def test_titles_that_say_nothing_are_in_no_story(title):
    for number in range(3):
        tell(title, outlet="", minutes=number)
    group()
    assert groups() == []
    assert Signature.objects.count() == 3
