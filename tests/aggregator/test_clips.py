"""The clip of a collection, the one page that others may put into a frame; oEmbed."""

import html
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator.clips import count_of, embed_code
from blog.models import Page, SiteSettings
from tests.factories import (
    make_collection,
    make_editor,
    make_headline,
    make_pick,
    make_post,
)

pytestmark = pytest.mark.django_db

BASE = "https://review.example"
CLIP = "/collections/selected-articles/clip/"
OURS = f"{BASE}/selected-articles/"


@pytest.fixture(autouse=True)
def _own_address(settings):
    settings.SITE_URL = BASE
    settings.ALLOWED_HOSTS = ["testserver", "evil.example"]


@pytest.fixture
def collection():
    SiteSettings.objects.create(title="The Review")
    return make_collection(title="Selected Articles")


def directives(response):
    parts = response["Content-Security-Policy"].split("; ")
    return dict(part.partition(" ")[::2] for part in parts)


def titles(client, path=CLIP):
    page = client.get(path).content.decode()
    return [html.unescape(part.split("</a>")[0].partition(">")[2]) for part in links_in(page)]


def links_in(page):
    return page.partition("<ul>")[2].partition("</ul>")[0].split("<a ")[1:]


def test_clip_shows_the_newest_headlines_in_new_tabs(client, collection):
    headline = make_headline(
        title="A <b> & c", url="https://outlet.example/a?b=1&c=2", outlet="o.example", language="uk"
    )
    make_pick(collection=collection, headline=headline)
    page = client.get(CLIP).content.decode()
    assert (
        '<a href="https://outlet.example/a?b=1&amp;c=2" target="_blank" rel="noopener" lang="uk">'
        "A &lt;b&gt; &amp; c</a>"
    ) in page
    assert f'<a href="{OURS}" target="_blank" rel="noopener">Selected Articles</a>' in page
    assert f'<link rel="canonical" href="{OURS}">' in page
    assert page.count("<a ") == page.count('target="_blank" rel="noopener"') == 3
    assert "<script" not in page


def test_clip_may_be_framed_and_runs_nothing(client, collection):
    response = client.get(CLIP)
    policy = directives(response)
    assert (policy["frame-ancestors"], policy["default-src"]) == ("*", "'none'")
    others = {"style-src", "img-src", "base-uri", "form-action", "frame-ancestors"}
    assert set(policy) == {"default-src", *others}
    assert policy["img-src"] == "'self'"
    assert not response.has_header("X-Frame-Options")
    assert (response["X-Robots-Tag"], dict(response.cookies)) == ("noindex", {})
    assert "Cookie" not in response.get("Vary", "")


def test_no_other_address_may_be_framed(client, collection):
    post = make_post(tags=["Peace"])
    Page.objects.create(title="About", body="<p>A</p>", status="published")
    paths = [
        *("/", "/corrections/", "/archive/", "/search/?q=a", "/about/", "/selected-articles/"),
        *(post.get_absolute_url(), post.category.get_absolute_url(), "/tag/peace/"),
        *("/feed/", "/feed/atom/", "/feed.json", "/selected-articles/feed/", "/opml.xml"),
        *("/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/manifest.webmanifest"),
        *(f"/oembed?url={OURS}", "/subscribe/", "/admin/login/", "/healthz", "/about/fetcher"),
        *("/nope/", "/collections/nope/clip/", "/collections/selected-articles/", "/preview/x/"),
    ]
    for path in paths:
        response = client.get(path)
        assert response["X-Frame-Options"] == "DENY", path
        assert directives(response)["frame-ancestors"] == "'none'", path


def test_number_of_headlines_is_bounded(client, collection):
    for number in range(40):
        make_pick(collection=collection, headline=make_headline(title=f"Headline-{number}"))
    assert len(titles(client)) == 10
    assert len(titles(client, f"{CLIP}?n=3")) == 3
    assert len(titles(client, f"{CLIP}?n=9999")) == 30


@pytest.mark.parametrize("wish", ["", "x", "-1", "1.5", "٣", "99999999999999999999", "1 or 1=1"])
def test_odd_numbers_are_the_usual_one(wish):
    assert count_of(wish, usual=10) == 10


def test_nothing_that_is_not_public_is_in_a_clip(client, collection):
    make_pick(collection=collection, headline=make_headline(title="Public"))
    make_pick(collection=collection, headline=make_headline(title="Secret", is_hidden=True))
    make_pick(headline=make_headline(title="Secret"))
    for fields in ({"withdrawn_at": timezone.now()}, {"until": timezone.now()}):
        make_pick(collection=collection, headline=make_headline(title="Secret"), **fields)
    assert titles(client) == ["Public"]
    assert b"Secret" not in client.get(CLIP).content


@pytest.mark.parametrize("count", [1, 30])
def test_clip_takes_four_queries_at_any_size(client, collection, django_assert_num_queries, count):
    for _ in range(count):
        make_pick(collection=collection)
    with django_assert_num_queries(4):
        client.get(f"{CLIP}?n=30")


def oembed(client, **query):
    return client.get("/oembed", query)


def test_oembed_tells_how_a_collection_is_embedded(client, collection):
    for url in (OURS, f"{BASE}{CLIP}", f"{BASE}{CLIP}?n=3"):
        response = oembed(client, url=url, format="json")
        assert response["Content-Type"] == "application/json"
        assert json.loads(response.content) == {
            "version": "1.0",
            "type": "rich",
            "title": "Selected Articles",
            "provider_name": "The Review",
            "provider_url": f"{BASE}/",
            "cache_age": 3600,
            "html": f'<iframe src="{BASE}{CLIP}" title="Selected Articles" width="480"'
            ' height="600" loading="lazy" style="border:0"></iframe>',
            "width": 480,
            "height": 600,
        }


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ({"maxwidth": "300", "maxheight": "400"}, (300, 400)),
        ({"maxwidth": "1", "maxheight": "1"}, (200, 120)),
        ({"maxwidth": "99999999999", "maxheight": "x"}, (480, 600)),
    ],
)
def test_oembed_keeps_to_the_asked_size(client, collection, query, size):
    said = json.loads(oembed(client, url=OURS, **query).content)
    assert (said["width"], said["height"]) == size


@pytest.mark.parametrize(
    "url",
    [
        *("", "x", f"{BASE}/", f"{BASE}/nope/", f"{BASE}/about/", f"{BASE}/admin/", "//[", CLIP),
        "https://evil.example/selected-articles/",
        "javascript://review.example/selected-articles/",
        "https://review.example@evil.example/selected-articles/",
    ],
)
def test_oembed_knows_our_collections_only(client, collection, url):
    Page.objects.create(title="About", body="<p>A</p>", status="published")
    assert oembed(client, url=url).status_code == 404


def test_oembed_speaks_json_only(client, collection):
    assert oembed(client, url=OURS, format="xml").status_code == 501


def test_a_hostile_title_stays_inside_the_code(collection):
    collection.title = '"></iframe><script>alert(1)</script>'
    code = embed_code(collection)
    assert (code.count("<"), "<script" in code) == (2, False)


def test_collection_page_leads_to_its_oembed(client, collection):
    page = client.get("/selected-articles/").content.decode()
    link = '<link rel="alternate" type="application/json+oembed" title="Selected Articles" href="'
    assert page.count(link) == 1
    address = urlsplit(html.unescape(page.partition(link)[2].partition('"')[0]))
    assert parse_qs(address.query) == {"url": [OURS], "format": ["json"]}
    assert client.get(f"{address.path}?{address.query}").status_code == 200


def test_addresses_ignore_the_host_header(client, collection):
    for path in (CLIP, f"/oembed?url={OURS}"):
        assert b"evil.example" not in client.get(path, headers={"host": "evil.example"}).content


def test_editors_find_the_code_to_copy(client, collection):
    client.force_login(make_editor())
    change = reverse("admin:aggregator_collection_change", args=[collection.pk])
    page = client.get(change).content.decode()
    assert html.escape(embed_code(collection)) in page
    assert client.get(reverse("admin:aggregator_collection_add")).status_code == 200
    refused = client.post(change, {"title": "", "slug": "", "home_count": "x"})
    assert (refused.status_code, b"iframe src" in refused.content) == (200, False)
