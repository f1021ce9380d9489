"""The public list of the feeds that we read."""

from xml.etree import ElementTree as ET

import pytest

from aggregator import opml
from aggregator.models import Feed, FeedAccess
from blog.models import SiteSettings
from tests.factories import make_feed

pytestmark = pytest.mark.django_db


def read(client):
    response = client.get("/opml.xml")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/x-opml; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=3600"
    return response.content


def urls(client):
    return [outline.url for outline in opml.read(read(client))]


def test_list_has_the_feeds_by_folders(client):
    SiteSettings.objects.create(title="The & Review")
    make_feed(
        url="https://a.example/rss?a=1&b=2",
        title="A <b>",
        site_url="https://a.example/",
        folder="News / Kyiv",
    )
    make_feed(url="https://b.example/rss", title="Б")
    root = ET.fromstring(read(client))  # noqa: S314  it is our own
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "The & Review"
    assert root.findtext("head/dateCreated").endswith("+0000")
    news = root.find("body/outline[@text='News']")
    (feed,) = news.findall("outline[@text='Kyiv']/outline")
    assert feed.attrib == {
        "type": "rss",
        "text": "A <b>",
        "title": "A <b>",
        "xmlUrl": "https://a.example/rss?a=1&b=2",
        "htmlUrl": "https://a.example/",
    }
    assert root.find("body/outline[@type='rss']").get("text") == "Б"


def test_list_has_no_feed_with_a_key_and_none_that_rests(client):
    make_feed(url="https://open.example/rss", site_url="https://ada:s3cret@open.example/")
    polite = make_feed(url="https://polite.example/rss")
    FeedAccess.objects.create(feed=polite, user_agent="s3cret-agent")
    for number, fields in enumerate(
        (
            {"username": "ada", "password": "s3cret"},
            {"header_name": "X-Key", "header_value": "s3cret"},
            {"cookie": "s3cret=1"},
        )
    ):
        feed = make_feed(url=f"https://s3cret-{number}.example/rss")
        FeedAccess.objects.create(feed=feed, **fields)
    make_feed(url="https://ada:s3cret@a.example/rss")
    make_feed(url="https://a.example/rss?token=s3cret")
    make_feed(url="https://rests.example/rss", is_active=False)
    make_feed(url="https://gone.example/rss", health=Feed.Health.GONE)
    assert urls(client) == ["https://open.example/rss", "https://polite.example/rss"]
    assert b"s3cret" not in read(client)


def test_publisher_decides_whether_there_is_a_list(client):
    SiteSettings.objects.create(title="T", shows_feeds=False)
    make_feed()
    assert client.get("/opml.xml").status_code == 404


def test_the_same_list_is_the_same_document(client, time_machine):
    time_machine.move_to("2026-11-25T12:00:00Z", tick=False)
    make_feed(url="https://a.example/rss")
    first = read(client)
    time_machine.shift(86_400)
    assert read(client) == first


def test_empty_list_is_valid(client):
    assert ET.fromstring(read(client)).tag == "opml"  # noqa: S314  it is our own


@pytest.mark.parametrize("count", [1, 30])
def test_list_takes_two_queries_at_any_size(client, django_assert_num_queries, count):
    for _ in range(count):
        make_feed()
    with django_assert_num_queries(2):
        client.get("/opml.xml")
