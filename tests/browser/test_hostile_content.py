"""What came in hostile is shown as the text that it is, on every page and in every feed."""

import json
import re

import pytest
from lxml import etree, html

from blog.cleaning import TAGS
from blog.models import NavLink, SiteSettings
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_feed,
    make_headline,
    make_pick,
    make_post,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EVIL = [
    "<script>window.fired = 1</script>",
    "\"><img src=https://evil.example/x.png onerror='window.fired = 1'>",
    "'-->]]></script></title></style><svg onload=window.fired=1>",
    "{{ 7*7 }}{% load x %}${7*7}",
    "\u202eright to left\u202d and on",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324" * 20,
    "UnbrokenWord" * 20,
    "Bell\x07 and\x0b nulls",
    "javascript:window.fired=1",
]


@pytest.fixture
def paths():
    """Put every evil text wherever one can stand; returns the addresses that show them."""
    SiteSettings(
        title=f"Review {EVIL[2]}", tagline=EVIL[0], description=EVIL[1], footer=EVIL[2]
    ).save()
    NavLink.objects.create(label=EVIL[1][:60], target="/links/", place="masthead")
    author = make_author(name=f"Ada {EVIL[0]}", slug="ada")
    category = make_category(name=f"Review {EVIL[2]}", slug="review", description=EVIL[1])
    collection = make_collection(
        title="Selected Articles", slug="selected-articles", intro=EVIL[1], home_count=12
    )
    feed = make_feed(title=f"Outlet {EVIL[0]}")
    for number, text in enumerate(EVIL):
        title = f"Evil {number} {text}"[:290]
        headline = make_headline(feed=feed, title=title, summary=text, outlet=f"Outlet {text}"[:99])
        make_pick(collection=collection, headline=headline, note=text)
        post = make_post(
            title=title,
            standfirst=text,
            body=f"<p>{text}</p><p><a href='javascript:window.fired=1'>link</a></p>",
            authors=[author],
            category=category,
            tags=["Peace", f"Tag {text}"[:90]],
        )
    return [
        "/",
        post.get_absolute_url(),
        "/category/review/",
        "/author/ada/",
        "/tag/peace/",
        "/archive/",
        f"/{post.published_at:%Y/%m}/",
        "/selected-articles/",
        "/search/?q=evil",
        "/search/?q=%3Cscript%3Ewindow.fired%3D1%3C%2Fscript%3E",
        "/nothing-%3Cscript%3E/",
    ]


def test_no_page_runs_asks_or_breaks_for_it(open_page, paths):
    wrong = {}
    for path in paths:
        page = open_page(path, width=360, wait_until="networkidle")
        state = {
            "fired": page.evaluate("window.fired ?? null"),
            "complaints": page.complaints,
            "width": page.evaluate("document.scrollingElement.scrollWidth"),
            "links": page.evaluate(
                """() => [...document.querySelectorAll("[href], [src], [action]")]
                    .map(one => one.href || one.src || one.action)
                    .filter(address => !/^(https?|mailto|data):/.test(address))"""
            ),
        }
        if state != {"fired": None, "complaints": [], "width": 360, "links": []}:
            wrong[path] = state
    assert wrong == {}


def test_texts_stay_readable(open_page, paths):
    text = open_page("/selected-articles/").locator("main").inner_text()
    for number, evil in enumerate(EVIL[:4]):
        assert f"Evil {number} {evil}" in text
    assert "49" not in re.sub(r"Evil \d", "", text)


def test_what_machines_read_holds_it_as_text(client, paths):
    post = client.get(paths[1]).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', post, re.DOTALL)
    assert blocks
    for block in blocks:
        json.loads(block)
    for path in ("/feed/", "/feed/atom/", "/selected-articles/feed/", "/sitemap.xml"):
        document = etree.fromstring(client.get(path).content)
        assert document.findall(".//{http://www.w3.org/1999/xhtml}script") == []
        assert "\x07" not in etree.tostring(document, encoding="unicode")
    items = client.get("/feed.json").json()["items"]
    assert {item["title"] for item in items} >= {f"Evil 0 {EVIL[0]}"}
    for item in items:
        for element in html.fragment_fromstring(item["content_html"], "main").iterdescendants():
            assert element.tag in TAGS
            assert not [name for name in element.attrib if name.startswith("on")]
            assert re.match(r"https?:|$", element.get("href", ""))
