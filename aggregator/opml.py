"""Reads and writes lists of feeds as OPML (http://opml.org/spec2.opml). Pure.

Writes version 2.0; reads what other programs write: texts for titles and titles for texts, names
of attributes in any case, categories for folders, feeds beside folders, folders in folders.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby

from django.utils.translation import gettext as _
from lxml import etree

from aggregator import charset
from aggregator.xml_text import without_forbidden

MAX_BYTES = 5 * 1024 * 1024
MAX_FEEDS = 20_000
FOLDER_SEPARATOR = " / "
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z]+|#\d+|#x[0-9A-Fa-f]+);)")


class BadOpmlError(ValueError):
    """The document is no list of feeds; the message says why, for an editor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One feed of a list."""

    line: int
    url: str
    title: str = ""
    site_url: str = ""
    folder: str = ""


def read(data: bytes) -> list[Outline]:
    """Return the feeds of a list in their order; raises BadOpmlError."""
    if len(data) > MAX_BYTES:
        raise BadOpmlError(_("The file is larger than %d MiB.") % (MAX_BYTES // 2**20))
    text = without_forbidden(charset.decode(data, content_type="")).strip()
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise BadOpmlError(_("The file declares a document type; such files are not read."))
    root = _parsed(text)
    if _local(root) != "opml":
        raise BadOpmlError(_("The file is no OPML: it does not begin with <opml>."))
    outlines = list(_walk(root))
    if not outlines:
        raise BadOpmlError(_("There are no feeds in the file."))
    return outlines


def _parsed(text: str) -> etree._Element:
    for attempt in (text, _BARE_AMPERSAND.sub("&amp;", text)):
        parser = etree.XMLParser(
            encoding="utf-8", resolve_entities=False, no_network=True, huge_tree=False
        )
        try:
            return etree.fromstring(attempt.encode(), parser)
        except etree.XMLSyntaxError as error:
            trouble = error
    raise BadOpmlError(
        _("The file breaks off or is damaged in line %(line)d: %(error)s")
        % {"line": trouble.lineno or 1, "error": trouble.msg}
    ) from trouble


def _walk(root: etree._Element) -> Iterator[Outline]:
    """Go through all outlines with the folders above each; no recursion, whatever the depth."""
    waiting: list[tuple[etree._Element, str]] = [(child, "") for child in reversed(root)]
    found = 0
    while waiting:
        element, folder = waiting.pop()
        if _local(element) == "outline":
            values = _attributes(element)
            url = values.get("xmlurl", "") or _url_of_link(values)
            name = values.get("title", "") or values.get("text", "")
            if url:
                found += 1
                if found > MAX_FEEDS:
                    raise BadOpmlError(_("There are more than %d feeds in the file.") % MAX_FEEDS)
                yield Outline(
                    line=_line_of(element),
                    url=url,
                    title=name,
                    site_url=values.get("htmlurl", ""),
                    folder=folder or _category(values.get("category", "")),
                )
            elif name:
                folder = f"{folder}{FOLDER_SEPARATOR}{name}" if folder else name
        waiting += [(child, folder) for child in reversed(element)]


def _line_of(element: etree._Element) -> int:
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def _url_of_link(values: dict[str, str]) -> str:
    """Return the address of a feed that was written as a link, as some old programs do."""
    is_feed = values.get("type", "").lower() in {"rss", "atom", "rss1", "rdf"}
    return values.get("url", "") if is_feed else ""


def _category(value: str) -> str:
    """Return the first of the categories, ``/a/b,c``, as a folder."""
    first = value.partition(",")[0]
    return FOLDER_SEPARATOR.join(part.strip() for part in first.split("/") if part.strip())


def _attributes(element: etree._Element) -> dict[str, str]:
    return {
        etree.QName(str(name)).localname.lower(): " ".join(str(value).split())
        for name, value in element.attrib.items()
    }


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname.lower() if isinstance(element.tag, str) else ""


def write(outlines: Iterable[Outline], *, title: str, now: datetime) -> bytes:
    """Return a list of feeds as OPML 2.0, each folder an outline that holds its feeds."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = without_forbidden(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = etree.SubElement(root, "body")
    by_folder = sorted(outlines, key=lambda outline: (outline.folder.casefold(), outline.folder))
    for folder, members in groupby(by_folder, key=lambda outline: outline.folder):
        _write_folder(_folder(body, folder), list(members))
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _folder(body: etree._Element, path: str) -> etree._Element:
    """Return the outline of a folder, inside those of the folders above it."""
    at = body
    for name in path.split(FOLDER_SEPARATOR) if path else []:
        here = [
            child
            for child in at
            if child.get("text") == without_forbidden(name) and not child.get("type")
        ]
        at = here[0] if here else etree.SubElement(at, "outline", text=without_forbidden(name))
    return at


def _write_folder(parent: etree._Element, outlines: Sequence[Outline]) -> None:
    for outline in sorted(outlines, key=lambda one: (one.title.casefold(), one.url)):
        name = without_forbidden(outline.title or outline.url)
        element = etree.SubElement(
            parent,
            "outline",
            type="rss",
            text=name,
            title=name,
            xmlUrl=without_forbidden(outline.url),
        )
        if outline.site_url:
            element.set("htmlUrl", without_forbidden(outline.site_url))
