"""The feeds of collections."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.utils import timezone

from aggregator.models import FeedAccess
from blog.models import SiteSettings
from tests.factories import LONG_AGO, make_collection, make_feed, make_headline, make_pick

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
OURS = "https://review.example/selected-articles/"
ADDRESSES = ["/feed/", "/feed/atom/", "/feed.json"]


@pytest.fixture(autouse=True)
def _own_address(settings):
    settings.SITE_URL = "https://review.example"


@pytest.fixture
def collection():
    SiteSettings.objects.create(title="The Review")
    return make_collection(title="Selected Articles", intro="By hand.")


@pytest.fixture
def pick(collection):
    feed = make_feed(title="Kyiv Post", url="https://kyivpost.example/rss")
    headline = make_headline(
        feed=feed,
        title="A <b> headline",
        summary="What they say & more.",
        url="https://kyivpost.example/a?b=1&c=2",
        outlet="kyivpost.example",
        language="uk",
        author="Olena",
        updated_at=LONG_AGO,
    )
    headline.tags.add("Peace")
    return make_pick(
        collection=collection,
        headline=headline,
        placed_at=AT,
        note="What we say.",
        translated_title="In English",
    )


CONTENT = (
    '<p>In English</p>\n<p lang="uk">What they say &amp; more.</p>\n<p><em>What we say.</em></p>\n'
    '<p><a href="https://kyivpost.example/a?b=1&amp;c=2">Post Link: kyivpost.example</a></p>\n'
    f'<p><a href="{OURS}">Selected Articles</a> – The Review</p>'
)


def read(client, address):
    feed = feedparser.parse(client.get("/selected-articles" + address).content)
    assert feed.bozo is False
    return feed


def read_json(client):
    return json.loads(client.get("/selected-articles/feed.json").content)


def titles(client, address):
    if address.endswith(".json"):
        return [item["title"] for item in read_json(client)["items"]]
    return [entry.title for entry in read(client, address).entries]


def test_rss_leads_to_the_outlet_and_names_its_feed(client, pick):
    feed = read(client, "/feed/")
    assert (feed.feed.title, feed.feed.link) == ("Selected Articles – The Review", OURS)
    assert feed.feed.subtitle == "By hand."
    (entry,) = feed.entries
    assert (entry.title, entry.link) == ("A <b> headline", "https://kyivpost.example/a?b=1&c=2")
    assert entry.id == f"tag:review.example,2026-01-01:headline-{pick.headline_id}"
    assert (entry.source.href, entry.source.title) == ("https://kyivpost.example/rss", "Kyiv Post")
    assert (entry.author, [tag.term for tag in entry.tags]) == ("Olena", ["Peace"])
    assert entry.published == "Sun, 22 Nov 2026 10:30:00 +0000"
    assert (entry.summary, entry.content[0].value) == ("What they say &amp; more.", CONTENT)


def test_atom_and_json_have_both_addresses(client, pick):
    (entry,) = read(client, "/feed/atom/").entries
    assert [(link.rel, link.href) for link in entry.links] == [
        ("alternate", "https://kyivpost.example/a?b=1&c=2"),
        ("related", OURS),
    ]
    assert (entry.source.id, entry.content[0].value) == ("https://kyivpost.example/rss", CONTENT)
    (item,) = read_json(client)["items"]
    assert (item["url"], item["external_url"]) == ("https://kyivpost.example/a?b=1&c=2",) * 2
    assert (item["language"], item["content_html"]) == ("uk", CONTENT)


def test_a_headline_without_an_address_leads_to_us(client, collection):
    make_pick(collection=collection, headline=make_headline(url="", canonical_url=""))
    (item,) = read_json(client)["items"]
    assert (item["url"], item.get("external_url")) == (OURS, None)
    assert read(client, "/feed/").entries[0].link == OURS


def test_id_is_the_same_in_every_collection_and_for_ever(client, pick):
    other = make_collection(title="Other")
    make_pick(collection=other, headline=pick.headline, placed_at=AT)
    before = read_json(client)["items"][0]["id"]
    pick.headline.title, pick.headline.url = "New", "https://elsewhere.example/"
    pick.headline.save()
    again = json.loads(client.get("/other/feed.json").content)["items"][0]
    assert (again["id"], again["title"]) == (before, "New")


@pytest.mark.parametrize("address", ADDRESSES)
def test_newest_first_whatever_is_pinned(client, collection, address):
    make_pick(
        collection=collection, headline=make_headline(title="Old"), placed_at=AT, is_pinned=True
    )
    later = AT + timedelta(hours=1)
    make_pick(collection=collection, headline=make_headline(title="New"), placed_at=later)
    assert titles(client, address) == ["New", "Old"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_that_is_not_public_is_in_a_feed(client, pick, address):
    for fields in (
        {"withdrawn_at": AT},
        {"until": timezone.now() - timedelta(minutes=1)},
        {"headline": make_headline(title="Secret", is_hidden=True)},
        {"collection": make_collection()},
    ):
        common = {"collection": pick.collection, "headline": make_headline(title="Secret")}
        make_pick(**common | fields)
    assert titles(client, address) == ["A <b> headline"]
    assert b"Secret" not in client.get("/selected-articles" + address).content


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    ("url", "access"),
    [
        ("https://ada:s3cret@kyivpost.example/rss", {}),
        ("https://kyivpost.example/rss?token=s3cret", {}),
        ("https://kyivpost.example/s3cret/rss", {"username": "ada", "password": "s3cret"}),
        ("https://kyivpost.example/s3cret/rss", {"header_name": "X", "header_value": "s3cret"}),
    ],
)
def test_the_address_of_a_private_feed_is_nobodys_business(client, pick, address, url, access):
    feed = pick.headline.feed
    feed.url, feed.site_url = url, "https://kyivpost.example/"
    feed.save()
    if access:
        FeedAccess.objects.create(feed=feed, **access)
    assert titles(client, address) == ["A <b> headline"]
    assert b"s3cret" not in client.get("/selected-articles" + address).content
    assert read(client, "/feed/").entries[0].source.href == "https://kyivpost.example/"


def test_language_from_outside_does_not_break_the_document(client, pick):
    pick.headline.language = '"><x'
    pick.headline.save()
    assert read(client, "/feed/atom/").entries[0].title == "A <b> headline"


@pytest.mark.parametrize("address", ADDRESSES)
def test_those_who_have_it_get_304_until_it_changes(client, pick, address):
    address = "/selected-articles" + address
    full = client.get(address)
    have = {"if-none-match": full["ETag"]}
    assert client.get(address, headers=have).status_code == 304
    since = {"if-modified-since": full["Last-Modified"]}
    assert client.get(address, headers=since).status_code == 304
    pick.note = "Another note."
    pick.save()
    assert client.get(address, headers=have).status_code == 200
    other = make_headline(updated_at=LONG_AGO)
    make_pick(collection=pick.collection, headline=other, placed_at=AT + timedelta(hours=1))
    assert client.get(address, headers=since).status_code == 200


@pytest.mark.parametrize("count", [1, 30])
def test_feed_takes_five_queries_at_any_size(client, collection, django_assert_num_queries, count):
    for _ in range(count):
        make_pick(collection=collection)
    with django_assert_num_queries(5):
        client.get("/selected-articles/feed/")


def test_there_is_no_feed_of_what_is_not_there(client, collection):
    assert [client.get("/nope" + address).status_code for address in ADDRESSES] == [404] * 3


def test_the_page_names_its_feeds_first(client, pick):
    page = client.get("/selected-articles/").content.decode()
    own = '<link rel="alternate" type="application/rss+xml" title="Selected Articles (RSS)"'
    assert f'{own} href="{OURS}feed/">' in page
    assert page.index(own) < page.index('title="The Review (RSS)"')
