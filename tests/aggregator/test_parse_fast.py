"""The fast reader gives what the reference gives, or gives up."""

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator import charset, errors
from aggregator.fast_dates import date_by_reference, read_date
from aggregator.parse import parse
from aggregator.parse_fast import Doubt, read_fast
from aggregator.xml_text import without_forbidden
from newsandtimes.demo.feeds import sample_feeds
from tests.aggregator.keeping import NOW, document, item
from tests.aggregator.serving import FEEDS, rss

DOCUMENTS = {
    path.name: path.read_bytes()
    for path in sorted(FEEDS.iterdir())
    if path.suffix in {".xml", ".atom", ".rdf"}
} | {name: feed.rendered(now=NOW) for name, feed in sample_feeds().items() if name[-4:] != "json"}
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:a="http://www.w3.org/2005/Atom" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:x="urn:unknown"'
)


def assert_equal_to_reference(body):
    url = "https://o.example/dir/feed"
    try:
        reference = parse(body, url=url, is_fast=False)
    except errors.ParseError as error:
        with pytest.raises(type(error)):
            parse(body, url=url)
    else:
        assert dataclasses.asdict(parse(body, url=url)) == dataclasses.asdict(reference)


def is_fast(body):
    try:
        read_fast(without_forbidden(charset.decode(body, content_type="").strip()))
    except Doubt:
        return False
    return True


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_sample_is_read_as_by_the_reference(name):
    assert_equal_to_reference(DOCUMENTS[name])


def test_ordinary_documents_are_not_doubted():
    doubted = {name for name, body in DOCUMENTS.items() if not is_fast(body)}
    # Atom in XHTML, a document type, an xml:base, and what is broken on purpose.
    assert doubted == {
        *("atom03.xml", "atom10.xml", "rss091.xml", "valley-wire.xml"),
        *("broken.xml", "hostile.xml", "untidy.xml"),
    }
    assert is_fast(rss("A", "B"))


TEXTS = st.sampled_from(
    [
        *("", "Plain", "A &amp; B", "&lt;b&gt;bold&lt;/b&gt;", "<![CDATA[<p>A &amp; B</p>]]>"),
        *(
            "Знаки до зими",
            " spaced \n out ",
            "&amp;amp; &amp;lt;i&amp;gt;",
            "5 &lt; 6",
            "Ünïcode…",
        ),
        "<![CDATA[<img src='https://i.example/a.jpg' width='640'><p>Text</p>]]>",
        "<![CDATA[<img src='/t.gif' width='1' height='1'><img src='b.png'>]]>",
    ]
)
DATES = st.sampled_from(
    [
        *("Mon, 23 Nov 2026 10:00:00 GMT", "23 Nov 2026 10:00:00 +0200", "2026-11-23T10:00:00Z"),
        *("2026-11-23T10:00:00+02:00", "2026-11-23", "2026-11-23T10:00", "2026", "soon", ""),
        *("Mon, 23 Nov 2026 10:00 EST", "Mon, 31 Feb 2026 10:00:00 GMT", "23 Nov 26 10:00:00 GMT"),
        *("2026-11-23T23:59:60Z", "2026-11-23 10:00:00", "Mon Nov 23 10:00:00 2026", "1/2/2026"),
    ]
)
LINKS = st.sampled_from(
    [
        *(
            "https://o.example/a",
            "/relative",
            "//o.example/b",
            "?q=1",
            "https://o.example/?a=1&amp;b=2",
        ),
        *(
            "javascript:alert(1)",
            "",
            " https://o.example/s ",
            "https:///o.example/",
            "mailto:a@b.c",
        ),
    ]
)
LANGUAGES = st.sampled_from(["", "", "", ' xml:lang="uk"', ' xml:lang="en_GB"', ' xml:lang=""'])


def element(name, content, attributes=""):
    return f"<{name}{attributes}>{content}</{name}>"


RSS_PARTS = st.one_of(
    st.builds(element, st.just("title"), TEXTS, LANGUAGES),
    st.builds(element, st.just("link"), LINKS),
    st.builds(element, st.just("description"), TEXTS, LANGUAGES),
    st.builds(element, st.just("content:encoded"), TEXTS),
    st.builds(
        element,
        st.just("guid"),
        LINKS,
        st.sampled_from(["", ' isPermaLink="false"', ' isPermaLink="true"']),
    ),
    st.builds(
        element,
        st.sampled_from(["pubDate", "dc:date", "dcterms:issued", "dcterms:created", "a:updated"]),
        DATES,
    ),
    st.builds(
        element,
        st.sampled_from(
            [
                *("author", "dc:creator", "itunes:author", "category", "comments", "dc:subject"),
                *("media:title", "media:description", "dc:title", "dc:description", "x:title"),
                *("itunes:summary", "itunes:subtitle", "media:credit", "dc:language", "dc:rights"),
                *("summary", "updated", "x:thing", "image", "rating", "subtitle"),
            ]
        ),
        TEXTS,
    ),
    st.builds(
        '<a:link href="{}" rel="{}"{}/>'.format,
        LINKS,
        st.sampled_from(["alternate", "self", "related", "enclosure"]),
        st.sampled_from(["", ' type="text/html"', ' type="image/png"', ' type="application/pdf"']),
    ),
    st.builds(
        '<enclosure url="{}" type="{}" length="1"/>'.format,
        LINKS,
        st.sampled_from(["image/jpeg", "audio/mpeg", ""]),
    ),
    st.builds(
        '<media:thumbnail url="{}" width="{}"/>'.format,
        LINKS,
        st.sampled_from(["", "75", "1", "900"]),
    ),
    st.builds(
        (
            '<media:content url="{}" medium="image" width="{}">'
            "<media:title>M</media:title></media:content>"
        ).format,
        LINKS,
        st.sampled_from(["", "300", "4000"]),
    ),
    st.builds(
        "<media:group><media:content url='{}' type='image/png'/>{}</media:group>".format,
        LINKS,
        st.sampled_from(
            [
                "",
                "<media:description>D</media:description>",
                "<x:y><x:z/></x:y>",
                "<media:community><media:statistics/></media:community>",
            ]
        ),
    ),
    st.just('<source url="https://s.example/feed">S</source>'),
    st.just('<itunes:image href="https://i.example/i.png"/>'),
    st.just("<x:wrapper><title>Hidden</title></x:wrapper>"),
)
ATOM_PARTS = st.one_of(
    st.builds(
        element,
        st.just("title"),
        TEXTS,
        st.sampled_from(["", ' type="html"', ' type="text"', ' xml:lang="uk"', ' type="xhtml"']),
    ),
    st.builds(
        element,
        st.sampled_from(["summary", "content"]),
        TEXTS,
        st.sampled_from(
            [
                "",
                ' type="html"',
                ' type="text/plain"',
                ' type="application/xml"',
                ' mode="escaped"',
                ' mode="base64"',
            ]
        ),
    ),
    st.builds(
        element,
        st.sampled_from(["id", "published", "updated", "created", "issued", "modified"]),
        st.one_of(DATES, LINKS),
    ),
    st.builds(
        '<link href="{}"{}/>'.format,
        LINKS,
        st.sampled_from(
            [
                "",
                ' rel="alternate" type="text/html"',
                ' rel="self"',
                ' rel="enclosure" type="image/png"',
                ' rel="enclosure" type="audio/mpeg"',
                ' rel="alternate" type="application/json"',
            ]
        ),
    ),
    st.builds(
        "<author><name>{}</name>{}</author>".format,
        TEXTS,
        st.sampled_from(["", "<email>a@b.example</email>", "<uri>https://a.example/</uri>"]),
    ),
    st.just("<contributor><name>C</name></contributor>"),
    st.just("<category term='c'/>"),
    st.just("<source><title>S</title><updated>2020-01-01T00:00:00Z</updated></source>"),
    st.just(
        '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>X</p></div></content>'
    ),
    st.just("<media:thumbnail url='https://i.example/t.png'/>"),
)
HEADS = st.lists(
    st.one_of(
        st.builds(
            element,
            st.sampled_from(
                [
                    "title",
                    "description",
                    "language",
                    "ttl",
                    "subtitle",
                    "id",
                    "generator",
                    "copyright",
                ]
            ),
            TEXTS,
        ),
        st.builds(element, st.just("link"), LINKS),
        st.builds(
            '<a:link href="{}" rel="{}"/>'.format,
            LINKS,
            st.sampled_from(["hub", "self", "alternate"]),
        ),
        st.just("<image><url>u</url><title>I</title><link>https://i.example/</link></image>"),
        st.just("<itunes:owner><itunes:name>N</itunes:name></itunes:owner>"),
        st.just("<itunes:summary>S</itunes:summary>"),
        st.just("<x:thing a='b'>text</x:thing>"),
        st.just("<cloud domain='x'/>"),
    ),
    max_size=5,
)
FUZZED = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@FUZZED
@given(HEADS, st.lists(st.lists(RSS_PARTS, max_size=7), max_size=3), LANGUAGES)
def test_rss_built_of_all_parts_is_read_as_by_the_reference(head, items, language):
    body = "".join(f"<item>{''.join(parts)}</item>" for parts in items)
    channel = f"<channel>{''.join(head)}{body}</channel>"
    assert_equal_to_reference(f'<rss version="2.0" {NAMESPACES}{language}>{channel}</rss>'.encode())


@FUZZED
@given(HEADS, st.lists(st.lists(RSS_PARTS, max_size=6), max_size=3))
def test_rdf_built_of_all_parts_is_read_as_by_the_reference(head, items):
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    body = "".join(
        f'<item rdf:about="https://o.example/{n}">{"".join(parts)}</item>'
        for n, parts in enumerate(items)
    )
    assert_equal_to_reference(
        f'<rdf:RDF xmlns:rdf="{rdf}" xmlns="http://purl.org/rss/1.0/" {NAMESPACES}>'
        f"<channel>{''.join(head)}</channel>{body}</rdf:RDF>".encode()
    )


@FUZZED
@given(
    st.sampled_from(["http://www.w3.org/2005/Atom", "http://purl.org/atom/ns#"]),
    HEADS,
    st.lists(st.lists(ATOM_PARTS, max_size=6), max_size=3),
    LANGUAGES,
)
def test_atom_built_of_all_parts_is_read_as_by_the_reference(namespace, head, items, language):
    body = "".join(f"<entry{language}>{''.join(parts)}</entry>" for parts in items)
    assert_equal_to_reference(
        f'<feed xmlns="{namespace}" {NAMESPACES}>{"".join(head)}{body}</feed>'.encode()
    )


@FUZZED
@given(DATES)
def test_common_dates_are_read_as_by_the_reference(text):
    assert read_date(text) == date_by_reference(text)


@pytest.mark.parametrize(
    "odd",
    [
        b"<!DOCTYPE rss><rss version='2.0'><channel/></rss>",
        document(item("A")).replace(b"<title>F", b"<title xml:base='http://b.example/'>F"),
        document(item("A")).replace(b"</item>", b"<title>Twice</title></item>"),
        document(item("A")).replace(b"<rss ", b"<foo "),
        document(item("A"))[:-3],
        document(item("caf\u00c3\u00a9")),
        document(item("\x93quoted\x94")),
    ],
)
def test_what_is_odd_is_left_to_the_reference(odd):
    assert not is_fast(odd)
    assert_equal_to_reference(odd)
