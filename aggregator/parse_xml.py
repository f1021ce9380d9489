"""Reads RSS 0.9x, 1.0 and 2.0 and Atom through feedparser."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser

from aggregator import errors
from aggregator.documents import RawFeed, RawItem
from aggregator.pictures import Kind, Picture, best_picture

# feedparser takes about 25 µs for a tag that is out of place and 2 µs for a stray ampersand; a
# feed of the largest size that is fetched has a quarter of these.
MOST_TAGS = 200_000
MOST_ENTITIES = 1_000_000
_AS_UTF8 = {"content-type": "application/xml; charset=utf-8"}
_DATES = ("published_parsed", "created_parsed", "updated_parsed")


def read_xml(text: str) -> RawFeed:
    """Read a feed from its text, which neither holds nor names characters that XML forbids.

    Raises NotAFeed for other documents, and ParserGaveUp for those that would take too long.

    Links are resolved where the document says against what (xml:base), else left as they are.
    """
    if text.count("<") > MOST_TAGS or text.count("&") > MOST_ENTITIES:
        raise errors.ParserGaveUp
    # feedparser opens files and addresses that it is given as strings, so it gets a stream. Its
    # sanitizer is off, because nothing but plain text is kept.
    document = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers=_AS_UTF8,
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    if not document.entries and not document.version:
        raise errors.NotAFeed
    feed = document.feed
    return RawFeed(
        title=_text(feed, "title"),
        link=_text(feed, "link"),
        language=_text(feed, "language"),
        ttl_minutes=_text(feed, "ttl"),
        hub=_related(feed, "hub"),
        itself=_related(feed, "self"),
        items=[_item(entry) for entry in document.entries],
    )


def _item(entry: Any) -> RawItem:
    return RawItem(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        summary=_text(entry, "summary") or _content(entry),
        author=_text(entry, "author"),
        image=best_picture(_pictures(entry), markup=_content(entry) or _text(entry, "summary")),
        language=_language(entry),
        source=_text(dict.get(entry, "source") or {}, "href"),
        enclosure=_related(entry, "enclosure"),
        dated_at=_date(entry),
    )


def _text(source: Any, name: str) -> str:
    value = dict.get(source, name)
    return value if isinstance(value, str) else ""


def _content(entry: Any) -> str:
    return next((text for part in dict.get(entry, "content", []) if (text := part.value)), "")


def _language(entry: Any) -> str:
    for name in ("title_detail", "summary_detail"):
        if language := _text(dict.get(entry, name) or {}, "language"):
            return language
    return ""


def _related(source: Any, relation: str) -> str:
    for link in dict.get(source, "links", []):
        if link.get("rel") == relation and (address := _text(link, "href")):
            return address
    return ""


def _pictures(entry: Any) -> Iterator[Picture]:
    for thumbnail in dict.get(entry, "media_thumbnail", []):
        yield _picture(thumbnail, "url", Kind.THUMBNAIL)
    for media in dict.get(entry, "media_content", []):
        if _text(media, "medium") == "image" or _text(media, "type").startswith("image/"):
            yield _picture(media, "url", Kind.CONTENT)
    for link in dict.get(entry, "links", []):
        if link.get("rel") == "enclosure" and _text(link, "type").startswith("image/"):
            yield Picture(_text(link, "href"), Kind.ENCLOSURE)
    yield Picture(_text(dict.get(entry, "image") or {}, "href"), Kind.ICON)


def _picture(media: Any, name: str, kind: Kind) -> Picture:
    return Picture(_text(media, name), kind, _text(media, "width"), _text(media, "height"))


def _date(entry: Any) -> datetime | None:
    # dict.get, because the class itself answers a missing "updated" with a warning.
    for name in _DATES:
        if parsed := dict.get(entry, name):
            try:
                year, month, day, hour, minute, second = parsed[:6]
                return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
            except (ValueError, OverflowError):
                continue
    return None
