"""What the fast reader asks of single XML elements; see aggregator.parse_fast."""

import re
from functools import lru_cache

from lxml import etree

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_PREFIXES = {
    "": "",
    "http://backend.userland.com/rss2": "",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://purl.org/atom/ns#": "",
    "http://www.w3.org/2005/Atom": "",
    RDF: "rdf:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://search.yahoo.com/mrss": "media:",
    "http://search.yahoo.com/mrss/": "media:",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes:",
}
_ATOM_TYPES = frozenset({"", "text", "html", "plain", "text/plain", "text/html"})
_HTML_TYPES = frozenset({"html", "xhtml", "text/html", "application/xhtml+xml"})
_CODED = re.compile(r"&([A-Za-z0-9_]+);")


class Doubt(Exception):  # noqa: N818  it is no error: the reference is asked instead
    """Whether feedparser would read this the same is not known."""


@lru_cache(maxsize=4096)
def _known_name(tag: str) -> str | None:
    """Return ``prefix:local`` in lower case, None for what feedparser knows nothing of."""
    namespace, _, local = tag[1:].rpartition("}") if tag.startswith("{") else ("", "", tag)
    prefix = _PREFIXES.get(namespace if namespace in _PREFIXES else namespace.lower())
    return None if prefix is None else prefix + local.lower()


def name_of(element: etree._Element) -> str:
    """Return ``prefix:local`` as feedparser names it, "?" for what it knows nothing of."""
    tag = element.tag
    if not isinstance(tag, str):
        raise Doubt
    name = _known_name(tag)
    if name is not None:
        return name
    if element.prefix is None:  # feedparser takes it for one of its own
        raise Doubt
    return "?"


def text_of(element: etree._Element) -> str:
    """Return the text of an element that holds nothing else."""
    if len(element):
        raise Doubt
    return (element.text or "").strip()


def markup_of(element: etree._Element) -> str:
    """Return a text that says of what kind it is."""
    kind = element.get("type", "").lower()
    if kind not in _ATOM_TYPES or element.get("mode", "escaped") != "escaped":
        raise Doubt
    return text_of(element)


def require_no_base(element: etree._Element) -> None:
    """Doubt at xml:base: feedparser resolves addresses against it."""
    if element.get(f"{_XML}base") is not None or element.get("base") is not None:
        raise Doubt


def language_of(element: etree._Element, inherited: str) -> str:
    """Return the language of an element, ``inherited`` if it names none."""
    require_no_base(element)
    language = element.get(f"{_XML}lang", element.get("lang"))
    return inherited if language is None else language.replace("_", "-")


def plain_address(value: str) -> str:
    """Return an address that feedparser does not mend."""
    if ":///" in value:
        raise Doubt
    return value


def _link_text(element: etree._Element) -> str:
    return _CODED.sub(r"&\1", plain_address(text_of(element)).replace("&amp;", "&"))


class Link:
    """A link element: of RSS with a text, of Atom with an href."""

    def __init__(self, element: etree._Element) -> None:
        require_no_base(element)
        if element.get("url") is not None or element.get("uri") is not None:
            raise Doubt
        self.relation = element.get("rel", "alternate").lower()
        self.type = element.get("type", "").lower()
        href = element.get("href")
        self.href = None if not href else plain_address(href)
        if self.href is None and (element.attrib or href is not None):
            raise Doubt
        self.address = _link_text(element) if self.href is None else self.href

    @property
    def is_page(self) -> bool:
        """Whether it leads to the page itself."""
        return self.relation == "alternate" and (not self.type or self.type in _HTML_TYPES)
