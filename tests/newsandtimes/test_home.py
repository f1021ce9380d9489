"""The front page: what stands on it, in which order, at which cost."""

import re
from datetime import timedelta

import pytest

from blog.models import NavLink, Post, SiteSettings
from newsandtimes.home import front_bands, front_page
from tests.factories import (
    LONG_AGO,
    make_author,
    make_category,
    make_collection,
    make_headline,
    make_pick,
    make_post,
    make_story,
)

pytestmark = pytest.mark.django_db

NOW = LONG_AGO + timedelta(days=1)


def main_of(response):
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def fill(count):
    author = make_author()
    collections = [make_collection(home_count=12), make_collection(home_count=5)]
    for _ in range(count):
        make_post(authors=[author])
        for collection in collections:
            make_pick(collection=collection)


def test_stream_comes_newest_first_and_recent_posts_follow_it():
    for number in range(10):
        make_post(title=f"P{number}")
    front = front_page(number=1, per_page=3, now=NOW)
    assert [post.title for post in front.page.rows] == ["P9", "P8", "P7"]
    assert [post.title for post in front.recent] == ["P6", "P5", "P4", "P3", "P2"]


def test_no_post_stands_twice_on_the_front_page(client):
    SiteSettings.objects.create(posts_per_page=3)
    for number in range(10):
        make_post(title=f"P{number}")
    page = client.get("/").content.decode()
    assert [page.count(f">P{number}</a>") for number in range(10)] == [0, 0] + [1] * 8


def test_entries_are_set_by_kind(client):
    category = make_category(name="Review")
    make_post(title="Long", body="<p>" + "word " * 660 + "</p>", category=category)
    make_post(kind=Post.Kind.OPINION, title="Only a #Title", body="", category=category)
    make_post(
        kind=Post.Kind.LINK, title="Shared", source_url="https://www.wsj.com/a", category=category
    )
    link, opinion, article = main_of(client.get("/")).split("<article")[1:]
    assert 'class="entry link"' in link
    assert '<a class="outlet" href="https://www.wsj.com/a" rel="noopener">' in link
    assert "Continue reading" not in link
    assert 'class="entry opinion"' in opinion
    assert 'Only a <span class="hashtag">#Title</span></a></h2>' in opinion
    assert "Continue reading" not in opinion
    assert 'class="entry article"' in article
    assert '<a href="/category/review/">Review</a>' in article
    assert "<span>3 min read</span>" in article
    assert "Continue reading" in article


def test_bands_follow_the_collections_and_the_picks_order():
    second = make_collection(title="Second", home_count=1, position=2)
    first = make_collection(title="First", home_count=3, position=1)
    make_pick(collection=make_collection(home_count=0))
    make_collection(title="Empty", home_count=5)
    for title, fields in {
        "old": {"placed_at": LONG_AGO},
        "new": {"placed_at": LONG_AGO + timedelta(hours=1)},
        "pinned low": {"is_pinned": True, "position": 2},
        "pinned high": {"is_pinned": True, "position": 1},
    }.items():
        for collection in (first, second):
            make_pick(collection=collection, headline=make_headline(title=title), **fields)
    bands = {
        band.collection.title: [pick.headline.title for pick in band.picks]
        for band in front_bands(now=NOW)
    }
    assert bands == {"First": ["pinned high", "pinned low", "new"], "Second": ["pinned high"]}
    assert list(bands) == ["First", "Second"]


def test_headline_in_two_collections_is_shown_in_the_first():
    headline = make_headline(title="Both")
    for position in (1, 2):
        collection = make_collection(home_count=3, position=position)
        make_pick(collection=collection, headline=headline)
    make_pick(collection=collection, headline=make_headline(title="Second only"))
    shown = [[pick.headline.title for pick in band.picks] for band in front_bands(now=NOW)]
    assert shown == [["Both"], ["Second only"]]


def test_what_an_earlier_band_shows_makes_room_for_what_follows():
    first, second, third = (make_collection(home_count=4, position=n) for n in (1, 2, 3))
    headlines = [make_headline(title=f"H{number}") for number in range(10)]
    for number, headline in enumerate(headlines):
        placed_at = LONG_AGO - timedelta(hours=number)
        for collection in (first, second, third) if number < 4 else (second, third):
            make_pick(collection=collection, headline=headline, placed_at=placed_at)
    shown = [[pick.headline.title for pick in band.picks] for band in front_bands(now=NOW)]
    assert shown == [["H0", "H1", "H2", "H3"], ["H4", "H5", "H6", "H7"], ["H8", "H9"]]


def shown_titles(**beside):
    return [[one.headline.title for one in band.picks] for band in front_bands(now=NOW, **beside)]


def test_a_story_is_shown_once_and_the_next_picks_take_the_places():
    first, second = (make_collection(home_count=2, position=n) for n in (1, 2))
    headlines = [make_headline(title=f"H{number}") for number in range(6)]
    make_story(*headlines[:3])
    for number, headline in enumerate(headlines):
        placed_at = LONG_AGO - timedelta(hours=number)
        make_pick(collection=first, headline=headline, placed_at=placed_at)
        make_pick(collection=second, headline=headline, placed_at=placed_at)
    assert shown_titles() == [["H0", "H3"], ["H4", "H5"]]


def test_a_story_of_which_a_link_post_tells_is_in_no_band():
    collection = make_collection(home_count=1)
    told, same, other = (make_headline(title=title) for title in ("Told", "Same", "Other"))
    make_story(same, told)
    for number, headline in enumerate((same, other, told)):
        placed_at = LONG_AGO - timedelta(hours=number)
        make_pick(collection=collection, headline=headline, placed_at=placed_at)
    assert shown_titles(besides=[told.article_key]) == [["Other"]]


def test_bands_stand_on_the_first_page_only(client):
    SiteSettings.objects.create(posts_per_page=1)
    make_pick(collection=make_collection(title="Selected Articles", home_count=3))
    make_post(title="P0")
    make_post(title="P1")
    assert ">Selected Articles</h2>" in client.get("/").content.decode()
    second = client.get("/page/2/").content.decode()
    assert "Selected Articles" not in second
    assert '<a class="newer" rel="prev" href="/">' in second
    assert ">P0</a></h2>" in second


@pytest.mark.parametrize("path", ["/page/0/", "/page/3/", "/page/9999999/", "/page/x/"])
def test_pages_that_are_none_are_not_found(client, path):
    SiteSettings.objects.create(posts_per_page=1)
    make_post()
    make_post()
    assert client.get(path).status_code == 404


def test_first_page_has_one_address(client):
    response = client.get("/page/1/")
    assert (response.status_code, response["Location"]) == (301, "/")


def test_empty_site_has_a_front_page(client):
    page = client.get("/").content.decode()
    assert "Nothing has been published here yet." in page
    nav = page.partition('<nav class="nav"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]*)"', nav) == ["/search/"]
    assert "Recent Posts" not in page


def test_rows_of_links_stand_around_the_page(client):
    SiteSettings.objects.create(title="The Review", tagline="Notes", footer="A line")
    for place, target in [
        ("masthead", "/"),
        ("masthead", "/links/"),
        ("footer", "/feed/"),
        ("elsewhere", "https://social.example/@us"),
    ]:
        NavLink.objects.create(label=target, target=target, place=place)
    page = client.get("/").content.decode()
    assert '<h1 class="title"><a href="/">The Review</a></h1>' in page
    assert '<a href="/" aria-current="page">/</a>' in page
    assert '<a href="/links/">/links/</a>' in page
    assert '<a href="/feed/">/feed/</a>' in page
    assert (
        '<a href="https://social.example/@us" rel="me noopener">https://social.example/@us</a>'
        in page
    )
    assert page.count("<h1") == 1


def test_unsafe_methods_are_refused(client):
    response = client.post("/")
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("count", [1, 30])
def test_front_page_takes_eight_queries_at_any_size(client, django_assert_num_queries, count):
    fill(count)
    with django_assert_num_queries(8) as queries:
        client.get("/")
    assert not any("COUNT(" in query["sql"].upper() for query in queries.captured_queries)


def test_front_page_takes_eight_queries_with_many_collections(client, django_assert_num_queries):
    for _ in range(7):
        fill(2)
    with django_assert_num_queries(8):
        client.get("/")
