"""Finds the feeds that a web page names (RFC 8288 and HTML: ``<link rel="alternate">``)."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from aggregator.documents import OfferedFeed
from blog.text import clean_line

LOOKED_AT = 512 * 1024
MOST_OFFERS = 20
_TITLE_MAX_LENGTH = 200
_FEED_TYPES = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/json",
        "application/xml",
        "text/xml",
    }
)


def feed_links(html: str, *, base: str) -> tuple[OfferedFeed, ...]:
    """Return the feeds that a page at ``base`` names, those of comments last, at most MOST_OFFERS.

    Never raises; looks at the first LOOKED_AT characters.
    """
    page = _Page(base)
    page.feed(html[:LOOKED_AT])
    offers: dict[str, OfferedFeed] = {}
    for offer in page.offers:
        offers.setdefault(offer.url, offer)
    return tuple(sorted(offers.values(), key=_is_about_comments)[:MOST_OFFERS])


def _is_about_comments(offer: OfferedFeed) -> bool:
    return "comment" in f"{urlsplit(offer.url).path} {offer.title}".lower()


class _Page(HTMLParser):
    """Collects the links of a page's head, wherever it ends."""

    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.offers: list[OfferedFeed] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        if tag not in {"base", "link"}:
            return
        values = {name: value or "" for name, value in attrs}
        if tag == "base":
            self.base = self._absolute(values.get("href", "")) or self.base
            return
        is_alternate = "alternate" in values.get("rel", "").lower().split()
        kind = values.get("type", "").partition(";")[0].strip().lower()
        url = self._absolute(values.get("href", ""))
        if is_alternate and kind in _FEED_TYPES and url and len(self.offers) < 1000:
            title = clean_line(values.get("title", ""))[:_TITLE_MAX_LENGTH]
            self.offers.append(OfferedFeed(url=url, title=title))

    def _absolute(self, address: str) -> str:
        try:
            url = urljoin(self.base, address.strip())
            parts = urlsplit(url)
        except ValueError:
            return ""
        is_whole = parts.scheme in {"http", "https"} and parts.hostname and address.strip()
        return url if is_whole and url.isprintable() and len(url) <= 2000 else ""
