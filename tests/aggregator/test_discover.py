"""The feeds that a page names."""

import time

import pytest

from aggregator import errors
from aggregator.discover import MOST_OFFERS, feed_links
from aggregator.parse import parse

PAGE = "https://o.example/dir/page"
RSS = "application/rss+xml"


def link(href, rel="alternate", kind=RSS, title=""):
    return f'<link rel="{rel}" type="{kind}" href="{href}" title="{title}">'


def urls(html):
    return [offer.url for offer in feed_links(html, base=PAGE)]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (link("/feed"), ["https://o.example/feed"]),
        (link("feed"), ["https://o.example/dir/feed"]),
        (link("//f.example/feed"), ["https://f.example/feed"]),
        (link("f?a=1&amp;b=2"), ["https://o.example/dir/f?a=1&b=2"]),
        ("<base href='https://b.example/x/'>" + link("feed"), ["https://b.example/x/feed"]),
        (link("/f", kind="Application/RSS+XML; charset=utf-8"), ["https://o.example/f"]),
        (link("/f", kind="application/atom+xml"), ["https://o.example/f"]),
        (link("/f", kind="application/feed+json"), ["https://o.example/f"]),
        (link("/f", rel="ALTERNATE home"), ["https://o.example/f"]),
        ("<LINK REL=alternate TYPE=application/rss+xml HREF=/f>", ["https://o.example/f"]),
        (link("/f", kind="text/html"), []),
        (link("/f", rel="stylesheet"), []),
        (link("javascript:alert(1)"), []),
        (link("data:text/xml,x"), []),
        (link(""), []),
        (link("http://[broken"), []),
        (link("/a") + link("/a") + link("/b"), ["https://o.example/a", "https://o.example/b"]),
        (
            link("/comments/feed") + link("/feed"),
            ["https://o.example/feed", "https://o.example/comments/feed"],
        ),
        ("<script>'" + link("/f") + "'</script>", []),
        ("<!-- " + link("/f") + " -->", []),
    ],
)
def test_feed_links_are_found(html, expected):
    assert urls(html) == expected


def test_titles_are_plain_text():
    [offer] = feed_links(link("/f", title="A &amp; &lt;b&gt;\u202e\n  B"), base=PAGE)
    assert offer.title == "A & <b> B"


def test_no_more_than_some_are_offered():
    assert len(urls("".join(link(f"/{n}") for n in range(5000)))) == MOST_OFFERS


@pytest.mark.parametrize(
    "html",
    [
        "<" * 2_000_000,
        "<a " + "b='c' " * 300_000,
        "<div>" * 400_000,
        "<!--" * 500_000,
        "&" * 2_000_000,
    ],
)
def test_hostile_pages_take_little_time(html):
    started = time.process_time()
    assert urls(html) == []
    assert time.process_time() - started < 3


def test_a_page_instead_of_a_feed_offers_its_feeds():
    with pytest.raises(errors.WebPage) as error:
        parse(f"<!doctype html><html>{link('/feed', title='News')}".encode(), url=PAGE)
    assert [(o.url, o.title) for o in error.value.offers] == [("https://o.example/feed", "News")]
    assert error.value.advice == "The page names feeds: take one of their addresses."
