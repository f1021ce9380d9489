"""The RSS feed, read back by feedparser and by a strict XML parser."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import feedparser
import pytest
from django.utils.http import http_date

from blog.models import Post, SiteSettings
from tests.factories import make_author, make_category, make_image, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"


@pytest.fixture(autouse=True)
def _own_address(settings):
    settings.SITE_URL = "https://review.example"


@pytest.fixture
def site():
    return SiteSettings.objects.create(
        title="The Review", description="About it.", feed_signature="first appeared on The Review"
    )


def read(client, **headers):
    response = client.get("/feed/", headers=headers)
    feed = feedparser.parse(response.content)
    assert feed.bozo is False
    return feed


def parsed(client):
    return ET.fromstring(client.get("/feed/").content)  # noqa: S314  it is our own


def content_of(client):
    return parsed(client).findtext(f"channel/item/{CONTENT}")


def test_channel_says_what_it_is(client, site):
    make_post(published_at=AT)
    feed = read(client).feed
    assert (feed.title, feed.link, feed.description, feed.language) == (
        "The Review",
        "https://review.example/",
        "About it.",
        "en",
    )
    assert [link for link in feed.links if link.rel == "self"] == [
        {"rel": "self", "type": "application/rss+xml", "href": "https://review.example/feed/"}
    ]


def test_item_carries_everything_a_reader_needs(client, site):
    post = make_post(
        kind=Post.Kind.LINK,
        title="A golden opportunity",
        standfirst="Why now.",
        body="<p>Text</p>",
        source_url="https://www.wsj.com/a?b=1&c=2",
        published_at=AT,
        category=make_category(name="Web Review"),
        authors=[make_author(name="Ada")],
        tags=["Peace"],
        image=make_image(alt="A road"),
    )
    (item,) = read(client).entries
    link = "https://review.example/2026/11/22/a-golden-opportunity/"
    assert (item.title, item.link, item.summary) == ("A golden opportunity", link, "Why now.")
    assert item.id == f"tag:review.example,{post.created_at:%Y-%m-%d}:post-{post.pk}"
    assert item.guidislink is False
    assert item.published == "Sun, 22 Nov 2026 10:30:00 +0000"
    assert item.author == "Ada"
    assert [tag.term for tag in item.tags] == ["Web Review", "Peace"]
    assert (item.source.href, item.source.title) == ("https://www.wsj.com/a?b=1&c=2", "wsj.com")
    assert item.media_content == [
        {
            "url": f"https://review.example{post.image.file.url}",
            "medium": "image",
            "width": "4",
            "height": "3",
        }
    ]


def test_full_text_is_absolute_and_signed(client, site):
    make_post(
        title="A & B",
        body='<p><a href="/links/">L</a> <a href="#n">n</a> src="/x"<img src="/media/p.png"></p>',
        published_at=AT,
    )
    link = "https://review.example/2026/11/22/a-b/"
    assert content_of(client) == (
        f'<p><a href="https://review.example/links/" rel="noopener">L</a>'
        f' <a href="{link}#n" rel="noopener">n</a> src="/x"'
        '<img src="https://review.example/media/p.png"></p>\n'
        f'<p><a href="{link}">A &amp; B</a> first appeared on The Review.</p>'
    )


def test_full_text_has_image_standfirst_and_source(client, site):
    post = make_post(
        kind=Post.Kind.LINK,
        title="T",
        standfirst="S",
        body="<p>B</p>",
        source_url="https://wsj.com/a",
        image=make_image(alt="A road", caption="The pass", credit="Ada"),
        published_at=AT,
    )
    content = content_of(client)
    assert content == (
        f'<figure><img src="https://review.example{post.image.file.url}" alt="A road"'
        ' width="4" height="3"><figcaption>The pass · Ada</figcaption></figure>\n'
        "<p><em>S</em></p>\n"
        "<p>B</p>\n"
        '<p><a href="https://wsj.com/a">Post Link: wsj.com</a></p>\n'
        '<p><a href="https://review.example/2026/11/22/t/">T</a>'
        " first appeared on The Review.</p>"
    )


def test_title_alone_is_its_own_description(client):
    make_post(kind=Post.Kind.OPINION, title="5 < 6 & all", body="", published_at=AT)
    (item,) = read(client).entries
    assert (item.title, item.summary) == ("5 < 6 & all", "5 &lt; 6 &amp; all")


def test_control_characters_do_not_break_the_document(client):
    SiteSettings.objects.create(title="The\x0bReview")
    make_post(
        title="A\x08B\ufffe]]>",
        body="<p>a\x0cb</p>",
        authors=[make_author(name="A\x1fda")],
        tags=["t\x01ag"],
        published_at=AT,
    )
    root = parsed(client)
    assert root.findtext("channel/title") == "TheReview"
    assert root.findtext("channel/item/title") == "AB]]>"
    assert "<p>ab</p>" in root.findtext(f"channel/item/{CONTENT}")


def test_feed_holds_the_twenty_newest(client):
    for number in range(21):
        make_post(title=f"Post-{number}", published_at=AT + timedelta(hours=number))
    titles = [item.title for item in read(client).entries]
    assert titles == [f"Post-{number}" for number in range(20, 0, -1)]


def test_guid_outlives_a_change_of_slug_title_and_scheme(client, settings):
    post = make_post(title="Old", published_at=AT)
    before = read(client).entries[0].id
    settings.SITE_URL = "http://review.example"
    post.title, post.slug, post.published_at = "New", "new", AT - timedelta(days=3)
    post.save()
    (item,) = read(client).entries
    assert (item.title, item.id) == ("New", before)


def test_feed_ignores_the_host_header(client):
    make_post(published_at=AT)
    response = client.get("/feed/", headers={"host": "127.0.0.1"})
    assert b"127.0.0.1" not in response.content
    assert b"https://review.example/feed/" in response.content


def test_feed_headers(client, time_machine):
    time_machine.move_to(AT + timedelta(hours=2), tick=False)
    make_post(published_at=AT)
    response = client.get("/feed/")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=300"
    assert response["Last-Modified"] == "Sun, 22 Nov 2026 12:30:00 GMT"
    assert response["ETag"] == client.get("/feed/")["ETag"]
    assert dict(response.cookies) == {}


def test_unchanged_feed_answers_304_by_etag_or_date(client):
    make_post(published_at=AT)
    full = client.get("/feed/")
    for headers in (
        {"if-none-match": full["ETag"]},
        {"if-none-match": f"W/{full['ETag']}"},
        {"if-modified-since": full["Last-Modified"]},
    ):
        response = client.get("/feed/", headers=headers)
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == full["ETag"]
        assert response["Cache-Control"] == "public, max-age=300"


def test_etag_wins_over_the_date(client):
    make_post(published_at=AT)
    full = client.get("/feed/")
    headers = {"if-none-match": '"other"', "if-modified-since": full["Last-Modified"]}
    response = client.get("/feed/", headers=headers)
    assert (response.status_code, response.content) == (200, full.content)


def test_changed_and_withdrawn_posts_change_the_etag(client):
    post, other = make_post(published_at=AT), make_post(published_at=AT)
    first = client.get("/feed/")["ETag"]
    other.delete()
    second = client.get("/feed/", headers={"if-none-match": first})
    post.authors.add(make_author(name="Ada"))
    third = client.get("/feed/", headers={"if-none-match": second["ETag"]})
    assert [second.status_code, third.status_code] == [200, 200]
    assert len({first, second["ETag"], third["ETag"]}) == 3


def test_new_post_is_newer_than_the_last_answer(client, time_machine):
    time_machine.move_to(AT, tick=False)
    make_post(published_at=AT)
    make_post(title="Scheduled", published_at=AT + timedelta(hours=1))
    before = client.get("/feed/")["Last-Modified"]
    time_machine.move_to(AT + timedelta(hours=1), tick=False)
    response = client.get("/feed/", headers={"if-modified-since": before})
    assert response.status_code == 200
    assert response["Last-Modified"] == http_date((AT + timedelta(hours=1)).timestamp())


def test_empty_feed_is_valid(client):
    feed = read(client)
    assert (feed.feed.title, feed.entries) == ("The News And Times Review", [])


@pytest.mark.parametrize("count", [1, 30])
def test_feed_takes_five_queries_at_any_size(client, django_assert_num_queries, count):
    author = make_author()
    for _ in range(count):
        make_post(authors=[author], tags=["a"], published_at=AT)
    with django_assert_num_queries(5):
        client.get("/feed/")
