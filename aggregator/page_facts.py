"""What a web page says of itself: title, outlet, excerpt. Touches neither network nor database."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree, html

from aggregator.charset import decode
from aggregator.identity import outlet_host
from aggregator.parse import web_address
from blog.text import excerpt, plain_text

LOOKED_AT_BYTES = 512 * 1024
TITLE_MAX_LENGTH = 300
OUTLET_MAX_LENGTH = 120
EXCERPT_MAX_LENGTH = 400
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE
)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,2}")
_PICTURES = ("og:image", "og:image:url", "og:image:secure_url", "twitter:image")
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """Plain texts; addresses are absolute http(s). What a page does not say is ""."""

    url: str
    """The page's own address for itself, if it lies on the same host, else the one looked at."""
    title: str
    outlet: str
    excerpt: str
    language: str


def is_page(content_type: str) -> bool:
    """Whether an answer of this type can be a web page; one without a type can."""
    kind = content_type.partition(";")[0].strip().lower()
    return not kind or kind in _PAGE_TYPES


def facts_of(body: bytes, *, url: str, content_type: str = "") -> PageFacts:
    """Read the first LOOKED_AT_BYTES of a page at ``url``; never raises, runs nothing."""
    said = _Said(_parsed(body[:LOOKED_AT_BYTES], content_type))
    title = said.meta("og:title", "twitter:title") or said.text("//title") or said.text("//h1")
    outlet = said.meta("og:site_name", "application-name")
    return PageFacts(
        url=own_address(said.link("canonical") or said.meta("og:url"), url=url),
        title=excerpt(_without_outlet(title, outlet), max_length=TITLE_MAX_LENGTH),
        outlet=excerpt(outlet or outlet_host(url), max_length=OUTLET_MAX_LENGTH),
        excerpt=excerpt(
            said.meta("og:description", "description", "twitter:description"),
            max_length=EXCERPT_MAX_LENGTH,
        ),
        language=said.language(),
    )


def picture_in(body: bytes, *, url: str, content_type: str = "") -> str:
    """Return the address of the picture that a page at ``url`` names for itself, "" for none."""
    page = _parsed(body[:LOOKED_AT_BYTES], content_type)
    for element in () if page is None else page.iter("meta"):
        name = (element.get("property") or element.get("name") or "").strip().lower()
        # The text of an attribute, as it is: plain_text() would take “&copy=1” for a sign.
        if name in _PICTURES and (found := web_address(element.get("content") or "", base=url)):
            return found
    return ""


class _Said:
    """Finds what a page says in one place or another."""

    def __init__(self, page: "html.HtmlElement | None") -> None:
        self._page = page
        self._metas: dict[str, str] = {}
        for element in () if page is None else page.iter("meta"):
            name = (element.get("property") or element.get("name") or "").strip().lower()
            if name and name not in self._metas:
                self._metas[name] = plain_text(element.get("content") or "")

    def meta(self, *names: str) -> str:
        return next((self._metas[name] for name in names if self._metas.get(name)), "")

    def text(self, path: str) -> str:
        found = [] if self._page is None else self._page.xpath(path)
        return plain_text(" ".join(found[0].itertext())) if found else ""

    def link(self, rel: str) -> str:
        for element in () if self._page is None else self._page.iter("link"):
            if rel in (element.get("rel") or "").lower().split():
                return element.get("href") or ""
        return ""

    def language(self) -> str:
        given = "" if self._page is None else (self._page.get("lang") or "")
        given = given or self.meta("og:locale")
        found = _LANGUAGE.match(given.strip())
        return found[0].replace("_", "-") if found else ""


def _parsed(body: bytes, content_type: str) -> "html.HtmlElement | None":
    charset = _META_CHARSET.search(body[:4096])
    if charset and "charset" not in content_type.lower():
        content_type = f"{content_type}; charset={charset[1].decode('ascii', 'replace')}"
    text = decode(body, content_type=content_type)
    # A declaration of the encoding would now be wrong, and lxml refuses text that has one.
    text = re.sub(r"^\s*<\?xml[^>]{0,200}>", "", text).replace("\x00", "")
    parser = html.HTMLParser(no_network=True, recover=True, remove_comments=True, huge_tree=False)
    try:
        return html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def own_address(said: str, *, url: str) -> str:
    """Return what a page at ``url`` says is its address, but never one on another host.

    That could be anybody's; and one that leads to the front page names no article.
    """
    own = web_address(said, base=url)
    is_same_host = bool(own) and outlet_host(own) == outlet_host(url)
    return own if is_same_host and (urlsplit(own).path not in {"", "/"}) else url


def _without_outlet(title: str, outlet: str) -> str:
    """Take the outlet's name off the end of a title (“Title | Outlet”)."""
    if not outlet:
        return title
    ending = re.compile(rf"\s+[|–—·•»-]\s+{re.escape(outlet)}$", re.IGNORECASE)
    return ending.sub("", title) or title
