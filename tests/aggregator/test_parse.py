"""Feeds of every kind, good, bad and hostile, to clean and plain data."""

import contextlib
import dataclasses
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator import errors
from aggregator.parse import MAX_ITEMS, parse, web_address
from tests.aggregator.serving import FEEDS, rss

SAMPLES = sorted(path for path in FEEDS.iterdir() if not path.name.endswith(".expected.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name)
def test_sample_is_read_as_expected(sample):
    parsed = dataclasses.asdict(parse(sample.read_bytes(), url="https://feeds.example/in/feed"))
    for item in parsed["items"]:
        assert re.fullmatch("[0-9a-f]{64}", item.pop("key"))
        item["dated_at"] = item["dated_at"] and item["dated_at"].isoformat()
    parsed["items"] = [
        {name: value for name, value in item.items() if value} for item in parsed["items"]
    ]
    assert parsed == json.loads(sample.with_name(f"{sample.name}.expected.json").read_text())


def test_there_are_samples():
    assert len(SAMPLES) == 19


def test_the_http_charset_decides():
    body = rss("Поїзд").decode().encode("cp1251")
    [item] = parse(body, content_type="text/xml; charset=Windows-1251").items
    assert item.title == "Поїзд"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", errors.EmptyBody),
        (b" \r\n ", errors.EmptyBody),
        (b"<!DOCTYPE html><html><p>hello", errors.WebPage),
        (b"<!-- x -->\n<HTML>", errors.WebPage),
        (b"just words", errors.NotAFeed),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", errors.NotAFeed),
        (b'{"no": "items"}', errors.NotAFeed),
        (b"[1]", errors.NotAFeed),
        (b'{"items": [', errors.ParseError),
        (b"[" * 100_000, errors.ParseError),
        (b"\x00\x01\x02\xff", errors.NotAFeed),
    ],
)
def test_what_is_no_feed_is_named(body, error):
    with pytest.raises(errors.ParseError) as caught:
        parse(body, url="https://x.example/")
    assert type(caught.value) is error
    assert caught.value.url == "https://x.example/"


def test_a_body_that_names_a_file_or_an_address_opens_nothing(tmp_path, server):
    path = tmp_path / "feed.xml"
    path.write_bytes(rss("Secret"))
    for body in (str(path), path.as_uri(), server.url()):
        with pytest.raises(errors.NotAFeed):
            parse(body.encode())
    assert server.asked == []


def test_entities_and_external_documents_stay_closed(tmp_path, server):
    secret = tmp_path / "secret"
    secret.write_text("root:x:0")
    body = (
        f'<!DOCTYPE rss SYSTEM "{server.url("/dtd")}" [<!ENTITY a SYSTEM "{secret.as_uri()}">'
        f'<!ENTITY b SYSTEM "{server.url("/entity")}">]>'
    ).encode() + rss("x &a; y &b; z")
    [item] = parse(body).items
    assert "root" not in item.title
    assert item.url == "https://outlet.example/0"
    assert server.asked == []


def test_an_entity_bomb_goes_off_nowhere():
    bomb = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
    body = f'<!DOCTYPE rss [<!ENTITY l0 "ha">{bomb}]>'.encode() + rss("&l11;")
    [item] = parse(body).items
    assert len(item.title) < 50


def test_long_texts_are_cut_at_a_word():
    body = rss("word " * 500).replace(
        b"</item>", b"<description>" + b"text " * 5000 + b"</description></item>"
    )
    [item] = parse(body).items
    assert len(item.title) <= 300
    assert item.title.endswith("word…")
    assert len(item.summary) <= 500
    assert item.summary.endswith("text…")


def test_a_summary_behind_a_large_inline_picture_is_found():
    picture = b"&lt;img src=&quot;data:image/png;base64," + b"A" * 20_000 + b"&quot;&gt;"
    body = rss("T").replace(b"</item>", b"<description>" + picture + b"words</description></item>")
    assert [item.summary for item in parse(body).items] == ["words"]


@pytest.mark.parametrize(
    "reference", ["&#0;", "&#xD800;", "&#55296", "&#xFFFF;", "&#x110000;", "&#" + "9" * 5000 + ";"]
)
def test_a_reference_to_no_character_costs_nothing_else(reference):
    [item] = parse(rss(f"Before {reference}after &#x1F600;")).items
    assert item.title == "Before after 😀"


def test_of_a_huge_feed_the_newest_are_kept_in_their_order():
    items = "".join(
        f"<item><title>{n}</title><pubDate>{1 + n % 28} Nov 2026 00:00:00 GMT</pubDate></item>"
        for n in range(MAX_ITEMS + 100)
    )
    parsed = parse(f"<rss><channel>{items}</channel></rss>".encode())
    numbers = [int(item.title) for item in parsed.items]
    assert len(numbers) == MAX_ITEMS
    assert numbers == sorted(numbers)
    assert {day for day in range(28) if day not in {n % 28 for n in numbers}} == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("address", "absolute"),
    [
        ("https://a.example/x", "https://a.example/x"),
        (" HTTPS://a.example/x\n", "https://a.example/x"),
        ("/x", "http://base.example/x"),
        ("x", "http://base.example/dir/x"),
        ("//a.example", "http://a.example"),
        ("https://user:pw@a.example/", "https://a.example/"),
        ("http://a.example/a b", "http://a.example/a%20b"),
        ("https://приклад.укр/їжа", "https://приклад.укр/їжа"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("&#106;avascript:alert(1)", "http://base.example/dir/&#106;avascript:alert(1)"),
        ("data:text/html,x", ""),
        ("ftp://a.example/", ""),
        ("http://", ""),
        ("http://[::1", ""),
        ("http://a.example:99999/", ""),
        ("http://a.example/\x00", ""),
        ("https:\\\\evil.example", ""),
        ("http://a.example/" + "x" * 2000, ""),
        ("", ""),
    ],
)
def test_addresses_are_http_and_absolute_or_empty(address, absolute):
    assert web_address(address, base="http://base.example/dir/feed") == absolute


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=400), st.text(max_size=40))
def test_parse_raises_nothing_but_its_own_error(body, content_type):
    with contextlib.suppress(errors.ParseError):
        parse(body, url="http://a.example/", content_type=content_type)


_PIECES = st.sampled_from(
    [
        *(b"<rss>", b"<channel>", b"<item>", b"</item>", b"<title>", b"</title>", b"<link>"),
        *(b"</link>", b"<guid>", b"</guid>", b"<pubDate>", b"</pubDate>", b"<feed ", b"<entry>"),
        *(b"xmlns='http://www.w3.org/2005/Atom'>", b"<![CDATA[", b"]]>", b"&amp;", b"&#0;"),
        *(b"&#x110000;", b"&bogus;", b"<?xml version='1.0' encoding='utf-7'?>", b"\xff\xfe"),
        *(b"<?xml encoding='rot13'?>", b"<!DOCTYPE x [", b"<!ENTITY a 'b'>", b"]>", b"<a href='"),
        *(b"http://[::", b"Fri, 99 Foo 10000 99:99", b"<media:content url='x'/>", b"--", b"'>"),
        *(b'{"items": [', b'{"id": 1e999, "url": []}', b"]}", "їжак".encode("cp1251")),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(_PIECES, st.binary(max_size=8)), max_size=40))
def test_parse_survives_pieces_of_feeds(pieces):
    body = b"".join(pieces)
    try:
        parsed = parse(body, url="http://a.example/")
    except errors.ParseError:
        return
    for item in parsed.items:
        assert item.title
        assert item.url == "" or item.url.startswith(("http://", "https://"))
        assert len(item.title) <= 300


def one_item(title, description):
    document = (
        '<rss version="2.0"><channel><title>Notes</title><item><link>https://n.example/1</link>'
        f"<title>{title}</title><description>{description}</description></item></channel></rss>"
    )
    (item,) = parse(document.encode()).items
    return item.title, item.summary


def test_short_note_without_a_title_is_all_title():
    assert one_item("", "A short note.") == ("A short note.", "")


def test_long_note_without_a_title_lends_it_its_beginning():
    note = "word " * 90
    title, summary = one_item("", note)
    assert title == "word " * 23 + "word…"
    assert summary == note.strip()


def test_summary_that_repeats_the_title_is_left_out():
    assert one_item("The same words", "&lt;p&gt;The same words&lt;/p&gt;") == ("The same words", "")
    assert one_item("A title", "And more") == ("A title", "And more")
