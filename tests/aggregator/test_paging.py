"""The pages of a collection: in order, none twice, at one cost however far down."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aggregator import paging
from aggregator.models import Pick
from aggregator.paging import Place, PlaceConverter, page_of
from tests.factories import LONG_AGO, make_author, make_collection, make_pick, make_post
from tests.plans import plan_of

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LINK = re.compile(r'class="(newer|older)" rel="([a-z ]+)" href="([^"]+)"')


@pytest.fixture
def collection(monkeypatch):
    """A collection with pages of five, of which the first three are found by their numbers."""
    monkeypatch.setattr(paging, "NEAR", 10)
    return make_collection(slug="picked", page_count=5)


def fill(collection, count):
    """Picks with the oldest first, three of which stand at each instant."""
    return [
        make_pick(
            collection=collection, title=f"<{number}>", placed_at=LONG_AGO + number // 3 * MINUTE
        )
        for number in range(count)
    ]


def links_of(page):
    return {way: path for way, _, path in LINK.findall(page)}


def walk(client, path, way):
    """Yield the addresses and what stands there, from one page to the last in one direction."""
    while path:
        response = client.get(path)
        assert response.status_code == 200, path
        yield path, [pick.title for pick in response.context["page"].rows]
        path = links_of(response.text).get(way)


def test_pages_follow_each_other_to_the_end_and_back(client, collection):
    picks = fill(collection, 33)
    Pick.objects.filter(pk=picks[4].pk).update(is_pinned=True)
    Pick.objects.filter(pk=picks[30].pk).update(ranked_at=LONG_AGO + 2.5 * MINUTE)
    down = list(walk(client, "/picked/", "older"))
    order = [4, 32, 31, *range(29, 8, -1), 30, 8, 7, 6, 5, 3, 2, 1, 0]
    assert [title for _, titles in down for title in titles] == [f"<{n}>" for n in order]
    paths = [path for path, _ in down]
    assert paths[:3] == ["/picked/", "/picked/page/2/", "/picked/page/3/"]
    assert all(re.search(r"/page/[4-7]/before/[0-9]+-[0-9]+/$", path) for path in paths[3:])
    assert list(walk(client, paths[-1], "newer")) == down[::-1]


def test_robots_are_led_to_pages_with_numbers_only(client, collection):
    fill(collection, 17)
    page = client.get("/picked/page/2/").text
    assert [(way, rel) for way, rel, _ in LINK.findall(page)] == [
        ("newer", "prev"),
        ("older", "next"),
    ]
    assert LINK.findall(client.get("/picked/page/3/").text)[1][1] == "next nofollow"


def test_page_far_down_stays_what_it_is_while_others_come_and_go(client, collection):
    picks = fill(collection, 30)
    pages = dict(walk(client, "/picked/", "older"))
    path = list(pages)[4]
    last_above = list(pages.values())[3][-1]
    make_pick(collection=collection, placed_at=LONG_AGO + timedelta(days=1))
    assert client.get(path).context["page"].rows[0].title == pages[path][0]
    for gone in ({"withdrawn_at": LONG_AGO}, None):
        found = Pick.objects.filter(title=last_above)
        found.update(**gone) if gone else found.delete()
        assert [pick.title for pick in client.get(path).context["page"].rows] == pages[path]
    picks[0].headline.__class__.objects.filter(picks__title=pages[path][1]).update(is_hidden=True)
    titles = [pick.title for pick in client.get(path).context["page"].rows]
    assert pages[path][1] not in titles
    assert len(titles) == 5


def test_page_with_little_above_it_leads_to_the_first(client, collection):
    picks = fill(collection, 40)
    far = list(walk(client, "/picked/", "older"))[6][0]
    Pick.objects.filter(pk__in=[pick.pk for pick in picks[12:]]).update(withdrawn_at=LONG_AGO)
    response = client.get(far)
    assert links_of(response.text) == {"newer": "/picked/", "older": "/picked/page/3/"}
    assert ">Page 2<" in response.text


@pytest.mark.parametrize(
    "path",
    [
        "page/2/before/{place}/",  # has an address by its number
        "page/7/before/0-1/",  # nothing stands below
        "page/7/before/{pk}/",
        "page/7/before/",
        "page/0/before/{place}/",
        "page/51/",
        "page/7/before/99999999999999999-1/",
    ],
)
def test_what_is_no_page_is_not_found(client, collection, path):
    place = Place.of(fill(collection, 40)[-1])
    assert client.get(f"/picked/page/7/before/{place}/").status_code == 200
    assert client.get(f"/picked/{path.format(place=place, pk=place.pk)}").status_code == 404


def test_old_addresses_stay_and_go_on(client, collection):
    fill(collection, 40)
    numbered = [
        client.get(f"/picked/page/{number}/").context["page"].rows for number in range(2, 9)
    ]
    followed = [titles for _, titles in walk(client, "/picked/page/2/", "older")]
    assert [[pick.title for pick in rows] for rows in numbered] == followed
    links = links_of(client.get("/picked/page/6/").text)
    assert links["newer"] == "/picked/page/5/"
    assert links["older"].startswith("/picked/page/7/before/")


@pytest.mark.parametrize("at", ["2026-11-29T00:42:25.662506+00:00", "1912-04-15T02:20:00+00:00"])
def test_a_place_keeps_its_instant_to_the_last_digit(at):
    converter = PlaceConverter()
    place = Place(timezone.datetime.fromisoformat(at), 4711)
    assert re.fullmatch(converter.regex, str(place))
    assert converter.to_python(converter.to_url(place)) == place


@pytest.mark.parametrize("count", [16, 60])
def test_page_far_down_takes_eight_queries_at_any_size(
    client, collection, django_assert_num_queries, count
):
    author = make_author()
    picks = fill(collection, count)
    make_post(authors=[author])
    place = Place.of(picks[15])
    with django_assert_num_queries(8):
        assert client.get(f"/picked/page/9/before/{place}/").status_code == 200


def test_both_ways_begin_at_the_place_in_the_index(collection):
    place = Place.of(fill(collection, 40)[20])
    with CaptureQueriesContext(connection) as queries:
        page = page_of(collection, number=9, before=place, now=timezone.now())
    assert (page.rows[0].title, page.newer_place) == (
        "<19>",
        str(Place.of(Pick.objects.get(title="<25>"))),
    )
    assert len(queries) == 2
    for query in queries.captured_queries:
        assert "OFFSET 4" not in query["sql"]
        plan = plan_of(query)
        assert "pick_stands" in plan
        assert "SCAN aggregator_pick" not in plan
        # The few pinned ones are sorted, nothing else.
        assert "TEMP B-TREE FOR ORDER BY" not in plan
        assert "Sort Key: (COALESCE(aggregator_pick" not in plan
        if connection.vendor == "sqlite":
            assert re.search(r"pick_stands \(collection_id=\? AND <expr>[<>]\?\)", plan)
        else:
            assert re.search(r"Index Cond: .*COALESCE\(ranked_at, placed_at\) [<>]=", plan)
