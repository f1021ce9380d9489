"""Writes RSS 2.0 (https://www.rssboard.org/rss-specification). Pure."""

from django.utils.feedgenerator import rfc2822_date, rfc3339_date
from django.utils.html import escape

from blog.feeds.document import Document
from blog.feeds.item import Channel, Item, Picture

CONTENT_TYPE = "application/rss+xml"
_NAMESPACES = {
    "xmlns:atom": "http://www.w3.org/2005/Atom",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:media": "http://search.yahoo.com/mrss/",
}


def write(channel: Channel) -> bytes:
    """Return a feed as RSS."""
    document = Document()
    with document.within("rss", {"version": "2.0"} | _NAMESPACES), document.within("channel"):
        _add_head(document, channel)
        for item in channel.items:
            with document.within("item"):
                _add_item(document, item)
    return document.to_bytes()


def _add_head(document: Document, channel: Channel) -> None:
    document.add("title", channel.title)
    document.add("link", channel.url)
    document.add("description", channel.description)
    own = {"rel": "self", "type": CONTENT_TYPE, "href": channel.own_url}
    document.add("atom:link", attributes=own)
    if channel.hub_url:
        document.add("atom:link", attributes={"rel": "hub", "href": channel.hub_url})
    document.add("language", channel.language)
    if channel.items:
        document.add("lastBuildDate", rfc2822_date(channel.updated_at))
    if channel.icon_url:
        with document.within("image"):
            document.add("url", channel.icon_url)
            document.add("title", channel.title)
            document.add("link", channel.url)


def _add_item(document: Document, item: Item) -> None:
    document.add("title", item.title)
    document.add("link", item.url)
    # Readers take a description for HTML; an opinion that is a title alone still has one.
    document.add("description", escape(item.summary or item.title))
    for author in item.authors:
        document.add("dc:creator", author.name)
    document.add("pubDate", rfc2822_date(item.published_at))
    document.add("guid", item.id, {"isPermaLink": "false"})
    for keyword in item.keywords:
        document.add("category", keyword)
    if item.language:
        document.add("dc:language", item.language)
    if item.source:
        document.add("source", item.source.name, {"url": item.source.url})
    if item.picture:
        document.add("media:content", attributes=media_attributes(item.picture))
    if item.is_corrected:
        document.add("atom:updated", rfc3339_date(item.updated_at))
    document.add("content:encoded", item.content)


def media_attributes(picture: Picture) -> dict[str, str]:
    """Return the attributes of ``media:content`` (https://www.rssboard.org/media-rss)."""
    attributes = {"url": picture.url, "medium": "image"}
    if picture.width and picture.height:
        attributes |= {"width": str(picture.width), "height": str(picture.height)}
    return attributes
