"""Renders a sample feed as RSS 2.0, RSS 1.0, Atom or JSON Feed, in any encoding, even broken."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as ET  # it only writes here; reading is feedparser's

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
MEDIA = "http://search.yahoo.com/mrss/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"content": CONTENT, "dc": DC, "media": MEDIA, "rdf": RDF}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemText:
    """One item: ``age`` before the loading, the last part of its address, and its words."""

    age: timedelta
    slug: str
    summary: str
    title: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedText:
    """What an invented outlet publishes, before it takes the form of a document."""

    outlet: str
    title: str
    description: str
    language: str
    items: tuple[ItemText, ...]
    encoding: str = "utf-8"
    has_full_text: bool = False
    has_pictures: bool = False
    has_titles: bool = True
    is_broken: bool = False

    @property
    def site_url(self) -> str:
        """The outlet's front page, on a name that leads nowhere (RFC 2606)."""
        return f"https://{self.outlet}/"

    def url_of(self, item: ItemText) -> str:
        """Return the address of an item's page."""
        return f"{self.site_url}{'stories' if self.has_titles else 'notes'}/{item.slug}"

    def html_of(self, item: ItemText) -> str:
        """Return an item's text as HTML; a note without a title is the text alone."""
        if not self.has_titles:
            return f"<p>{escape(item.summary)}</p>"
        link = f'<a href="{self.url_of(item)}">{escape(self.outlet)}</a>'
        return f"<p>{escape(item.summary)}</p><p>{link}</p>"


def rss(feed: FeedText, now: datetime) -> bytes:
    """Render RSS 2.0 with dc:creator and, where the feed has them, full texts and pictures."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.site_url)
    _add(channel, "description", feed.description)
    _add(channel, "language", feed.language)
    _add(channel, "lastBuildDate", format_datetime(now))
    for item in feed.items:
        _add_rss_item(channel, feed, item, now)
    document = _document(root, encoding=feed.encoding)
    return _broken(document) if feed.is_broken else document


def rdf(feed: FeedText, now: datetime) -> bytes:
    """Render RSS 1.0: items stand beside their channel and carry Dublin Core dates."""
    root = ET.Element(f"{{{RDF}}}RDF")
    about, resource = f"{{{RDF}}}about", f"{{{RDF}}}resource"
    channel = ET.SubElement(root, f"{{{RSS1}}}channel", {about: feed.site_url})
    _add(channel, f"{{{RSS1}}}title", feed.title)
    _add(channel, f"{{{RSS1}}}link", feed.site_url)
    _add(channel, f"{{{RSS1}}}description", feed.description)
    _add(channel, f"{{{DC}}}language", feed.language)
    order = ET.SubElement(ET.SubElement(channel, f"{{{RSS1}}}items"), f"{{{RDF}}}Seq")
    for item in feed.items:
        url = feed.url_of(item)
        ET.SubElement(order, f"{{{RDF}}}li", {resource: url})
        node = ET.SubElement(root, f"{{{RSS1}}}item", {about: url})
        _add(node, f"{{{RSS1}}}title", item.title)
        _add(node, f"{{{RSS1}}}link", url)
        _add(node, f"{{{RSS1}}}description", item.summary)
        _add(node, f"{{{DC}}}creator", item.author)
        _add(node, f"{{{DC}}}date", _iso(now - item.age))
    return _document(root, encoding=feed.encoding, default=RSS1)


def atom(feed: FeedText, now: datetime) -> bytes:
    """Render Atom 1.0 (RFC 4287) with tag: identifiers."""
    root = ET.Element(f"{{{ATOM}}}feed", {f"{{{XML}}}lang": feed.language})
    _add(root, f"{{{ATOM}}}id", feed.site_url)
    _add(root, f"{{{ATOM}}}title", feed.title)
    _add(root, f"{{{ATOM}}}subtitle", feed.description)
    _add(root, f"{{{ATOM}}}updated", _iso(now))
    ET.SubElement(root, f"{{{ATOM}}}link", rel="alternate", href=feed.site_url)
    for item in feed.items:
        entry = ET.SubElement(root, f"{{{ATOM}}}entry")
        _add(entry, f"{{{ATOM}}}id", f"tag:{feed.outlet},2026:{item.slug}")
        _add(entry, f"{{{ATOM}}}title", item.title)
        ET.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=feed.url_of(item))
        _add(entry, f"{{{ATOM}}}published", _iso(now - item.age))
        _add(entry, f"{{{ATOM}}}updated", _iso(now - item.age))
        _add(ET.SubElement(entry, f"{{{ATOM}}}author"), f"{{{ATOM}}}name", item.author)
        _add(entry, f"{{{ATOM}}}summary", item.summary)
        if feed.has_full_text:
            _add(entry, f"{{{ATOM}}}content", feed.html_of(item)).set("type", "html")
    return _document(root, encoding=feed.encoding, default=ATOM)


def json_feed(feed: FeedText, now: datetime) -> bytes:
    """Render JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.site_url,
        "description": feed.description,
        "language": feed.language,
        "items": [
            {
                "id": feed.url_of(item),
                "url": feed.url_of(item),
                "title": item.title,
                "summary": item.summary,
                "content_html": feed.html_of(item),
                "date_published": _iso(now - item.age),
                "authors": [{"name": item.author}],
            }
            for item in feed.items
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode(feed.encoding)


def _add_rss_item(channel: ET.Element, feed: FeedText, item: ItemText, now: datetime) -> None:
    node = ET.SubElement(channel, "item")
    url = feed.url_of(item)
    if feed.has_titles:
        _add(node, "title", item.title)
    _add(node, "link", url)
    _add(node, "guid", url).set("isPermaLink", "true")
    _add(node, "pubDate", format_datetime(now - item.age))
    if item.author:
        _add(node, f"{{{DC}}}creator", item.author)
    _add(node, "description", item.summary if feed.has_titles else feed.html_of(item))
    if feed.has_full_text:
        _add(node, f"{{{CONTENT}}}encoded", feed.html_of(item))
    if feed.has_pictures:
        picture = f"{feed.site_url}pictures/{item.slug}.jpg"
        details = {"url": picture, "medium": "image", "type": "image/jpeg"}
        ET.SubElement(node, f"{{{MEDIA}}}content", details)


def _broken(document: bytes) -> bytes:
    """Make the mistakes that feeds in the wild make, all of which a patient parser reads past.

    Blank lines come before the declaration, ampersands are bare, ``&nbsp;`` is not declared in
    XML, and the document ends before its channel is closed.
    """
    head, _, _ = document.replace(b"&amp;", b"&").partition(b"</channel>")
    return b"\n\n" + head


def _add(parent: ET.Element, tag: str, text: str) -> ET.Element:
    node = ET.SubElement(parent, tag)
    node.text = text
    return node


def _document(root: ET.Element, *, encoding: str, default: str = "") -> bytes:
    """Write the document with the usual prefixes; ``default`` is the namespace that has none."""
    for prefix, address in PREFIXES.items():
        ET.register_namespace(prefix, address)
    if default:
        ET.register_namespace("", default)
    ET.indent(root)
    body: bytes = ET.tostring(root, encoding=encoding, xml_declaration=True)
    return body


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
