"""What makes two items the same, what an address is called, and when an item counts as published.

Pure functions.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b, sha256
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urlsplit, urlunsplit

from aggregator.documents import ParsedItem

ADDRESS_MAX_LENGTH = 2000
CLOCK_TOLERANCE = timedelta(minutes=15)
_TRACKING = re.compile(
    r"utm_\w+|(?:fb|g|dcl|ms|tw|tt|yandex|y|wbra|gbra)cl?id|mc_[ce]id|igshid|ref_src|at_\w+|"
    r"_hs(?:enc|mi)|mkt_tok|vero_id|cmpid|ncid|ns_campaign|ns_mchannel|_openstat|"
    r"pk_(?:campaign|kwd|source|medium)|mtm_\w+|wt\.mc_id|xtor|spm|guccounter",
    re.IGNORECASE,
)
_PHONES = re.compile(r"^(?:m|mobile|amp)\.")
_AMP_PATH = re.compile(r"(?<=[^/])(?:/|\.)amp$", re.IGNORECASE)
_AMP_QUERIES = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")})
_PATH_SAFE = "/:@!$&'()*+,;=~"
_DEFAULT_PORTS = {80, 443}
# Cyrillic letters that pass for Latin ones: a name made of them alone is shown as it is written.
_LOOKALIKES = frozenset("асеорхуіјѕԁԛԝһӏьгѵ")


def keys_for(items: Sequence[ParsedItem]) -> list[str]:
    """Return what identifies each item within its feed, as SHA-256 in hex.

    That is the guid if the item has one of its own in this document, else the canonical link,
    else title and date.
    """
    guids = Counter(item.guid for item in items)
    return [_key(item, has_own_guid=bool(item.guid) and guids[item.guid] == 1) for item in items]


def _key(item: ParsedItem, *, has_own_guid: bool) -> str:
    if has_own_guid:
        identity = f"guid:{item.guid}"
    elif item.url:
        identity = f"link:{item.canonical_url}"
    else:
        date = item.dated_at.isoformat() if item.dated_at else ""
        identity = f"text:{item.title}\n{date}"
    return sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()


def canonical_url(url: str) -> str:
    """Return the form in which equal articles have equal addresses; for comparing, not for links.

    Scheme, ``www.``, default port, tracking parameters, fragment and trailing slash go, so do the
    marks of pages for phones (``m.``, AMP); letters are percent-encoded. An address that would
    become longer than ADDRESS_MAX_LENGTH stays as it is.
    """
    if not url:
        return ""
    parts = urlsplit(url)
    host = _ascii_host((parts.hostname or "").rstrip("."))
    port = "" if parts.port is None or parts.port in _DEFAULT_PORTS else f":{parts.port}"
    query = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name) and (name.lower(), value.lower()) not in _AMP_QUERIES
    ]
    # Some sites put the page itself behind "#!".
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    path = _AMP_PATH.sub("", _encoded(parts.path.rstrip("/")))
    canonical = urlunsplit(("https", _main_host(host) + port, path, urlencode(query), fragment))
    return canonical if len(canonical) <= ADDRESS_MAX_LENGTH else url


def _main_host(host: str) -> str:
    """Return the host without what marks a site's pages for phones."""
    main = _PHONES.sub("", host.removeprefix("www."))
    return main if "." in main else host.removeprefix("www.")


def _encoded(path: str) -> str:
    """Return a path in its one percent-encoded form (RFC 3986, 6.2.2), byte by byte."""
    if path.isascii() and "%" not in path:
        return path
    return quote(unquote_to_bytes(path.encode("utf-8", "surrogatepass")), safe=_PATH_SAFE)


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.lower()


def article_key(canonical_url: str) -> str:
    """Return what is equal for equal articles of any feed: a hash in hex, "" without an address."""
    if not canonical_url:
        return ""
    return blake2b(canonical_url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def host_of(url: str) -> str:
    """Return the host of an address as it is asked for by name, in lower case; "" without one."""
    try:
        return _ascii_host(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def outlet_host(url: str) -> str:
    """Return the host that readers see: without ``www.``, in its own script where that is safe."""
    host = (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    return ".".join(_readable_label(label) for label in host.split("."))[:255]


def _readable_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label if label.isascii() or _is_expected(label) else _ascii_host(label)
    try:
        readable = label.encode("ascii").decode("idna")
    except UnicodeError:
        return label
    return readable if _is_expected(readable) else label


def _is_expected(label: str) -> bool:
    """Whether a label is in one script, Cyrillic or Latin, and cannot pass for another."""
    letters = [character for character in label if character.isalpha()]
    scripts = {unicodedata.name(letter, "?").partition(" ")[0] for letter in letters}
    if scripts == {"CYRILLIC"}:
        return not _LOOKALIKES.issuperset(letters)
    return scripts == {"LATIN"}


def published_at(dated_at: datetime | None, *, first_seen_at: datetime) -> datetime:
    """Return when an item counts as published: its own date, unless that lies ahead of us."""
    if dated_at is None or dated_at > first_seen_at + CLOCK_TOLERANCE:
        return first_seen_at
    return dated_at
