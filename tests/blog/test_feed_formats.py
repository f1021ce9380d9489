"""Atom and JSON Feed beside RSS, and the feeds of categories and tags."""

import json
from datetime import UTC, datetime, timedelta

import feedparser
import pytest
from django.utils import timezone

from blog.models import Correction, Post, SiteSettings
from tests.factories import make_author, make_category, make_image, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
LINK = "https://review.example/2026/11/22/a-golden-opportunity/"
ADDRESSES = ["/feed/", "/feed/atom/", "/feed.json"]
HUB = "https://hub.example/"


@pytest.fixture(autouse=True)
def _own_address(settings):
    settings.SITE_URL = "https://review.example"


@pytest.fixture
def site():
    return SiteSettings.objects.create(
        title="The Review", description="About it.", feed_signature="first appeared on The Review"
    )


@pytest.fixture
def link_post(media_folder):
    return make_post(
        kind=Post.Kind.LINK,
        title="A golden opportunity",
        standfirst="Why now.",
        body="<p>Text & more</p>",
        source_url="https://www.wsj.com/a?b=1&c=2",
        published_at=AT,
        category=make_category(name="Web Review"),
        authors=[make_author(name="Ada")],
        tags=["Peace"],
        language="uk",
        image=make_image(alt="A road"),
    )


def text_of(post):
    return (
        f'<figure><img src="https://review.example{post.image.file.url}" alt="A road"'
        ' width="4" height="3"></figure>\n<p><em>Why now.</em></p>\n<p>Text &amp; more</p>\n'
        '<p><a href="https://www.wsj.com/a?b=1&amp;c=2">Post Link: wsj.com</a></p>\n'
        f'<p><a href="{LINK}">A golden opportunity</a> first appeared on The Review.</p>'
    )


def as_json(client, address="/feed.json"):
    response = client.get(address)
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    return json.loads(response.content)


def as_parsed(client, address):
    raw = {"sanitize_html": False, "resolve_relative_uris": False}
    feed = feedparser.parse(client.get(address).content, **raw)
    assert feed.bozo is False
    return feed


def titles(client, address):
    if address.endswith(".json"):
        return [item["title"] for item in as_json(client, address)["items"]]
    return [entry.title for entry in as_parsed(client, address).entries]


def test_atom_says_what_it_is(client, site):
    make_post(published_at=AT)
    response = client.get("/feed/atom/")
    feed = feedparser.parse(response.content)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert (feed.version, feed.bozo, feed.feed.id) == ("atom10", False, "https://review.example/")
    assert (feed.feed.title, feed.feed.subtitle) == ("The Review", "About it.")
    assert (feed.feed.author, feed.feed.language) == ("The News And Times", "en")
    assert feed.feed.updated == "2026-11-22T10:30:00+00:00"
    assert [(link.rel, link.href, link.type) for link in feed.feed.links] == [
        ("self", "https://review.example/feed/atom/", "application/atom+xml"),
        ("alternate", "https://review.example/", "text/html"),
    ]


def test_atom_entry_carries_everything_a_reader_needs(client, site, link_post):
    (entry,) = as_parsed(client, "/feed/atom/").entries
    assert (entry.title, entry.link, entry.summary) == ("A golden opportunity", LINK, "Why now.")
    assert entry.id == f"tag:review.example,{link_post.created_at:%Y-%m-%d}:post-{link_post.pk}"
    assert [(link.rel, link.href) for link in entry.links] == [
        ("alternate", LINK),
        ("related", "https://www.wsj.com/a?b=1&c=2"),
    ]
    assert (entry.published, entry.updated) == ("2026-11-22T10:30:00+00:00",) * 2
    assert (entry.author, [tag.term for tag in entry.tags]) == ("Ada", ["Web Review", "Peace"])
    assert (entry.source.title, entry.content[0].language) == ("wsj.com", "uk")
    assert entry.content[0].value == text_of(link_post)
    assert entry.media_content[0]["url"] == f"https://review.example{link_post.image.file.url}"


def test_json_feed_says_what_it_is(client, site, link_post):
    feed = as_json(client)
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Review",
        "home_page_url": "https://review.example/",
        "feed_url": "https://review.example/feed.json",
        "description": "About it.",
        "icon": "https://review.example/static/icons/180.png",
        "language": "en",
        "authors": [{"name": "The News And Times", "url": "https://review.example/"}],
        "items": [
            {
                "id": f"tag:review.example,{link_post.created_at:%Y-%m-%d}:post-{link_post.pk}",
                "url": LINK,
                "external_url": "https://www.wsj.com/a?b=1&c=2",
                "title": "A golden opportunity",
                "summary": "Why now.",
                "image": f"https://review.example{link_post.image.file.url}",
                "date_published": "2026-11-22T10:30:00+00:00",
                "authors": [{"name": "Ada", "url": "https://review.example/author/ada/"}],
                "tags": ["Web Review", "Peace"],
                "language": "uk",
                "content_html": text_of(link_post),
            }
        ],
    }


@pytest.mark.parametrize("address", ADDRESSES)
def test_summary_instead_of_the_text(client, link_post, address):
    SiteSettings.objects.create(title="R", feed_text="summary", feed_signature="first stood here")
    content = (
        f'<figure><img src="https://review.example{link_post.image.file.url}" alt="A road"'
        ' width="4" height="3"></figure>\n<p>Why now.</p>\n'
        '<p><a href="https://www.wsj.com/a?b=1&amp;c=2">Post Link: wsj.com</a></p>\n'
        f'<p><a href="{LINK}">A golden opportunity</a> first stood here.</p>'
    )
    if address.endswith(".json"):
        assert as_json(client)["items"][0]["content_html"] == content
    else:
        assert as_parsed(client, address).entries[0].content[0].value == content


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_correction_changes_updated_and_a_comma_does_not(client, address):
    post = make_post(published_at=AT)
    post.title = "Another title"
    post.save()
    assert dates(client, address) == ("2026-11-22T10:30:00+00:00", None)
    Correction.objects.create(post=post, text="It was two.", made_at=AT + timedelta(hours=3))
    assert dates(client, address) == ("2026-11-22T10:30:00+00:00", "2026-11-22T13:30:00+00:00")
    assert b"It was two." in client.get(address).content


def dates(client, address):
    """When the one item was published, and when it was updated if that is another time."""
    if address.endswith(".json"):
        (item,) = as_json(client)["items"]
        return item["date_published"], item.get("date_modified")
    (entry,) = as_parsed(client, address).entries
    published = datetime(*entry.published_parsed[:6], tzinfo=UTC).isoformat()
    updated = entry["updated"] if "updated" in entry else published  # noqa: SIM401  .get() guesses
    return published, updated if updated != published else None


@pytest.mark.parametrize("address", ADDRESSES)
def test_control_characters_are_in_no_format(client, address):
    SiteSettings.objects.create(title="The\x0bReview")
    make_post(title="A\x08B\ufffe", body="<p>a\x0cb</p>", tags=["t\x01ag"], published_at=AT)
    content = client.get(address).content.decode()
    forbidden = "\x01\x08\x0b\x0c\ufffe"
    assert [c for c in forbidden if c in content or f"\\u{ord(c):04x}" in content] == []
    assert titles(client, address) == ["AB"]


@pytest.mark.parametrize("below", ["", "/category/review", "/tag/peace"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_that_is_not_public_is_in_a_feed(client, below, address):
    common = {"category": make_category(name="Review"), "tags": ["Peace"]}
    make_post(title="Public", published_at=AT, **common)
    make_post(title="Secret-draft", status="draft", **common)
    make_post(title="Secret-review", status="review", **common)
    make_post(title="Secret-withdrawn", status="withdrawn", published_at=AT, **common)
    later = timezone.now() + timedelta(minutes=1)
    make_post(title="Secret-scheduled", published_at=later, **common)
    assert titles(client, below + address) == ["Public"]
    assert b"Secret" not in client.get(below + address).content


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_part_has_its_own_posts_name_and_address(client, site, address):
    review = make_category(name="Review", description="Longer pieces.")
    make_post(title="In it", category=review, tags=["Мир"], published_at=AT)
    make_post(title="Elsewhere", published_at=AT)
    category, tag = f"/category/review{address}", f"/tag/mir{address}"
    assert (titles(client, category), titles(client, tag)) == (["In it"], ["In it"])
    found = [as_channel(client, category), as_channel(client, tag)]
    assert found == [
        ("Review – The Review", "https://review.example/category/review/", "Longer pieces."),
        ("Мир – The Review", "https://review.example/tag/mir/", "About it."),
    ]


def as_channel(client, address):
    if address.endswith(".json"):
        feed = as_json(client, address)
        return feed["title"], feed["home_page_url"], feed["description"]
    feed = as_parsed(client, address).feed
    return feed.title, feed.link, feed.subtitle


@pytest.mark.parametrize("address", ADDRESSES)
def test_there_is_no_feed_of_what_is_not_there(client, address):
    make_post(status="draft", tags=["Secret"])
    for below in ("/category/nope", "/tag/nope", "/tag/secret", "/nope"):
        assert client.get(below + address).status_code == 404


@pytest.mark.parametrize("address", ADDRESSES)
def test_hub_is_named_in_document_and_header(client, address):
    SiteSettings.objects.create(websub_hub=HUB)
    make_post(published_at=AT)
    own = f"https://review.example{address}"
    response = client.get(address)
    assert response["Link"] == f'<{HUB}>; rel="hub", <{own}>; rel="self"'
    if address.endswith(".json"):
        assert as_json(client)["hubs"] == [{"type": "WebSub", "url": HUB}]
    else:
        links = as_parsed(client, address).feed.links
        assert [link.href for link in links if link.rel in {"self", "hub"}] == [own, HUB]
    unchanged = client.get(address, headers={"if-none-match": response["ETag"]})
    assert (unchanged.status_code, unchanged["Link"]) == (304, response["Link"])


@pytest.mark.parametrize("address", ADDRESSES)
def test_those_who_have_it_get_304(client, address, django_assert_num_queries):
    make_post(published_at=AT, authors=[make_author()], tags=["a"])
    full = client.get(address)
    with django_assert_num_queries(5):
        again = client.get(address, headers={"if-none-match": full["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", full["ETag"])
    assert again["Last-Modified"] == full["Last-Modified"]
    since = client.get(address, headers={"if-modified-since": full["Last-Modified"]})
    assert (since.status_code, since.content) == (304, b"")


def test_formats_have_tags_of_their_own(client):
    make_post(published_at=AT)
    assert len({client.get(address)["ETag"] for address in ADDRESSES}) == 3


def test_a_withdrawal_and_a_deletion_reach_those_who_ask_by_date(client, time_machine):
    time_machine.move_to(AT, tick=False)
    posts = [make_post(published_at=AT) for _ in range(3)]
    time_machine.move_to(AT + timedelta(hours=1), tick=False)
    posts[2].save()
    before = client.get("/feed/")["Last-Modified"]
    time_machine.move_to(AT + timedelta(hours=2), tick=False)
    posts[0].withdraw()
    response = client.get("/feed/", headers={"if-modified-since": before})
    assert (response.status_code, response["Last-Modified"]) == (
        200,
        "Sun, 22 Nov 2026 12:30:00 GMT",
    )
    Post.objects.filter(pk=posts[0].pk).delete()
    posts[2].delete()
    assert client.get("/feed/", headers={"if-modified-since": before}).status_code == 200


def test_what_changes_the_text_changes_the_tag(client, site):
    author, image = make_author(name="Ada"), make_image(alt="A road")
    post = make_post(published_at=AT, authors=[author], image=image, tags=["a"])
    seen = {client.get("/feed/")["ETag"]}
    author.name = "Ada L."
    author.save()
    seen.add(client.get("/feed/")["ETag"])
    image.alt = "A bridge"
    image.save()
    seen.add(client.get("/feed/")["ETag"])
    site.feed_signature = "stood here"
    site.save()
    seen.add(client.get("/feed/")["ETag"])
    post.category.name = "Renamed"
    post.category.save()
    seen.add(client.get("/feed/")["ETag"])
    assert len(seen) == 5


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("address", ["/category/review/feed/", "/tag/a/feed.json"])
def test_feed_of_a_part_takes_six_queries_at_any_size(
    client, django_assert_num_queries, address, count
):
    review, author = make_category(name="Review"), make_author()
    for _ in range(count):
        make_post(category=review, authors=[author], tags=["a"], published_at=AT)
    with django_assert_num_queries(6):
        client.get(address)


def test_ids_stay_when_the_site_moves_to_another_domain(client, settings):
    make_post(published_at=AT)
    before = as_parsed(client, "/feed/").entries[0].id
    settings.SITE_URL, settings.FEED_ID_HOST = "https://new.example", "review.example"
    (entry,) = as_parsed(client, "/feed/").entries
    assert (entry.id, entry.link[:20]) == (before, "https://new.example/")


def test_empty_feeds_are_valid(client):
    assert as_parsed(client, "/feed/atom/").feed.updated == "1970-01-01T00:00:00+00:00"
    assert as_json(client)["items"] == []
    assert [client.get(address).has_header("Last-Modified") for address in ADDRESSES] == [False] * 3


def test_pages_name_their_feeds_their_own_first(client, site):
    make_post(category=make_category(name="Review"), tags=["Peace"], published_at=AT)
    assert feeds_of(client, "/") == OF_SITE
    assert feeds_of(client, "/category/review/") == [
        ("Review (RSS)", "https://review.example/category/review/feed/"),
        ("Review (Atom)", "https://review.example/category/review/feed/atom/"),
        ("Review (JSON Feed)", "https://review.example/category/review/feed.json"),
        *OF_SITE,
    ]
    assert feeds_of(client, "/tag/peace/")[0] == (
        "Peace (RSS)",
        "https://review.example/tag/peace/feed/",
    )


OF_SITE = [
    ("The Review (RSS)", "https://review.example/feed/"),
    ("The Review (Atom)", "https://review.example/feed/atom/"),
    ("The Review (JSON Feed)", "https://review.example/feed.json"),
]


def feeds_of(client, path):
    page = feedparser.parse(client.get(path).content)
    return [
        (link["title"], link["href"])
        for link in page.feed.get("links", [])
        if link.get("rel") == "alternate"
    ]
