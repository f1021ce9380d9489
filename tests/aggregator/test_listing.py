"""In which order picks stand in their collections."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aggregator.collecting import pick, place_new, withdraw
from aggregator.listing import first_picks
from aggregator.models import Pick
from tests.factories import LONG_AGO, make_collection, make_editor, make_headline, make_pick

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def titles_of(collection, *, now, count=10):
    return [one.shown_title for one in first_picks({collection.pk: count}, now=now)]


def make_picks(collection, **fields):
    """Picks by their titles, the first of which was placed last."""
    for hours, (title, own) in enumerate(fields.items()):
        make_pick(collection=collection, title=title, placed_at=LONG_AGO - hours * HOUR, **own)


def test_pinned_stand_first_then_the_newest_and_what_was_moved():
    collection = make_collection()
    now = LONG_AGO + DAY
    make_picks(
        collection,
        newest={},
        moved_down={"ranked_at": LONG_AGO - 2.5 * HOUR},
        middle={},
        low_pin={"is_pinned": True, "position": 2},
        high_pin={"is_pinned": True, "position": 1},
        oldest={"position": 7},
    )
    assert titles_of(collection, now=now) == [
        *("high_pin", "low_pin", "newest", "middle", "moved_down", "oldest"),
    ]
    assert titles_of(collection, now=now, count=3) == ["high_pin", "low_pin", "newest"]


def test_a_pin_that_has_run_out_stands_in_its_usual_place_at_once():
    collection = make_collection()
    ends_at = LONG_AGO + 6 * HOUR
    make_picks(collection, newest={}, pinned={"is_pinned": True, "pinned_until": ends_at}, old={})
    just_before = ends_at - timedelta(seconds=1)
    assert titles_of(collection, now=just_before) == ["pinned", "newest", "old"]
    assert titles_of(collection, now=ends_at) == ["newest", "pinned", "old"]


def test_pages_follow_each_other_whatever_is_pinned(client):
    collection = make_collection(slug="picked", page_count=5)
    for number in range(12):
        pinned = {"is_pinned": True, "position": number} if number in {2, 9} else {}
        at = LONG_AGO + number * HOUR
        make_pick(collection=collection, title=f"<{number}>", placed_at=at, **pinned)
    shown = []
    for path in ("/picked/", "/picked/page/2/", "/picked/page/3/"):
        page = client.get(path).context["page"]
        shown += [one.title for one in page.rows]
    assert shown == [f"<{number}>" for number in (2, 9, 11, 10, 8, 7, 6, 5, 4, 3, 1, 0)]
    assert page.older is None
    assert client.get("/picked/page/4/").status_code == 404


@pytest.mark.parametrize("path", ["/", "/picked/", "/collections/picked/clip/"])
def test_a_kept_page_ends_with_the_pin(client, settings, time_machine, path):
    settings.PAGE_CACHE = True
    time_machine.move_to(LONG_AGO + DAY, tick=False)
    collection = make_collection(slug="picked", home_count=3)
    now = timezone.now()
    pin = {"is_pinned": True, "pinned_until": now + timedelta(minutes=10)}
    make_picks(collection, NEWEST={}, PINNED=pin)

    def order():
        page = client.get(path).content.decode()
        return page.index("PINNED") < page.index("NEWEST")

    assert order()
    time_machine.shift(timedelta(minutes=10))
    assert not order()


def test_picks_stay_for_as_long_as_the_collection_says(client):
    collection = make_collection(keep_for_h=24)
    by_hand, by_feed = make_headline(), make_headline(published_at=LONG_AGO - HOUR)
    placed = pick(by_hand, collection, by=make_editor(), now=LONG_AGO)
    place_new([by_feed], collection_id=collection.pk)
    assert placed.until == LONG_AGO + DAY
    assert Pick.objects.get(headline=by_feed).until == LONG_AGO - HOUR + DAY
    assert Pick.objects.public(now=LONG_AGO + DAY - HOUR).get() == placed
    assert not Pick.objects.public(now=LONG_AGO + DAY).exists()


def test_a_pick_that_comes_back_stands_at_the_top_for_as_long_again():
    collection = make_collection(keep_for_h=1)
    headline, editor = make_headline(), make_editor()
    placed = pick(headline, collection, by=editor, now=LONG_AGO)
    Pick.objects.update(ranked_at=LONG_AGO - DAY)
    withdraw(placed, now=LONG_AGO)
    again = pick(headline, collection, by=editor, now=LONG_AGO + DAY)
    assert (again.pk, again.ranked_at, again.until) == (placed.pk, None, LONG_AGO + DAY + HOUR)


def test_many_collections_cost_one_query(django_assert_num_queries):
    collections = [make_collection() for _ in range(4)]
    for collection in collections:
        make_picks(collection, one={}, pinned={"is_pinned": True}, two={})
    counts = {collection.pk: 2 for collection in collections}
    with django_assert_num_queries(1):
        found = first_picks(counts, now=LONG_AGO + DAY)
    assert [one.title for one in found] == ["pinned", "one"] * 4
    assert first_picks({}, now=LONG_AGO) == []


def test_each_look_is_at_its_own_collections_and_its_own_time():
    first, second = make_collection(), make_collection()
    ends_at = LONG_AGO + 6 * HOUR
    for name, collection in (("a", first), ("b", second)):
        for title, own in {"stays": {}, "ends": {"until": ends_at}}.items():
            make_pick(collection=collection, title=f"{name} {title}", placed_at=LONG_AGO, **own)

    def shown(now, *collections):
        found = first_picks({collection.pk: 5 for collection in collections}, now=now)
        return [one.title for one in found]

    assert shown(LONG_AGO, first, second) == ["a ends", "a stays", "b ends", "b stays"]
    assert shown(LONG_AGO, second, first) == ["b ends", "b stays", "a ends", "a stays"]
    assert shown(ends_at, first, second) == ["a stays", "b stays"]
    assert shown(LONG_AGO, second) == ["b ends", "b stays"]
