"""Reads JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import html
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from aggregator import errors
from aggregator.documents import RawFeed, RawItem
from aggregator.pictures import best_picture


def read_json(text: str) -> RawFeed:
    """Read a feed from its text; raises NotAFeed for other documents."""
    document = json.loads(text)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise errors.NotAFeed
    language = _text(document, "language")
    items = [_item(item, language) for item in document["items"] if isinstance(item, dict)]
    return RawFeed(
        title=_text(document, "title"),
        link=_text(document, "home_page_url"),
        language=language,
        hub=_hub(document.get("hubs")),
        itself=_text(document, "feed_url"),
        items=items,
        skipped=len(document["items"]) - len(items),
    )


def _hub(hubs: Any) -> str:
    for hub in hubs if isinstance(hubs, list) else []:
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub":
            return _text(hub, "url")
    return ""


def _item(item: dict[str, Any], language: str) -> RawItem:
    texts = (
        _text(item, "summary"),
        _text(item, "content_html"),
        html.escape(_text(item, "content_text"), quote=False),
    )
    dates = (_date(_text(item, name)) for name in ("date_published", "date_modified"))
    return RawItem(
        guid=_text(item, "id"),
        # A link blog's own page is `url`; the article it is about is `external_url`.
        link=_text(item, "external_url") or _text(item, "url"),
        title=_text(item, "title"),
        summary=next(filter(None, texts), ""),
        author=_author(item),
        image=(
            _text(item, "image")
            or _text(item, "banner_image")
            or best_picture([], markup=_text(item, "content_html"))
        ),
        language=_text(item, "language") or language,
        enclosure=_attachment(item),
        dated_at=next(filter(None, dates), None),
    )


def _text(source: dict[str, Any], name: str) -> str:
    value = source.get(name)
    # Version 1 allows numbers as ids.
    return str(value) if isinstance(value, str | int | float) and value is not True else ""


def _author(item: dict[str, Any]) -> str:
    authors = item.get("authors") or [item.get("author")]
    names = [_text(one, "name") for one in authors if isinstance(one, dict)]
    return ", ".join(name for name in names if name)


def _attachment(item: dict[str, Any]) -> str:
    files = item.get("attachments")
    for one in files if isinstance(files, list) else []:
        if isinstance(one, dict) and (address := _text(one, "url")):
            return address
    return ""


def _date(value: str) -> datetime | None:
    # RFC 3339 by the book; some write the dates of RSS.
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            date = read(value.strip())
            return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            continue
    return None
