"""What stands on the Desk, in which order, and what a screen costs."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator.desk import listing, rows
from aggregator.desk.filters import Filters
from aggregator.desk.listing import Cursor
from aggregator.desk.wording import NO_WORDS
from tests.aggregator.desk.desking import NOW, choose, tell_together, wait
from tests.factories import make_collection, make_editor, make_feed
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


def listed(after=None, now=NOW, **asked):
    found = listing.screen(Filters.of(asked), now=now, after=after)
    return [headline.title for headline in found.headlines]


def test_list_shows_what_waits_the_newest_first():
    wait("older", minutes=5)
    wait("newest")
    wait("hidden", is_hidden=True)
    wait("seen", seen_at=NOW)
    wait("a week old", minutes=7 * 24 * 60 + 1)
    assert listed() == ["newest", "older"]


def test_story_stands_once_by_its_newest_waiting_headline():
    first, second = wait("first", minutes=9), wait("second", minutes=2)
    third = wait("third", minutes=1, seen_at=NOW)
    tell_together(first, second, third)
    wait("alone", minutes=5)
    assert listed() == ["second", "alone"]


def test_filters_choose_by_feed_folder_language_words_and_time():
    world = make_feed(folder="World / Asia")
    wait("Missile hits market", feed=world, language="en-GB", minutes=30)
    wait("Ринок у Харкові", language="uk", minutes=90)
    wait("Markets rise", language="en", minutes=300, feed=make_feed(folder="Worldly"))
    assert listed(feed=str(world.pk)) == ["Missile hits market"]
    assert listed(folder="World") == ["Missile hits market"]
    assert listed(language="en") == ["Missile hits market", "Markets rise"]
    assert listed(words="market") == ["Missile hits market", "Markets rise"]
    assert listed(hours="1") == ["Missile hits market"]
    assert listed(hours="6", language="uk") == ["Ринок у Харкові"]
    assert listed(words="nothing such") == []


def test_filter_shows_the_newest_headline_of_a_story_that_fits_it():
    feed = make_feed()
    fitting = wait("fitting", feed=feed, minutes=9)
    tell_together(wait("lead", minutes=10), fitting, wait("newest", minutes=1))
    assert listed(feed=str(feed.pk)) == ["fitting"]


def test_decided_ones_are_shown_if_asked_for():
    make_collection()
    editor, taken = make_editor(), wait("decided", minutes=3)
    wait("waiting")
    wait("hidden by a rule", is_hidden=True)
    wait("old news", seen_at=NOW)
    choose(taken, editor, "drop")
    assert listed() == ["waiting"]
    assert listed(all="1") == ["waiting", "decided"]


def test_by_weight_the_story_with_most_headlines_goes_first():
    heavy = [wait(f"heavy {at}", minutes=100 + at) for at in range(3)]
    tell_together(*heavy)
    light = [wait(f"light {at}", minutes=50 + at) for at in range(2)]
    tell_together(*light)
    old = [wait(f"old {at}", minutes=73 * 60 + at) for at in range(4)]
    tell_together(*old)
    wait("single")
    assert listed(order="weight") == ["heavy 0", "light 0", "single", "old 0"]


@pytest.mark.parametrize("order", ["newest", "weight"])
def test_screens_follow_each_other_without_gap_or_repetition(order, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 3)
    for at in range(5):
        tell_together(*(wait(f"s{at}", minutes=at) for _ in range(2 + at % 2)))
    for at in range(5):
        wait(f"a{at}", minutes=at)  # of the same minutes as the stories
    filters, seen, after = Filters.of({"order": order}), [], None
    while True:
        found = listing.screen(filters, now=NOW, after=after)
        seen += [headline.pk for headline in found.headlines]
        if found.after is None:
            break
        after = Cursor.of(str(found.after))
    assert len(seen) == len(set(seen)) == 10


def test_count_of_what_is_left_ends_at_a_thousand():
    assert [listing.left_in_words(n) for n in (0, 999, 1000, 1001)] == [
        *("0", "999", "1,000", "1,000+"),
    ]
    tell_together(wait(minutes=1), wait(minutes=2))
    wait()
    assert listing.left(Filters(), now=NOW) == 2
    assert listing.screen(Filters(), now=NOW, counts=True).left == 2


def test_behind_the_last_row_it_is_still_counted_what_is_left():
    only = wait()
    behind = Cursor(only.published_at, only.pk)
    found = listing.screen(Filters(), now=NOW, after=behind, counts=True)
    assert (list(found.headlines), found.left) == ([], 1)


@pytest.mark.parametrize("text", ["", "x", "1", "1.2.3.4", "-1.2", "9" * 19 + ".1", "1.x", "٣.1"])
def test_broken_cursor_is_none(text):
    assert Cursor.of(text) is None


def test_cursor_is_read_as_it_was_written():
    for cursor in (Cursor(NOW + timedelta(microseconds=1), 7), Cursor(NOW, 7, 3)):
        assert Cursor.of(str(cursor)) == cursor


@pytest.mark.parametrize("count", [1, listing.PAGE])
def test_rows_cost_the_same_for_one_and_for_a_screen(count):
    make_collection()
    editor = make_editor()
    for at in range(count):
        pair = [wait(minutes=2 * at), wait(minutes=2 * at + 1)]
        tell_together(*pair)
        choose(pair[0], editor, "words", words={"title": "Ours"})
    with CaptureQueriesContext(connection) as queries:
        found = listing.screen(Filters(), now=NOW, counts=True)
        loaded, _ = rows.load(found.headlines, Filters(), now=NOW, user=editor)
    assert (len(loaded), len(queries)) == (count, 4)
    assert loaded[0].own_words == NO_WORDS | {"title": "Ours"}


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ({}, "headline_waiting"),
        ({"feed": "7"}, "headline_waiting_of"),
        ({"language": "uk"}, "headline_waiting"),
    ],
)
def test_rows_are_found_by_the_index_of_what_waits(asked, index):
    wait()
    with CaptureQueriesContext(connection) as queries:
        listing.screen(Filters.of(asked), now=NOW)
    plan = plan_of(queries[0])
    assert f"{index} " in plan or f"{index}\n" in plan
    assert "SCAN" not in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


@time_machine.travel(NOW, tick=False)
def test_row_tells_known_decisions_members_and_outlets():
    make_collection(title="Links")
    editor = make_editor(first_name="Ada", last_name="L")
    lead = wait("lead", minutes=9, outlet="a.example")
    other = wait("other", minutes=1, outlet="b.example")
    story = tell_together(lead, other)
    decision = choose(lead, editor, "words", words={"title": "Ours"})
    found = listing.screen(Filters(), now=NOW)
    (row,), marks = rows.load(found.headlines, Filters(), now=NOW, user=editor)
    assert (row.headline, row.story, row.count) == (lead, story.pk, 2)
    assert row.outlets == ["a.example", "b.example"]
    assert [member.headline_id for member in row.members] == [lead.pk, other.pk]
    assert (row.known, row.is_waiting) == (decision.pk, True)
    assert (marks.last, marks.own) == (decision.pk, decision)
    assert row.cursor == str(Cursor(other.published_at, other.pk))
