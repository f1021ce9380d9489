"""What a page says of itself, however it says it."""

import time

import pytest

from aggregator.page_facts import PageFacts, facts_of, is_page

URL = "https://www.outlet.example/2026/story?utm_source=x"


def page(head="", body="", lang=""):
    return f"<!doctype html><html{lang}><head>{head}</head><body>{body}</body></html>".encode()


def test_a_page_that_says_everything():
    body = page(
        "<title>The title | The Outlet</title>"
        '<meta property="og:title" content="The &amp;amp; title">'
        '<meta property="og:site_name" content="The Outlet">'
        '<meta property="og:description" content="What   it is about.">'
        '<link rel="canonical" href="/2026/story">',
        lang=' lang="en-GB"',
    )
    assert facts_of(body, url=URL) == PageFacts(
        url="https://www.outlet.example/2026/story",
        title="The & title",
        outlet="The Outlet",
        excerpt="What it is about.",
        language="en-GB",
    )


def test_a_page_that_says_next_to_nothing():
    body = page("<title>A title</title><meta name=description content=Words>")
    assert facts_of(body, url=URL) == PageFacts(
        url=URL, title="A title", outlet="outlet.example", excerpt="Words", language=""
    )
    assert facts_of(page(body="<h1>Only <b>this</b></h1>"), url=URL).title == "Only this"


@pytest.mark.parametrize("body", [b"", b"\x00", b"\xff\xfe", b"no markup", b"<", b"<html>" * 9])
def test_a_page_that_is_none_says_nothing_and_raises_nothing(body):
    assert facts_of(body, url=URL).excerpt == ""


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Story | Outlet", "Story"),
        ("Story – OUTLET", "Story"),
        ("Outlet", "Outlet"),
        ("Story|Outlet", "Story|Outlet"),
    ],
)
def test_the_outlets_name_goes_from_the_end_of_a_title(title, shown):
    head = f'<title>{title}</title><meta property="og:site_name" content="Outlet">'
    assert facts_of(page(head), url=URL).title == shown


def test_what_is_hostile_becomes_plain_text_of_a_bounded_length():
    head = (
        "<title>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=y&gt;A\u202e\x07 title"
        + " word" * 1000
        + "</title>"
        "<meta property='og:site_name' content='&lt;b&gt;O&lt;/b&gt;\u200f'>"
        "<link rel=canonical href='javascript:alert(1)'><base href='https://evil.example/'>"
    )
    found = facts_of(page(head, lang=' lang="&quot;><x>"'), url=URL)
    assert found.title.startswith("A title word word")
    assert len(found.title) <= 300
    assert (found.outlet, found.url, found.language) == ("O", URL, "")


@pytest.mark.parametrize(
    "canonical", ["https://evil.example/a", "/", "//evil.example/a", "https://a:b@evil.example/"]
)
def test_a_page_cannot_pass_itself_off_as_another(canonical):
    assert facts_of(page(f'<link rel=canonical href="{canonical}">'), url=URL).url == URL


@pytest.mark.parametrize(
    ("declared", "content_type"),
    [('<meta charset="windows-1251">', ""), ("", "text/html; charset=windows-1251"), ("", "")],
)
def test_a_page_in_windows_1251_is_read_however_it_says_so(declared, content_type):
    body = page(f"{declared}<title>Перемирье объявлено</title>").decode().encode("cp1251")
    assert facts_of(body, url=URL, content_type=content_type).title == "Перемирье объявлено"


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * 400_000,
        b"<p " + b"a=1 " * 500_000,
        b"<title>" * 300_000,
        b"<meta name=a content=b>" * 100_000,
        b"&amp;" * 400_000,
    ],
)
def test_a_page_that_is_a_bomb_takes_little_time(body):
    started_at = time.perf_counter()
    facts_of(body, url=URL)
    assert time.perf_counter() - started_at < 2


@pytest.mark.parametrize(
    ("content_type", "is_one"),
    [
        ("text/html; charset=utf-8", True),
        ("", True),
        ("application/pdf", False),
        ("image/png", False),
    ],
)
def test_what_is_a_page(content_type, is_one):
    assert is_page(content_type) is is_one
