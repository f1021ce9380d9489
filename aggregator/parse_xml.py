"""Reads RSS 0.9x, 1.0 and 2.0 and Atom through feedparser."""

import io
import re
from datetime import UTC, datetime
from typing import Any

import feedparser

from aggregator import errors
from aggregator.documents import RawFeed, RawItem

# Characters that XML 1.0 forbids: one of them would send a whole feed to the slow, loose parser.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AS_UTF8 = {"content-type": "application/xml; charset=utf-8"}
_DATES = ("published_parsed", "created_parsed", "updated_parsed")


def read_xml(text: str) -> RawFeed:
    """Read a feed from its text; raises NotAFeed for other documents.

    Links are resolved where the document says against what (xml:base), else left as they are.
    """
    # feedparser opens files and addresses that it is given as strings, so it gets a stream. Its
    # sanitizer is off, because nothing but plain text is kept.
    document = feedparser.parse(
        io.BytesIO(_FORBIDDEN.sub("", text).encode()),
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
        items=[_item(entry) for entry in document.entries],
    )


def _item(entry: Any) -> RawItem:
    return RawItem(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_text(entry, "title"),
        summary=_text(entry, "summary") or _content(entry),
        author=_text(entry, "author"),
        image=_image(entry),
        language=_language(entry),
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


def _image(entry: Any) -> str:
    """Return the first address that is marked as a picture: Media RSS, then enclosures."""
    for thumbnail in dict.get(entry, "media_thumbnail", []):
        if address := _text(thumbnail, "url"):
            return address
    for media in dict.get(entry, "media_content", []):
        if _text(media, "medium") == "image" or _text(media, "type").startswith("image/"):
            return _text(media, "url")
    for link in dict.get(entry, "links", []):
        if link.get("rel") == "enclosure" and _text(link, "type").startswith("image/"):
            return _text(link, "href")
    return ""


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
