"""Lists of feeds, as other programs write them and as we do."""

import time
from datetime import UTC, datetime

import pytest

from aggregator import opml
from aggregator.opml import BadOpmlError, Outline

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def document(body, head=""):
    return f'<?xml version="1.0"?><opml version="2.0"><head>{head}</head><body>{body}</body></opml>'


def found(body):
    text = body if body.startswith("<?xml") else document(body)
    data = text if isinstance(text, bytes) else text.encode()
    return [(one.url, one.title, one.folder) for one in opml.read(data)]


FEED = "https://o.example/feed"


@pytest.mark.parametrize(
    ("outline", "expected"),
    [
        (f'<outline type="rss" text="T" xmlUrl="{FEED}"/>', (FEED, "T", "")),
        (f'<outline title="T" xmlUrl="{FEED}"/>', (FEED, "T", "")),
        (f'<outline text="A" title="T" xmlurl="{FEED}"/>', (FEED, "T", "")),
        (f'<OUTLINE TEXT="T" XMLURL="{FEED}"/>', (FEED, "T", "")),
        (f'<outline type="atom" text="T" xmlUrl="{FEED}"/>', (FEED, "T", "")),
        (f'<outline type="rss" text="T" url="{FEED}"/>', (FEED, "T", "")),
        (f'<outline xmlUrl=" {FEED} "/>', (FEED, "", "")),
        (f'<outline text="T" xmlUrl="{FEED}" category="/a/b,c"/>', (FEED, "T", "a / b")),
        (
            f'<outline text="A &amp; B" xmlUrl="{FEED}?a=1&amp;b=2"/>',
            (f"{FEED}?a=1&b=2", "A & B", ""),
        ),
        (f'<outline text="A & B" xmlUrl="{FEED}?a=1&b=2"/>', (f"{FEED}?a=1&b=2", "A & B", "")),
        (f'<outline text="F"><outline text="T" xmlUrl="{FEED}"/></outline>', (FEED, "T", "F")),
        (
            (
                '<outline text="F"><outline title="G">'
                f'<outline text="T" xmlUrl="{FEED}"/></outline></outline>'
            ),
            (FEED, "T", "F / G"),
        ),
        (
            f'<outline text="F"><outline text="T" xmlUrl="{FEED}" category="x"/></outline>',
            (FEED, "T", "F"),
        ),
        (f'<outline text="T\x08" xmlUrl="{FEED}"/>', (FEED, "T", "")),
    ],
)
def test_one_feed_is_read_in_every_shape(outline, expected):
    assert found(outline) == [expected]


def test_feeds_beside_and_below_folders_keep_their_order():
    body = (
        '<outline text="1" xmlUrl="http://a/1"/>'
        '<outline text="F"><outline text="2" xmlUrl="http://a/2"/></outline>'
        '<outline text="3" xmlUrl="http://a/3"/>'
    )
    assert [(title, folder) for _, title, folder in found(body)] == [
        ("1", ""),
        ("2", "F"),
        ("3", ""),
    ]


@pytest.mark.parametrize("version", ["1.0", "1.1", "2.0", ""])
def test_every_version_is_read(version):
    data = f'<opml version="{version}"><body><outline text="T" xmlUrl="{FEED}"/></body></opml>'
    assert [one.url for one in opml.read(data.encode())] == [FEED]


def test_lines_are_told():
    data = document(f'\n<outline text="F">\n<outline xmlUrl="{FEED}"/>\n</outline>')
    assert [one.line for one in opml.read(data.encode())] == [3]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1251"])
def test_other_encodings_are_read(encoding):
    name = "windows-1251" if encoding == "windows-1251" else "utf-8"
    data = (
        f'<?xml version="1.0" encoding="{name}"?><opml><body>'
        f'<outline text="Новини дня" xmlUrl="{FEED}"/></body></opml>'
    )
    assert [one.title for one in opml.read(data.encode(encoding))] == ["Новини дня"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "damaged in line 1"),
        (b"<html/>", "no OPML"),
        (b"<opml><body/></opml>", "no feeds"),
        (b"<opml><body><outline", "damaged in line 1"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "document type"),
        (b"x" * (opml.MAX_BYTES + 1), "larger than 5 MiB"),
        (b"<opml><body>" + b"<outline text='a'>" * 100_000, "damaged"),
        (b"\xff\xfe\x00", "damaged"),
    ],
)
def test_what_is_no_list_says_why(data, words):
    started = time.monotonic()
    with pytest.raises(BadOpmlError) as error:
        opml.read(data)
    assert words in str(error.value)
    assert time.monotonic() - started < 2


def test_what_we_write_we_read_again():
    outlines = [
        Outline(line=0, url="https://a.example/?x=1&y=2", title="А & <Б>", folder="Світ / Europe"),
        Outline(line=0, url="https://b.example/", site_url="https://b.example", folder="Світ"),
        Outline(line=0, url="https://c.example/", title="C\x08"),
    ]
    data = opml.write(outlines, title="Our feeds", now=NOW)
    assert b"<dateCreated>Tue, 24 Nov 2026 09:00:00 +0000</dateCreated>" in data
    assert [(o.url, o.title, o.site_url, o.folder) for o in opml.read(data)] == [
        ("https://c.example/", "C", "", ""),
        ("https://b.example/", "https://b.example/", "https://b.example", "Світ"),
        ("https://a.example/?x=1&y=2", "А & <Б>", "", "Світ / Europe"),
    ]
    assert data.count(b'text="\xd0\xa1\xd0\xb2\xd1\x96\xd1\x82"') == 1
