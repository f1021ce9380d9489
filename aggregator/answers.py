"""What an HTTP answer says beside its body: how long it holds, when to come again, who speaks."""

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

ETAG_MAX_LENGTH = 1000
LAST_MODIFIED_MAX_LENGTH = 200
SHOWN_MAX_LENGTH = 200
_SHOWN = (
    *("Date", "Server", "Via", "Content-Type", "Content-Length", "Content-Encoding"),
    *("ETag", "Last-Modified", "Cache-Control", "Expires", "Age", "Retry-After", "Location"),
    *("Link", "WWW-Authenticate", "cf-mitigated", "cf-ray"),
)
_YEAR_S = 365 * 24 * 60 * 60
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_TO_KEEP = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)
_SECRETS_IN_ADDRESS = re.compile(r"(?<=//)[^/@\s]*@")
# Walls against robots that name themselves in their answers, with which they refuse.
_WALLS = re.compile(
    r"cloudflare|ddos-guard|sucuri|akamaighost|imperva|incapsula|datadome|qrator", re.IGNORECASE
)
_REFUSALS = frozenset({403, 429, 503})


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return what an editor may see of an answer's headers: nothing that could be a secret."""
    return {
        name: _SECRETS_IN_ADDRESS.sub("", headers[name])[:SHOWN_MAX_LENGTH]
        for name in _SHOWN
        if name in headers
    }


def is_challenge(status: int, headers: Mapping[str, str]) -> bool:
    """Whether a wall against robots has answered in the site's place.

    Cloudflare says so (``cf-mitigated``); others are known by their name and a page of HTML where
    a feed was asked for.
    """
    if headers.get("cf-mitigated", "").lower() == "challenge":
        return True
    is_page = headers.get("Content-Type", "").lower().startswith("text/html")
    says = " ".join(headers.get(name, "") for name in ("Server", "X-Powered-By", "X-CDN"))
    return status in _REFUSALS and is_page and bool(_WALLS.search(says))


def validator(value: str, max_length: int) -> str:
    """Keep a validator exactly as it came, or not at all."""
    return value if len(value) <= max_length and value.isascii() and value.isprintable() else ""


def retry_after_s(value: str, *, now: float) -> int | None:
    """Read ``Retry-After`` (seconds or a date, RFC 9110 10.2.3); None for what makes no sense.

    ``now`` is in seconds since the epoch.
    """
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return min(int(value[:12]), _YEAR_S)
    return _seconds_until(value, now)


def fresh_for_s(headers: Mapping[str, str], *, now: float) -> int | None:
    """Return for how many seconds the answer may be kept (RFC 9111 4.2.1), or None."""
    control = headers.get("Cache-Control", "")
    if _NOT_TO_KEEP.search(control):
        return None
    if match := _MAX_AGE.search(control):
        return min(int(match[1]), _YEAR_S)
    sent_at = _http_date(headers.get("Date", ""))
    return _seconds_until(headers.get("Expires", ""), now if sent_at is None else sent_at)


def _seconds_until(value: str, now: float) -> int | None:
    then = _http_date(value)
    return None if then is None or then <= now else min(int(then - now), _YEAR_S)


def _http_date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
