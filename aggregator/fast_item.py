"""Reads one item or entry fast; see aggregator.parse_fast."""

from collections.abc import Callable
from datetime import datetime

from lxml import etree

from aggregator.documents import RawItem
from aggregator.fast_dates import read_date
from aggregator.fast_elements import (
    RDF,
    Doubt,
    Link,
    language_of,
    markup_of,
    name_of,
    plain_address,
    require_no_base,
    text_of,
)
from aggregator.pictures import Kind, Picture, best_picture


class Item:
    """Collects what an item says, child by child; as with feedparser, the last one counts."""

    def __init__(self, element: etree._Element, spoken: str) -> None:
        self.spoken = language_of(element, spoken)
        self.guid = element.get(f"{{{RDF}}}about", "")
        self.link: str | None = None
        self.title: str | None = None
        self.summary: str | None = None
        self.content: str | None = None
        self.author = self.source = self.enclosure = self.title_language = self.summary_language = (
            ""
        )
        self.has_source = False
        self.dates: dict[str, str] = {}
        self.pictures: list[Picture] = []
        for child in element:
            name = name_of(child)
            take = _TAKERS.get(name)
            if take is not None:
                take(self, child)
            else:
                self._pass_over(child, name)

    def raw(self) -> RawItem:
        """Return it all as plain data."""
        text = self.content or self.summary or ""
        return RawItem(
            guid=self.guid,
            link=self.link or "",
            title=self.title or "",
            summary=self.summary or self.content or "",
            author=self.author,
            image=best_picture(self.pictures, markup=text),
            language=self.title_language or self.summary_language,
            source=self.source,
            enclosure=self.enclosure,
            dated_at=_first_date(self.dates),
        )

    def _take_title(self, child: etree._Element) -> None:
        if self.title is not None:
            raise Doubt
        self.title = markup_of(child)
        self.title_language = language_of(child, self.spoken)
        if not self.title:
            raise Doubt

    def _take_summary(self, child: etree._Element) -> None:
        if self.summary is not None:
            raise Doubt
        self.summary = markup_of(child)
        self.summary_language = language_of(child, self.spoken)

    def _take_content(self, child: etree._Element) -> None:
        if self.content is not None or child.get("src") is not None:
            raise Doubt
        language_of(child, "")
        self.content = markup_of(child)

    def _take_link(self, child: etree._Element) -> None:
        link = Link(child)
        if link.is_page:
            self.link = link.address
        elif link.relation == "enclosure":
            self._take_file(link.address, link.type)

    def _take_guid(self, child: etree._Element) -> None:
        require_no_base(child)
        self.guid = text_of(child)
        if child.get("isPermaLink", child.get("ispermalink", "true")) == "true":
            self.guid = plain_address(self.guid)
            if self.link is None:
                self.link = self.guid

    def _take_author(self, child: etree._Element) -> None:
        if not len(child):
            self.author = text_of(child)
            return
        parts = {name_of(part): text_of(part) for part in child}
        if len(parts) != len(child) or not parts.keys() <= {"name", "email", "uri", "url", "?"}:
            raise Doubt
        name, email = parts.get("name", ""), parts.get("email", "")
        self.author = f"{name} ({email})" if name and email else name or email

    def _take_source(self, child: etree._Element) -> None:
        self.source = child.get("url", "")
        self.has_source = True

    def _take_enclosure(self, child: etree._Element) -> None:
        address = child.get("url") or child.get("uri") or child.get("href") or ""
        self._take_file(address, child.get("type", "").lower())

    def _take_file(self, address: str, kind: str) -> None:
        self.enclosure = self.enclosure or address
        if kind.startswith("image/"):
            self.pictures.append(Picture(address, Kind.ENCLOSURE))

    def _take_media(self, child: etree._Element) -> None:
        address = child.get("url", "")
        is_image = child.get("medium", "") == "image" or child.get("type", "").lower().startswith(
            "image/"
        )
        if address and is_image:
            size = (child.get("width", ""), child.get("height", ""))
            self.pictures.append(Picture(address, Kind.CONTENT, *size))
        self._take_group(child)

    def _take_group(self, child: etree._Element) -> None:
        for part in child:
            match name_of(part):
                case "media:content":
                    self._take_media(part)
                case "media:thumbnail":
                    self._take_thumbnail(part)
                case "media:title":
                    self._take_spare_title(part)
                case "media:description":
                    self._take_spare_summary(part)
                case name:
                    self._pass_over(part, name)

    def _take_thumbnail(self, child: etree._Element) -> None:
        if not child.get("url"):
            raise Doubt
        size = (child.get("width", ""), child.get("height", ""))
        self.pictures.append(Picture(child.get("url", ""), Kind.THUMBNAIL, *size))

    def _take_icon(self, child: etree._Element) -> None:
        self.pictures.append(Picture(child.get("href") or child.get("url") or "", Kind.ICON))

    def _take_nothing(self, child: etree._Element) -> None:
        """Leave out what has children of its own that count for nothing."""

    def _take_spare_title(self, child: etree._Element) -> None:
        """Leave out a second title, after the first; a source between them confuses feedparser."""
        if self.title is None or self.has_source:
            raise Doubt
        text_of(child)

    def _take_spare_summary(self, child: etree._Element) -> None:
        """Take the description of an item's picture or film where it has none of its own."""
        if self.summary is None:
            self._take_summary(child)
        else:
            self._take_content(child)

    def _pass_over(self, child: etree._Element, name: str) -> None:
        if name in _ITEM_DOUBTED:
            raise Doubt
        require_no_base(child)
        for inner in child.iterdescendants():
            name = name_of(inner)
            if name in _TAKERS or not (name == "?" or name.startswith("media:")):
                raise Doubt


def _takes_date(kind: str) -> Callable[[Item, etree._Element], None]:
    def take(item: Item, child: etree._Element) -> None:
        item.dates[kind] = text_of(child)

    return take


_TAKERS: dict[str, Callable[[Item, etree._Element], None]] = {
    "title": Item._take_title,
    "description": Item._take_summary,
    "summary": Item._take_summary,
    "content": Item._take_content,
    "content:encoded": Item._take_content,
    "link": Item._take_link,
    "guid": Item._take_guid,
    "id": Item._take_guid,
    "author": Item._take_author,
    "dc:creator": Item._take_author,
    "dc:author": Item._take_author,
    "itunes:author": Item._take_author,
    "contributor": Item._take_nothing,
    "source": Item._take_source,
    "enclosure": Item._take_enclosure,
    "media:content": Item._take_media,
    "media:group": Item._take_group,
    "media:thumbnail": Item._take_thumbnail,
    "itunes:image": Item._take_icon,
    "media:title": Item._take_spare_title,
    "dc:title": Item._take_spare_title,
    "media:description": Item._take_spare_summary,
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms:issued"), _takes_date("published")),
    **dict.fromkeys(("created", "dcterms:created"), _takes_date("created")),
    **dict.fromkeys(
        ("updated", "modified", "dc:date", "dcterms:modified", "lastbuilddate"),
        _takes_date("updated"),
    ),
}
# What feedparser takes for a title, a text, or something larger.
_ITEM_DOUBTED = frozenset(
    "dc:description itunes:summary itunes:name itunes:email itunes:owner abstract body "
    "fullitem textinput channel feed rss item entry name email url uri homepage subtitle tagline "
    "info managingeditor webmaster tags image".split()
)


def _first_date(dates: dict[str, str]) -> datetime | None:
    for kind in ("published", "created", "updated"):
        if found := read_date(dates.get(kind, "")):
            return found
    return None
