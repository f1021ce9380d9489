"""Writes Atom (RFC 4287). Pure."""

from django.utils.feedgenerator import rfc3339_date

from blog.feeds.document import Document
from blog.feeds.item import Channel, Item, Person
from blog.feeds.rss import media_attributes

CONTENT_TYPE = "application/atom+xml"
_NAMESPACES = {
    "xmlns": "http://www.w3.org/2005/Atom",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write(channel: Channel) -> bytes:
    """Return a feed as Atom."""
    document = Document()
    with document.within("feed", _NAMESPACES | {"xml:lang": channel.language}):
        _add_head(document, channel)
        for item in channel.items:
            with document.within("entry", {"xml:lang": item.language} if item.language else {}):
                _add_entry(document, item)
    return document.to_bytes()


def _add_head(document: Document, channel: Channel) -> None:
    document.add("id", channel.url)
    document.add("title", channel.title)
    document.add("subtitle", channel.description)
    document.add("updated", rfc3339_date(channel.updated_at))
    _add_link(document, "self", channel.own_url, CONTENT_TYPE)
    _add_link(document, "alternate", channel.url, "text/html")
    if channel.hub_url:
        _add_link(document, "hub", channel.hub_url)
    _add_person(document, channel.publisher)
    if channel.icon_url:
        document.add("icon", channel.icon_url)


def _add_entry(document: Document, item: Item) -> None:
    document.add("id", item.id)
    document.add("title", item.title)
    document.add("published", rfc3339_date(item.published_at))
    document.add("updated", rfc3339_date(item.updated_at))
    _add_link(document, "alternate", item.url, "text/html")
    if item.related_url:
        _add_link(document, "related", item.related_url, "text/html")
    for author in item.authors:
        _add_person(document, author)
    for keyword in item.keywords:
        document.add("category", attributes={"term": keyword})
    if item.source:
        with document.within("source"):
            document.add("id", item.source.url)
            document.add("title", item.source.name)
    if item.picture:
        document.add("media:content", attributes=media_attributes(item.picture))
    if item.summary:
        other = item.summary_language
        document.add("summary", item.summary, {"xml:lang": other} if other else {})
    document.add("content", item.content, {"type": "html"})


def _add_person(document: Document, person: Person) -> None:
    with document.within("author"):
        document.add("name", person.name)
        if person.url:
            document.add("uri", person.url)


def _add_link(document: Document, rel: str, address: str, content_type: str = "") -> None:
    attributes = {"rel": rel, "href": address}
    if content_type:
        attributes["type"] = content_type
    document.add("link", attributes=attributes)
