"""Pictures of outside articles on pages and in feeds: ours, and nobody else's."""

import re

import pytest
from django.utils import timezone

from aggregator.models import Collection, Thumbnail
from aggregator.thumbnails import fetching, want
from blog.models import SiteSettings
from tests.aggregator.keeping import NOW
from tests.aggregator.serving import Answer
from tests.aggregator.sidework import do_all
from tests.factories import make_collection, make_editor, make_headline, make_pick, make_post
from tests.pictures import drawn, fetched, saved

pytestmark = pytest.mark.django_db
LOADED = re.compile(r"""(?:\ssrc|\ssrcset|\sposter|\sbackground|\sdata)="([^"]*)"|url\(([^)]*)\)""")
LINKED = re.compile(
    r'<link rel="(?:stylesheet|icon|preload|manifest|apple-touch-icon)[^>]*href="([^"]*)"'
)


@pytest.fixture
def collection(server, media_folder):
    """A collection on the front page, with a headline that has a picture and one that has none."""
    SiteSettings(shows_outside_pictures=True).save()
    server.answers["/a.jpg"] = Answer(saved(drawn((1200, 900)), "JPEG"))
    collection = make_collection(slug="picked", home_count=5)
    with_picture = make_headline(image_url=server.url("/a.jpg"), title="With a picture")
    for headline in (with_picture, make_headline(title="Without")):
        make_pick(headline=headline, collection=collection, picked_by=make_editor())
    want([with_picture], now=timezone.now())
    do_all(fetching)
    assert Thumbnail.objects.get().is_ready
    return collection


PAGES = ("/", "/picked/", "/collections/picked/clip/")


@pytest.mark.parametrize("address", PAGES)
def test_a_picture_stands_beside_its_headline(client, collection, address):
    page = client.get(address).text
    [image] = re.findall(r'<img [^>]*class="thumb"[^>]*>', page)
    assert 'alt="" loading="lazy"' in image
    assert 'width="640" height="427"' in image
    [avif, webp] = re.findall(r'<source type="image/(\w+)" srcset="/media/pictures/outside/', page)
    assert (avif, webp) == ("avif", "webp")
    src = re.search(r'src="([^"]*)"', image)[1]
    assert fetched(client, src)[8:12] == b"WEBP"


def test_what_is_served_is_a_picture_and_nothing_else(client, collection):
    url, _, _ = Thumbnail.objects.get().fallback
    response = client.get(url)
    response.close()
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.parametrize("address", PAGES)
def test_a_site_that_shows_no_pictures_shows_none(client, collection, address):
    SiteSettings(shows_outside_pictures=False).save()
    page = client.get(address).text
    assert "With a picture" in page
    assert "thumb" not in page


@pytest.mark.parametrize(
    "address",
    [*PAGES, "/search/?q=picture", "/archive/", "/subscribe/", "/corrections/", "/newsletter/"],
)
def test_readers_browsers_ask_nobody_else(client, server, collection, address):
    make_post(body="<p>Text</p>")
    page = client.get(address, follow=True).text
    assert server.url("/a.jpg") not in page
    loaded = [a or b for a, b in LOADED.findall(page)] + LINKED.findall(page)
    addresses = [one.split()[0] for value in loaded for one in value.split(",") if one.strip()]
    assert addresses
    assert [one for one in addresses if not re.match(r"/(?!/)|data:image/", one)] == []
    asked = len(server.asked)
    for one in addresses:
        list(client.get(one))  # to its end, where the client closes it
    assert len(server.asked) == asked


def test_the_clip_may_load_our_pictures_and_no_others(client, collection):
    policy = client.get("/collections/picked/clip/")["Content-Security-Policy"]
    assert "img-src 'self'" in policy
    assert "data:" not in policy


def test_feeds_name_our_copy(client, collection):
    url, width, height = Thumbnail.objects.get().fallback
    rss = client.get("/picked/feed/").text
    [named] = re.findall(r"<media:content[^>]*>", rss)
    assert url in named
    assert (f'width="{width}"' in named, f'height="{height}"' in named) == (True, True)
    items = client.get("/picked/feed.json").json()["items"]
    assert sorted(item.get("image", "-").endswith(url) for item in items) == [False, True]
    SiteSettings(shows_outside_pictures=False).save()
    assert "media:content" not in client.get("/picked/feed/").text


@pytest.mark.parametrize("count", [1, 30])
def test_pictures_cost_no_query(client, django_assert_num_queries, count):
    SiteSettings(shows_outside_pictures=True).save()
    Collection.objects.all().delete()
    collection = make_collection(slug="picked")
    made = {"small": {"webp": [[160, "a.webp"]], "avif": [[160, "a.avif"]]}}
    for number in range(count):
        thumbnail = Thumbnail.objects.create(
            key=str(number),
            address="-",
            folder=f"pictures/outside/{number}",
            state="ready",
            width=300,
            height=200,
            made=made,
            next_at=NOW,
            kept_until=NOW,
        )
        make_pick(collection=collection, headline=make_headline(thumbnail=thumbnail))
    client.get("/picked/")
    SiteSettings(shows_outside_pictures=True).save()  # so that no kept page is handed out
    with django_assert_num_queries(QUERIES):
        page = client.get("/picked/").text
    assert page.count('class="thumb"') == count


QUERIES = 6


def test_a_link_that_died_leads_to_the_archive_everywhere(client, collection):
    pick = collection.picks.get(headline__title="Without")
    pick.archived_url = "https://web.archive.org/web/2026/https://outlet.example/2"
    pick.save()
    for address in (*PAGES, "/picked/feed/", "/picked/feed/atom/", "/picked/feed.json"):
        page = client.get(address).text
        assert pick.archived_url in page, address
        assert f'"{pick.headline.url}"' not in page, address
        assert f">{pick.headline.url}<" not in page, address
    assert "archived copy" in client.get("/picked/").text


def test_readers_are_told_of_a_former_headline(client, collection):
    pick = collection.picks.get(headline__title="Without")
    pick.former_title = "Before <b>"
    pick.save()
    page = client.get("/picked/").text
    assert "The outlet has changed its headline. Before: <q>Before &lt;b&gt;</q>" in page
