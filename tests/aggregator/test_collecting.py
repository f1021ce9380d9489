"""Headlines into collections and out again."""

from datetime import timedelta

import pytest

from aggregator.collecting import pick, pick_all, redirect_feed, withdraw
from aggregator.models import Pick
from tests.factories import (
    LONG_AGO,
    make_collection,
    make_editor,
    make_feed,
    make_headline,
    make_pick,
)

pytestmark = pytest.mark.django_db

NOW = LONG_AGO + timedelta(days=30)
LATER = NOW + timedelta(hours=1)


def shown(collection, now=LATER):
    return [pick.headline for pick in Pick.objects.public(now=now).filter(collection=collection)]


def test_a_picked_headline_stands_on_top_until_it_is_withdrawn():
    collection, editor = make_collection(), make_editor()
    older = make_pick(collection=collection).headline
    headline = make_headline()
    placed = pick(headline, collection, by=editor, now=NOW)
    assert (placed.picked_by, placed.placed_at) == (editor, NOW)
    assert shown(collection) == [headline, older]
    withdraw(placed, now=NOW)
    assert shown(collection) == [older]


def test_picking_again_moves_nothing_that_stands():
    collection, editor = make_collection(), make_editor()
    automatic = make_pick(collection=collection, picked_by=None)
    again = pick(automatic.headline, collection, by=editor, now=NOW)
    assert again == automatic
    assert (again.placed_at, again.picked_by) == (LONG_AGO, editor)


@pytest.mark.parametrize("ended", [{"withdrawn_at": LONG_AGO}, {"until": LONG_AGO}])
def test_what_was_taken_out_stands_again_when_picked_again(ended):
    collection = make_collection()
    old = make_pick(collection=collection, note="keep", **ended)
    assert shown(collection) == []
    pick(old.headline, collection, by=None, now=NOW)
    old.refresh_from_db()
    assert (old.placed_at, old.withdrawn_at, old.until) == (NOW, None, None)
    assert old.note == "keep"
    assert shown(collection) == [old.headline]


def test_withdrawing_twice_keeps_the_first_time():
    placed = make_pick()
    withdraw(placed, now=NOW)
    withdraw(placed, now=LATER)
    placed.refresh_from_db()
    assert placed.withdrawn_at == NOW


def test_of_several_the_first_stands_highest():
    collection = make_collection()
    headlines = [make_headline() for _ in range(3)]
    assert pick_all(headlines, collection, by=None, now=NOW) == 3
    assert shown(collection) == headlines


def test_a_feed_that_starts_to_publish_brings_its_newest_headlines():
    collection = make_collection()
    feed = make_feed(collection=collection)
    headlines = [make_headline(feed=feed) for _ in range(4)]
    hidden = make_headline(feed=feed, is_hidden=True)
    make_headline()
    already = make_pick(
        collection=collection, headline=headlines[3], withdrawn_at=LONG_AGO
    ).headline
    redirect_feed(feed, before=None, limit=3)
    assert already == headlines[3]
    assert shown(collection) == [headlines[2], headlines[1]]
    assert not Pick.objects.filter(headline=hidden).exists()


def test_a_feed_that_is_redirected_takes_only_untouched_picks_along():
    before, after = make_collection(), make_collection()
    feed = make_feed(collection=after)
    untouched = make_headline(feed=feed)
    make_pick(collection=before, headline=untouched)
    touched = {
        "by an editor": {"picked_by": make_editor()},
        "title": {"title": "Ours"},
        "excerpt": {"excerpt": "Ours"},
        "translation": {"translated_title": "Наш"},
        "note": {"note": "Ours"},
        "pinned": {"is_pinned": True},
        "until": {"until": LATER + timedelta(days=1)},
        "withdrawn": {"withdrawn_at": NOW},
    }
    kept = [
        make_pick(collection=before, headline=make_headline(feed=feed), **fields)
        for fields in touched.values()
    ]
    of_another_feed = make_pick(collection=before)
    redirect_feed(feed, before=before)
    assert set(Pick.objects.filter(collection=before)) == {*kept, of_another_feed}
    assert untouched in shown(after)


def test_a_feed_that_stays_where_it_is_changes_nothing(django_assert_num_queries):
    collection = make_collection()
    feed = make_feed(collection=collection)
    make_headline(feed=feed)
    with django_assert_num_queries(2):  # the transaction alone
        redirect_feed(feed, before=collection)
    assert Pick.objects.count() == 0
