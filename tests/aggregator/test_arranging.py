"""Moving picks about in their collection."""

from datetime import timedelta

import pytest

from aggregator import arranging
from aggregator.collecting import pick as pick_into
from aggregator.collecting import withdraw
from aggregator.listing import first_picks
from aggregator.models import Pick
from tests.factories import LONG_AGO, make_collection, make_editor, make_headline, make_pick

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOW = LONG_AGO + timedelta(days=1)


@pytest.fixture
def collection():
    """Picks a to e, the newest first; P and Q are pinned above."""
    collection = make_collection()
    for hours, title in enumerate("abcde"):
        make_pick(collection=collection, title=title, placed_at=LONG_AGO - hours * HOUR)
    for position, title in enumerate("PQ"):
        make_pick(collection=collection, title=title, is_pinned=True, position=position)
    return collection


def order_of(collection):
    return "".join(one.title for one in first_picks({collection.pk: 100}, now=NOW))


def named(title):
    return Pick.objects.get(title=title)


def move(title, before):
    key = named(before).pk if before else None
    return arranging.move(named(title), before=key, now=NOW)


@pytest.mark.parametrize(
    ("title", "before", "expected"),
    [
        ("c", "a", "PQcabde"),
        ("a", "d", "PQbcade"),
        ("b", None, "PQacdeb"),
        ("d", "c", "PQabdce"),
        ("Q", "P", "QPabcde"),
        ("P", None, "QPabcde"),
        ("P", "c", "QPabcde"),  # a pinned one stays among the pinned
        ("c", "P", "PQcabde"),  # and the others behind these
    ],
)
def test_move_puts_a_pick_before_another(collection, title, before, expected):
    assert move(title, before)
    assert order_of(collection) == expected


def test_moves_to_where_it_stands_change_nothing(collection):
    assert not move("b", "c")
    assert not arranging.shift(named("P"), -1, now=NOW)
    assert not arranging.shift(named("e"), 1, now=NOW)
    assert not Pick.objects.exclude(ranked_at=None).exists()


def test_shift_moves_by_one_and_stops_at_the_ends(collection):
    assert arranging.shift(named("c"), -1, now=NOW)
    assert order_of(collection) == "PQacbde"
    assert arranging.shift(named("c"), 1, now=NOW)
    assert arranging.shift(named("c"), 1, now=NOW)
    assert order_of(collection) == "PQabdce"
    assert arranging.shift(named("e"), -100, now=NOW)
    assert order_of(collection) == "PQeabdc"


def test_what_is_picked_later_comes_in_above_what_was_moved(collection):
    for title in "edc":
        assert move(title, order_of(collection)[2])
    new = pick_into(make_headline(), collection, by=make_editor(), now=NOW)
    Pick.objects.filter(pk=new.pk).update(title="n")
    assert order_of(collection) == "PQncdeab"


def test_any_number_of_moves_between_the_same_two_holds(collection):
    for number in range(40):
        at = "bc"[number % 2]
        other = "cb"[number % 2]
        assert move(other, at)
        assert order_of(collection) == f"PQa{other}{at}de"


def test_picks_of_one_instant_can_be_ordered():
    collection = make_collection()
    for title in "abcdef":
        make_pick(collection=collection, title=title, placed_at=LONG_AGO)
    assert order_of(collection) == "fedcba"
    assert move("a", "e")
    assert order_of(collection) == "faedcb"
    assert move("f", None)
    assert order_of(collection) == "aedcbf"
    assert move("d", "b")
    assert order_of(collection) == "aecdbf"


def test_moving_leaves_the_date_by_which_it_was_mailed(collection):
    before = named("e").placed_at
    move("e", "a")
    assert named("e").placed_at == before


def test_pin_stands_above_the_others_until_it_ends(collection):
    arranging.pin(named("d"), until=NOW + HOUR, now=NOW)
    assert order_of(collection) == "dPQabce"
    assert [one.title for one in first_picks({collection.pk: 9}, now=NOW + HOUR)] == [
        *"PQabcde",
    ]
    arranging.unpin(named("P"))
    assert sorted(order_of(collection)[:2]) == ["Q", "d"]
    assert named("P").position == 0


def test_pinning_again_changes_only_the_end(collection):
    arranging.pin(named("Q"), until=None, now=NOW)
    assert order_of(collection) == "PQabcde"
    assert named("Q").pinned_until is None


def test_withdrawn_can_be_put_back_where_it_stood(collection):
    move("d", "b")
    withdraw(named("d"), now=NOW)
    assert order_of(collection) == "PQabce"
    assert [one.title for one in arranging.withdrawn_lately(collection, now=NOW)] == ["d"]
    arranging.put_back(named("d"))
    assert order_of(collection) == "PQadbce"
    assert list(arranging.withdrawn_lately(collection, now=NOW)) == []


def test_what_is_gone_cannot_be_moved(collection):
    gone = named("d")
    withdraw(gone, now=NOW)
    with pytest.raises(arranging.MovedAwayError):
        arranging.move(gone, before=None, now=NOW)
    with pytest.raises(arranging.MovedAwayError):
        arranging.move(named("a"), before=gone.pk, now=NOW)


def test_only_so_many_can_be_moved_and_the_rest_stays_below(monkeypatch, collection):
    monkeypatch.setattr(arranging, "MOST_ARRANGED", 3)
    whole = arranging.arranged(collection, now=NOW)
    assert [one.title for one in whole.others] == [*"abc"]
    assert whole.below == named("d")
    assert move("a", None)
    assert order_of(collection) == "PQbcade"
