"""Writes JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/). Pure."""

import json
from typing import Any

from django.utils.feedgenerator import rfc3339_date

from blog.feeds.item import Channel, Item, Person

CONTENT_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def write(channel: Channel) -> bytes:
    """Return a feed as JSON Feed."""
    hubs = [{"type": "WebSub", "url": channel.hub_url}] if channel.hub_url else []
    feed = {
        "version": VERSION,
        "title": channel.title,
        "home_page_url": channel.url,
        "feed_url": channel.own_url,
        "description": channel.description,
        "icon": channel.icon_url,
        "language": channel.language,
        "authors": [_person(channel.publisher)],
        "hubs": hubs,
    }
    whole = _without_empty(feed) | {"items": [_item(item) for item in channel.items]}
    return json.dumps(whole, ensure_ascii=False).encode()


def _item(item: Item) -> dict[str, Any]:
    said = {
        "id": item.id,
        "url": item.url,
        "external_url": item.external_url,
        "title": item.title,
        "summary": item.summary,
        "image": item.picture.url if item.picture else "",
        "date_published": rfc3339_date(item.published_at),
        "date_modified": rfc3339_date(item.updated_at) if item.is_corrected else "",
        "authors": [_person(author) for author in item.authors],
        "tags": list(item.keywords),
        "language": item.language,
    }
    # An item must have one content or another, be it an empty one.
    return _without_empty(said) | {"content_html": item.content}


def _person(person: Person) -> dict[str, str]:
    return _without_empty({"name": person.name, "url": person.url})


def _without_empty(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in parts.items() if part}
