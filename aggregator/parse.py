"""Turns the bytes of a feed into clean, plain data. Opens nothing, whatever the bytes say."""

import dataclasses
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

from aggregator import charset, errors, identity
from aggregator.discover import feed_links
from aggregator.documents import ParsedFeed, ParsedItem, RawFeed, RawItem
from aggregator.parse_fast import Doubt, read_fast
from aggregator.parse_json import read_json
from aggregator.parse_xml import read_xml
from aggregator.xml_text import without_forbidden, without_forbidden_references
from blog.text import excerpt, plain_text

MAX_ITEMS = 500
TITLE_MAX_LENGTH = 300
SUMMARY_MAX_LENGTH = 500
NAME_MAX_LENGTH = 200
SUBSTITUTE_TITLE_LENGTH = 120
# As much markup as is looked at for one short text, and for one that starts with a long picture.
_MARKUP_LENGTHS = (3_000, 200_000)
# The cleaner takes time with the square of how deep elements lie in one another.
_MARKUP_TAGS = 1_000
_PLAUSIBLE_FROM = datetime(1990, 1, 1, tzinfo=UTC)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,2}")
_WEB_PAGE = re.compile(
    r"(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_LINE_BREAKS = re.compile(r"[\t\r\n]")
_MAIL_ADDRESS = re.compile(r"(?:mailto:)?[^\s()<>@,;]+@[^\s()<>@,;]+")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|<\s*>")
_DAY_MINUTES = 24 * 60
# Their links hide where they lead.
_OPAQUE_HOSTS = frozenset({"news.google.com"})


def parse(
    body: bytes, *, url: str = "", content_type: str = "", is_fast: bool = True
) -> ParsedFeed:
    """Read a feed of any format; ``url`` is where it came from, for links without a host.

    ``content_type`` is the HTTP header; ``is_fast`` lets the fast reader try before the reference.
    Raises ParseError, and nothing else, for any bytes.
    """
    try:
        text = charset.decode(body, content_type=content_type).strip()
        return _tidy(_read(text, url, is_fast=is_fast), url)
    except errors.ParseError as error:
        error.url = url
        raise
    except Exception as error:
        raise errors.ParseError(url) from error


def _read(text: str, url: str, *, is_fast: bool) -> RawFeed:
    if not text:
        raise errors.EmptyBody
    if text[0] in "{[":
        return read_json(text)
    if _WEB_PAGE.match(text):
        raise errors.WebPage(url, offers=feed_links(text, base=url))
    if is_fast and (read := _read_fast(text)):
        return read
    cleaned = without_forbidden_references(without_forbidden(text))
    if is_fast and len(cleaned) < len(text) and (read := _read_fast(cleaned)):
        return read
    return read_xml(cleaned)


def _read_fast(text: str) -> RawFeed | None:
    try:
        return read_fast(text)
    except Doubt:
        return None


def _tidy(raw: RawFeed, url: str) -> ParsedFeed:
    named = [item for item in raw.items if _link(item) or item.title.strip()]
    language = _language(raw.language)
    return ParsedFeed(
        title=_plain(raw.title, max_length=NAME_MAX_LENGTH),
        site_url=web_address(raw.link, base=url),
        language=language,
        ttl_s=_ttl_s(raw.ttl_minutes),
        items=_identified([_tidy_item(item, url, language) for item in _newest(named)]),
        skipped=raw.skipped + len(raw.items) - len(named),
        hub_url=web_address(raw.hub, base=url),
        self_url=web_address(raw.itself, base=url),
    )


def _identified(items: Sequence[ParsedItem]) -> tuple[ParsedItem, ...]:
    keys = identity.keys_for(items)
    return tuple(dataclasses.replace(item, key=key) for item, key in zip(items, keys, strict=True))


def _newest(items: Sequence[RawItem]) -> Sequence[RawItem]:
    """Keep at most MAX_ITEMS, the newest; the order of the document stays."""
    if len(items) <= MAX_ITEMS:
        return items
    by_date = sorted(
        range(len(items)),
        key=lambda place: (items[place].dated_at or _PLAUSIBLE_FROM, -place),
        reverse=True,
    )
    return [items[place] for place in sorted(by_date[:MAX_ITEMS])]


def _tidy_item(item: RawItem, url: str, feed_language: str) -> ParsedItem:
    link = web_address(_link(item), base=url)
    title, summary = _title_and_summary(item)
    is_dated = item.dated_at and item.dated_at >= _PLAUSIBLE_FROM
    return ParsedItem(
        guid=item.guid.strip(),
        url=link,
        canonical_url=identity.canonical_url(link),
        outlet=_outlet(link, item.source),
        title=title or excerpt(link, max_length=TITLE_MAX_LENGTH) or "…",
        summary=summary,
        author=_name(item.author),
        image_url=web_address(item.image, base=url),
        language=_language(item.language) or feed_language,
        dated_at=item.dated_at if is_dated else None,
    )


def _link(item: RawItem) -> str:
    """Return where the item leads: to its page, or to the recording where it has none."""
    return item.link.strip() or item.enclosure.strip()


def _outlet(link: str, source: str) -> str:
    """Return the host that readers see; that of the source, where the link hides where it leads."""
    host = identity.outlet_host(link)
    return identity.outlet_host(web_address(source)) or host if host in _OPAQUE_HOSTS else host


def _title_and_summary(item: RawItem) -> tuple[str, str]:
    """Return both as plain text; nothing is said twice, and a short note is all title."""
    title = _plain(item.title, max_length=TITLE_MAX_LENGTH)
    summary = _plain(item.summary, max_length=SUMMARY_MAX_LENGTH)
    if not title and len(summary) <= TITLE_MAX_LENGTH:
        title = summary
    if not title:
        return excerpt(summary, max_length=SUBSTITUTE_TITLE_LENGTH), summary
    return title, "" if summary == title else summary


def _plain(markup: str, *, max_length: int) -> str:
    for length in _MARKUP_LENGTHS:
        text = plain_text("<".join(markup[:length].split("<", _MARKUP_TAGS)[:_MARKUP_TAGS]))
        if text or len(markup) <= length:
            break
    return excerpt(text, max_length=max_length)


def _name(markup: str) -> str:
    """Clean a person's name; a mail address beside it is for writing, not for showing."""
    # Twice: where feedparser falls back to its loose parser it leaves names coded once more.
    text = _plain(_plain(markup, max_length=SUMMARY_MAX_LENGTH), max_length=NAME_MAX_LENGTH)
    text = _EMPTY_BRACKETS.sub("", _MAIL_ADDRESS.sub("", text)).strip(" ,;")
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def web_address(address: str, *, base: str = "") -> str:
    """Return ``address`` as an absolute http(s) URL without a password in it, or ""."""
    address = _LINE_BREAKS.sub("", address.strip())
    if not address:
        return ""
    try:
        given = urlsplit(address)
        parts = urlsplit(urljoin(base, address))
        is_complete = bool(given.netloc or not given.scheme) and bool(parts.hostname)
        has_port = parts.port != 0  # asking raises where it is no number or too large
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not (is_complete and has_port):
        return ""
    host = parts.netloc.rpartition("@")[2]
    whole = urlunsplit(parts._replace(netloc=host)).replace(" ", "%20")
    return whole if len(whole) <= identity.ADDRESS_MAX_LENGTH and whole.isprintable() else ""


def _language(tag: str) -> str:
    tag = tag.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) and len(tag) <= 20 else ""


def _ttl_s(minutes: str) -> int | None:
    minutes = minutes.strip()
    if not minutes.isascii() or not minutes.isdecimal():
        return None
    return min(int(minutes[:6]), _DAY_MINUTES) * 60 or None
