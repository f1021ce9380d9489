"""The demo's feeds as documents, as the site serves them, and as the poller reads them."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from aggregator.models import Story
from aggregator.parse import parse
from aggregator.stories.grouping import group
from newsandtimes.demo import feeds
from tests.factories import make_feed, make_headline

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
XML = [name for name in feeds.sample_feeds() if not name.endswith(".json")]
VERSIONS = {
    "black-sea-courier.xml": "rss20",
    "caspian-review.atom": "atom10",
    "highland-gazette.rdf": "rss10",
    "portovyi-visnyk.xml": "rss20",
    "postcards.xml": "rss20",
    "valley-wire.xml": "rss20",
    "zapiski-s-perevala.atom": "atom10",
}


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def _written():
    feeds.write_documents(now=NOW, is_fresh=True)


def document(name):
    return feeds.sample_feeds()[name].rendered(now=NOW)


def dated(entry):
    # RSS 1.0 has one date, which feedparser calls "updated".
    date = entry.get("published_parsed") or entry.updated_parsed
    return datetime(*date[:6], tzinfo=UTC)


def test_feeds_are_of_every_format_that_is_spoken():
    assert {name: feedparser.parse(document(name)).version for name in XML} == VERSIONS
    assert sorted(feeds.sample_feeds()) == sorted([*XML, "waypoints.json"])


@pytest.mark.parametrize("name", XML)
def test_feed_parses_with_every_item_date_and_word(name):
    sample = feeds.sample_feeds()[name].text
    parsed = feedparser.parse(document(name))

    assert 6 <= len(sample.items) <= 14
    assert parsed.feed.title == sample.title
    assert [entry.link for entry in parsed.entries] == [sample.url_of(i) for i in sample.items]
    assert [dated(entry) for entry in parsed.entries] == [NOW - item.age for item in sample.items]
    titles = [item.title for item in sample.items]
    assert [entry.get("title", "") for entry in parsed.entries] == titles
    assert parsed.bozo == sample.is_broken


@pytest.mark.parametrize("name", sorted(feeds.sample_feeds()))
def test_feed_is_read_by_our_own_parser(name):
    sample = feeds.sample_feeds()[name]
    parsed = parse(document(name), content_type=sample.content_type)

    assert (parsed.title, parsed.language) == (sample.text.title, sample.text.language)
    assert [(item.url, item.outlet, item.dated_at, item.author) for item in parsed.items] == [
        (sample.text.url_of(item), sample.text.outlet, NOW - item.age, item.author)
        for item in sample.text.items
    ]
    assert [item.title for item in parsed.items] == [
        item.title or item.summary for item in sample.text.items
    ]
    assert parsed.skipped == 0


def test_json_feed_is_version_1_1_with_every_item():
    sample = feeds.sample_feeds()["waypoints.json"].text
    parsed = json.loads(document("waypoints.json"))

    assert parsed["version"] == "https://jsonfeed.org/version/1.1"
    assert [(item["id"], item["title"], item["summary"]) for item in parsed["items"]] == [
        (sample.url_of(item), item.title, item.summary) for item in sample.items
    ]
    assert datetime.fromisoformat(parsed["items"][0]["date_published"]) == NOW - timedelta(
        minutes=47
    )


def test_one_feed_is_in_windows_1251():
    body = document("portovyi-visnyk.xml")

    with pytest.raises(UnicodeDecodeError):
        body.decode("utf-8")
    assert body.startswith(b"<?xml version='1.0' encoding='windows-1251'?>")
    assert "Ґанок старої контори" in body.decode("windows-1251")
    assert feedparser.parse(body).encoding == "windows-1251"


def test_one_feed_carries_full_texts_creators_and_pictures():
    entry = feedparser.parse(document("black-sea-courier.xml")).entries[0]

    assert entry.content[0].value.startswith("<p>The sister ship needs new stabilisers")
    assert entry.author == "M. Sarvani"
    assert (
        entry.media_content[0]["url"] == "https://blackseacourier.example/pictures/second-ferry.jpg"
    )


def test_broken_feed_is_broken_in_each_promised_way_and_still_read():
    body = document("valley-wire.xml")

    assert body.startswith(b"\n\n<?xml")
    assert b"Bread & salt" in body
    assert b"&nbsp;" in body
    assert b"</channel>" not in body
    entries = feedparser.parse(body).entries
    assert entries[0].title == "Bread & salt festival moves indoors"
    assert entries[-1].summary == (
        "The gauge at the mill reads 1.40\xa0m; ducks have returned to the football pitch."
    )


def test_outlets_stand_on_the_reserved_name_and_differ():
    outlets = [feed.text.outlet for feed in feeds.sample_feeds().values()]

    assert len(set(outlets)) == len(outlets)
    assert [outlet for outlet in outlets if not outlet.endswith(".example")] == []


@pytest.mark.django_db
def test_outlets_that_tell_of_one_event_become_stories(time_machine):
    time_machine.move_to(NOW, tick=False)
    for name, sample in feeds.sample_feeds().items():
        parsed, feed = parse(document(name), content_type=sample.content_type), make_feed()
        for item in parsed.items:
            said = {"title": item.title, "summary": item.summary, "outlet": item.outlet}
            times = {"first_seen_at": NOW, "published_at": item.dated_at}
            make_headline(feed=feed, url=item.url, language=parsed.language, **said, **times)
    group()
    stories = [
        sorted(story.members.values_list("headline__outlet", flat=True))
        for story in Story.objects.filter(count__gte=2)
    ]
    assert sorted(stories) == [
        ["blackseacourier.example", "highlandgazette.example", "valleywire.example"],
        ["highlandgazette.example", "valleywire.example"],
        ["highlandgazette.example", "valleywire.example", "zapiski-s-perevala.example"],
    ]


def test_two_feeds_wait_for_picks():
    targets = {name: feed.collection for name, feed in feeds.sample_feeds().items()}

    assert targets == {
        "black-sea-courier.xml": "selected-articles",
        "caspian-review.atom": "selected-articles",
        "highland-gazette.rdf": "selected-articles",
        "portovyi-visnyk.xml": "selected-articles",
        "postcards.xml": "tweets",
        "valley-wire.xml": "",
        "waypoints.json": "links",
        "zapiski-s-perevala.atom": "",
    }


def test_base_address_follows_the_sites_port(settings):
    settings.SITE_URL = "http://localhost:8042"
    assert feeds.base_address() == "http://127.0.0.1:8042/demo/feeds/"
    settings.SITE_URL = "https://review.example.org"
    assert feeds.base_address() == "http://127.0.0.1:443/demo/feeds/"


@pytest.mark.django_db
@pytest.mark.usefixtures("_written")
@pytest.mark.parametrize(
    ("name", "content_type", "language"),
    [
        ("black-sea-courier.xml", "application/rss+xml; charset=utf-8", "en"),
        ("highland-gazette.rdf", "application/rdf+xml; charset=utf-8", "en"),
        ("portovyi-visnyk.xml", "application/rss+xml; charset=windows-1251", "uk"),
        ("waypoints.json", "application/feed+json; charset=utf-8", "en"),
        ("zapiski-s-perevala.atom", "application/atom+xml; charset=utf-8", "ru"),
    ],
)
def test_feed_is_served_byte_for_byte(client, name, content_type, language):
    response = client.get(f"/demo/feeds/{name}")

    assert response.status_code == 200
    assert response.content == document(name)
    assert response["Content-Type"] == content_type
    assert response["Content-Language"] == language


@pytest.mark.django_db
@pytest.mark.usefixtures("_written")
def test_feed_answers_304_to_its_etag_or_date(client):
    first = client.get("/demo/feeds/postcards.xml")

    for header, value in (
        ("If-None-Match", first["ETag"]),
        ("If-Modified-Since", first["Last-Modified"]),
    ):
        again = client.get("/demo/feeds/postcards.xml", headers={header: value})
        assert (again.status_code, again.content) == (304, b"")
    stale = client.get("/demo/feeds/postcards.xml", headers={"If-None-Match": '"other"'})
    assert (stale.status_code, stale.content) == (200, first.content)


@pytest.mark.django_db
@pytest.mark.usefixtures("_written")
@pytest.mark.parametrize("name", ["manifest.json", "nothing.xml", "postcards.xml.new", ".."])
def test_only_known_names_are_served(client, data_dir, name):
    (data_dir / "demo" / "feeds" / "postcards.xml.new").write_text("half a document")
    (data_dir / "demo" / "feeds" / "manifest.json").write_text("{}")

    assert client.get(f"/demo/feeds/{name}").status_code == 404


@pytest.mark.django_db
def test_feed_is_not_found_without_the_demo(client):
    assert client.get("/demo/feeds/postcards.xml").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("_written")
def test_feed_is_not_found_outside_of_development(client, settings):
    assert client.get("/demo/feeds/postcards.xml").status_code == 200
    settings.DEVELOPMENT = False
    assert client.get("/demo/feeds/postcards.xml").status_code == 404


@pytest.mark.django_db
@pytest.mark.usefixtures("_written")
def test_feed_refuses_to_be_posted_to(client):
    assert client.post("/demo/feeds/postcards.xml").status_code == 405
