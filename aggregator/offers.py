"""What a browser or a telephone hands over of a page: address, title, quote. Pure functions.

Telephones share in many ways: the address in its own field, or among the words of a text, which may
begin with the title. What stands where is found out here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aggregator.guard import IPNetwork, is_dialable, literal_address
from aggregator.identity import host_of, outlet_host
from aggregator.page_facts import own_address
from aggregator.parse import web_address
from blog.text import clean_line, excerpt, language_tag

TITLE_MAX_LENGTH = 300
QUOTE_MAX_LENGTH = 2_000
_MOST_READ = 12_000
"""More of a text that is handed over is not looked at."""

_ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
_AFTER_ADDRESS = ".,;:!?…'’)]}"
_SHOWN_WORDS = "#:~:"
"""Begins the part of an address that marks words on the page, and names nothing."""
_QUOTES = '"“”«»„'
# Names that nobody resolves outside of a house (RFC 6761, 6762, 8375, and what routers invent).
_HOMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa")


class AddressError(ValueError):
    """An address that no reader could open; ``reason`` is a sentence for people."""

    def __init__(self, reason: str | Promise) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A page that somebody brings; plain text, as it was handed over or as a form corrected it."""

    url: str = ""
    """As it was given, if it can be used at all or not; see ``usable_address``."""
    title: str = ""
    quote: str = ""
    language: str = ""

    @property
    def outlet(self) -> str:
        """The host that readers see; "" for what is no address."""
        return outlet_host(self.url) if web_address(self.url) else ""


def read_offer(said: Mapping[str, str]) -> Offer:
    """Read ``title``, ``text``, ``url``, ``canonical`` and ``lang`` of a request."""
    title, text, url, canonical = (
        said.get(name, "").strip()[:_MOST_READ] for name in ("title", "text", "url", "canonical")
    )
    if not web_address(url):
        found, text = _without_address(text)
        if not found:
            found, title = _without_address(title)
        url = found or url
    title, quote = _title_and_quote(clean_line(title), clean_lines(text))
    address = web_address(url)
    return Offer(
        url=_plain(own_address(canonical, url=address) if address else url),
        title=excerpt(title, max_length=TITLE_MAX_LENGTH),
        quote=excerpt(quote, max_length=QUOTE_MAX_LENGTH),
        language=language_tag(said.get("lang", "").strip()[:20]),
    )


def usable_address(text: str, *, allowed: Sequence[IPNetwork] = ()) -> str:
    """Return an address that readers can open; ``allowed`` are networks that the settings open.

    Raises AddressError with a sentence for what is no http(s) address, or is in a private network.
    """
    address = _plain(web_address(text))
    if not address:
        raise AddressError(_("This is no http or https address."))
    if not _is_public(host_of(address).rstrip("."), allowed):
        raise AddressError(
            _("This address lies in a private network: your readers could not open it.")
        )
    return address


def clean_lines(text: str) -> str:
    """Clean a text line by line; empty lines between paragraphs stay."""
    lines = (clean_line(line) for line in text.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _is_public(host: str, allowed: Sequence[IPNetwork]) -> bool:
    literal = "127.0.0.1" if host == "localhost" else literal_address(host)
    if literal:
        return is_dialable(literal, allowed=allowed)
    name, dot, last = host.rpartition(".")
    return bool(name and dot) and last not in _HOMES


def _without_address(text: str) -> tuple[str, str]:
    """Return the last address in a text, where telephones put it, and the text without it."""
    found = list(_ADDRESS.finditer(text))
    if not found:
        return "", text
    last = found[-1]
    address = last[0].rstrip(_AFTER_ADDRESS)
    if "(" in address:  # as many addresses of encyclopedias end
        address += ")" * last[0][len(address) :].startswith(")")
    return address, f"{text[: last.start()]}{text[last.start() + len(address) :]}".strip()


def _title_and_quote(title: str, text: str) -> tuple[str, str]:
    """Tell apart what is the page's title and what are words on it."""
    quote = text.strip().strip(_QUOTES).strip()
    if not any(map(str.isalnum, quote)):
        return title, ""
    if not title and quote and "\n" not in quote and len(quote) <= TITLE_MAX_LENGTH:
        return quote.rstrip(" -–—|:"), ""
    if title and quote.rstrip(" -–—|:…") == title.rstrip("…"):
        return title, ""
    return title, quote


def _plain(url: str) -> str:
    return url.partition(_SHOWN_WORDS)[0]
