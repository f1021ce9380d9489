"""What pages say of themselves to other programs."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.core.files.base import ContentFile

from blog import renditions, share_images
from blog.models import Correction, Post, SiteSettings
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_headline,
    make_image,
    make_pick,
    make_post,
)
from tests.pictures import drawn, fetched, saved

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
LINK = "https://review.example/2026/11/22/a-golden-opportunity/"
TRAP = '</script><script>alert("1 & 2")</script><!--'
ICON = "https://review.example/static/icons/512.png"


@pytest.fixture(autouse=True)
def site(settings):
    settings.SITE_URL = "https://review.example"
    return SiteSettings.objects.create(
        title="The Review", description="About it.", publisher="We", time_zone="Europe/Kyiv"
    )


class Head(HTMLParser):
    """The meta elements, links and data of a page, as a browser reads them."""

    def __init__(self, html):
        super().__init__()
        self.meta, self.links, self.data, self.scripts = [], [], [], []
        self._is_data = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "meta":
            self.meta.append((named.get("property") or named.get("name"), named.get("content")))
        elif tag == "link":
            self.links.append((named["rel"], named["href"]))
        elif tag == "script":
            self._is_data = named.get("type") == "application/ld+json"
            if "src" not in named:
                self.scripts.append(named.get("type"))

    def handle_data(self, data):
        if self._is_data:
            self.data.append(json.loads(data))
            self._is_data = False

    def all(self, name):
        return [content for key, content in self.meta if key == name]


def head_of(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return Head(response.content.decode())


@pytest.fixture
def link_post():
    return make_post(
        kind=Post.Kind.LINK,
        title="A golden opportunity",
        standfirst="Why now.",
        source_url="https://www.wsj.com/a?b=1&c=2",
        published_at=AT,
        category=make_category(name="Review"),
        authors=[make_author(name="Ada"), make_author(name="We")],
        tags=["Peace", "Мир"],
        language="uk",
    )


def drawn_for(post):
    return f"https://review.example{share_images.path_of(post, site=SiteSettings.load())}"


def test_post_describes_itself_for_open_graph(client, link_post):
    head = head_of(client, "/2026/11/22/a-golden-opportunity/")
    shown = [(name, content) for name, content in head.meta if name and ":" in name]
    assert shown == [
        ("og:title", "A golden opportunity"),
        ("og:type", "article"),
        ("og:url", LINK),
        ("og:description", "Why now."),
        ("og:site_name", "The Review"),
        ("og:locale", "uk_UA"),
        ("og:image", drawn_for(link_post)),
        ("og:image:width", "1200"),
        ("og:image:height", "630"),
        ("og:image:alt", "A golden opportunity"),
        ("article:published_time", "2026-11-22T12:30:00+02:00"),
        ("article:section", "Review"),
        ("article:tag", "Peace"),
        ("article:tag", "Мир"),
        ("twitter:card", "summary_large_image"),
    ]
    assert ("canonical", LINK) in head.links
    assert head.all("robots") == ["max-image-preview:large"]


PUBLISHER = {
    "@type": "Organization",
    "@id": "https://review.example/#publisher",
    "name": "We",
    "url": "https://review.example/",
    "logo": {"@type": "ImageObject", "url": ICON, "width": 512, "height": 512},
}


def test_post_describes_itself_for_search_engines(client, link_post):
    Correction.objects.create(post=link_post, text="Two.", made_at=AT + timedelta(hours=3))
    head = head_of(client, "/2026/11/22/a-golden-opportunity/")
    assert head.data == [
        {
            "@context": "https://schema.org",
            "@type": "BlogPosting",
            "mainEntityOfPage": LINK,
            "url": LINK,
            "headline": "A golden opportunity",
            "description": "Why now.",
            "image": [
                {
                    "@type": "ImageObject",
                    "url": drawn_for(link_post),
                    "width": 1200,
                    "height": 630,
                }
            ],
            "datePublished": "2026-11-22T12:30:00+02:00",
            "dateModified": "2026-11-22T15:30:00+02:00",
            "author": [
                {"@type": "Person", "name": "Ada", "url": "https://review.example/author/ada/"},
                PUBLISHER,
            ],
            "publisher": PUBLISHER,
            "inLanguage": "uk",
            "articleSection": "Review",
            "keywords": ["Peace", "Мир"],
            "isBasedOn": "https://www.wsj.com/a?b=1&c=2",
        }
    ]
    assert head.all("article:modified_time") == ["2026-11-22T15:30:00+02:00"]


@pytest.mark.parametrize(
    ("kind", "name"), [("article", "NewsArticle"), ("opinion", "OpinionNewsArticle")]
)
def test_kinds_have_types_of_their_own(client, kind, name):
    post = make_post(kind=kind, published_at=AT)
    (data,) = head_of(client, post.get_absolute_url()).data
    assert (data["@type"], data.get("isBasedOn")) == (name, None)


def test_pictures_are_named_in_their_real_sizes(client, media_folder):
    image = make_image(
        file=ContentFile(saved(drawn((1600, 1200)), "JPEG"), name="a.jpg"), alt="A road"
    )
    renditions.make(image.pk, now=AT)
    image.refresh_from_db()
    post = make_post(image=image, published_at=AT)
    head = head_of(client, post.get_absolute_url())
    (data,) = head.data
    sizes = [(one["width"], one["height"]) for one in data["image"]]
    assert sizes == [(1200, 628), (1200, 900), (400, 400)]
    assert [one["url"] for one in data["image"]] == head.all("og:image")
    assert head.all("og:image:width") == ["1200", "1200", "400"]
    assert head.all("og:image:alt") == ["A road"] * 3
    assert head.all("twitter:card") == ["summary_large_image"]
    for address in head.all("og:image"):
        assert fetched(client, address.removeprefix("https://review.example"))


def test_a_picture_without_renditions_is_named_as_it_is(client, media_folder):
    post = make_post(image=make_image(alt=""), published_at=AT)
    head = head_of(client, post.get_absolute_url())
    assert (head.all("og:image:width"), head.all("og:image:height")) == (["4"], ["3"])


def test_nothing_in_the_data_ends_its_element(client):
    post = make_post(title=TRAP, published_at=AT, authors=[make_author(name=TRAP)], tags=["<b>"])
    collection = make_collection(title="Selected", intro=TRAP)
    make_pick(collection=collection, headline=make_headline(title=TRAP))
    head = head_of(client, post.get_absolute_url())
    assert (head.data[0]["headline"], head.data[0]["author"][0]["name"]) == (TRAP, TRAP)
    assert head.all("og:title") == [TRAP]
    listed = head_of(client, "/selected/").data[0]
    assert listed["mainEntity"]["itemListElement"][0]["name"] == TRAP
    for path in (post.get_absolute_url(), "/selected/", "/"):
        page = client.get(path).content.decode()
        assert "<script>alert" not in page
        assert set(head_of(client, path).scripts) == {"application/ld+json"}


def test_lists_name_what_stands_in_them(client, link_post):
    other = make_post(title="Other", category=link_post.category, published_at=AT.replace(hour=9))
    (data,) = head_of(client, "/category/review/").data
    assert (data["@type"], data["name"], data["url"]) == (
        "CollectionPage",
        "Review",
        "https://review.example/category/review/",
    )
    assert data["mainEntity"] == {
        "@type": "ItemList",
        "numberOfItems": 2,
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "url": LINK, "name": "A golden opportunity"},
            {
                "@type": "ListItem",
                "position": 2,
                "url": f"https://review.example{other.get_absolute_url()}",
                "name": "Other",
            },
        ],
    }


def test_a_collection_names_what_it_leads_to(client):
    collection = make_collection(title="Selected", intro="By hand.")
    headline = make_headline(title="Theirs", url="https://outlet.example/a?b=1")
    make_pick(collection=collection, headline=headline, title="Ours")
    (data,) = head_of(client, "/selected/").data
    assert (data["@type"], data["description"]) == ("CollectionPage", "By hand.")
    assert data["mainEntity"]["itemListElement"] == [
        {"@type": "ListItem", "position": 1, "url": "https://outlet.example/a?b=1", "name": "Ours"}
    ]


def test_front_page_says_who_we_are(client, link_post):
    (data,) = head_of(client, "/").data
    assert data == {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "WebSite",
                "@id": "https://review.example/#site",
                "name": "The Review",
                "url": "https://review.example/",
                "description": "About it.",
                "inLanguage": "en",
                "publisher": {"@id": "https://review.example/#publisher"},
            },
            PUBLISHER,
        ],
    }


def test_every_page_has_its_own_address_and_card(client, link_post):
    make_collection(title="Selected")
    for path in (
        "/",
        "/corrections/",
        "/category/review/",
        "/tag/peace/",
        "/author/ada/",
        "/selected/",
    ):
        head = head_of(client, f"{path}?utm_source=x")
        assert [href for rel, href in head.links if rel == "canonical"] == head.all("og:url")
        assert head.all("og:url") == [f"https://review.example{path}"]
        assert len(head.all("og:title")) == len(head.all("twitter:card")) == 1


def test_addresses_in_the_head_ignore_the_host_header(client, settings, link_post):
    settings.ALLOWED_HOSTS = ["review.example", "evil.example"]
    for path in ("/", link_post.get_absolute_url(), "/category/review/"):
        assert b"evil.example" not in client.get(path, headers={"host": "evil.example"}).content


def test_what_is_not_there_and_what_is_private_has_no_card(client):
    response = client.get("/nope/")
    head = Head(response.content.decode())
    assert (response.status_code, head.all("og:title"), head.data) == (404, [], [])
    assert [rel for rel, _ in head.links if rel == "canonical"] == []
