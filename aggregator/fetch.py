"""Fetches one address over HTTP; knows nothing of feeds or the database."""

import asyncio
import os
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime

import aiohttp
from yarl import URL

from aggregator import errors
from aggregator.guard import AddressRefusedError, guarded_socket, parse_networks

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
ETAG_MAX_LENGTH = 1000
LAST_MODIFIED_MAX_LENGTH = 200
_CHUNK_BYTES = 64 * 1024
_YEAR_S = 365 * 24 * 60 * 60
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_NOT_TO_KEEP = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)

type Turn = Callable[[str], AbstractAsyncContextManager[object]]
"""What is entered, by the name of the host, for as long as a host is talked to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one fetch may cost, redirects included; waiting for turns takes none of its time."""

    timeout_s: float = 30
    connect_timeout_s: float = 10
    max_bytes: int = 10 * 1024 * 1024
    max_redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came back. The body is unpacked; it is empty where nothing has changed (304)."""

    url: str
    final_url: str
    moved_to: str
    """Where permanent redirects (301, 308) lead, or "" if there were none or others among them."""
    status: int
    body: bytes
    content_type: str
    etag: str
    """As sent; "" where another host than the address's own has answered."""
    last_modified: str
    """As ``etag``."""
    fresh_for_s: int | None
    """For how long ``Cache-Control`` or ``Expires`` says that the body holds, in seconds."""

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that we have this body already."""
        return self.status == 304


def open_session(
    *, user_agent: str, allowed_networks: Iterable[str], limits: Limits
) -> aiohttp.ClientSession:
    """Return a session that dials public addresses only, and keeps and sends nothing of its own.

    Proxies and .netrc of the environment are left alone: they would get around the guard.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            ttl_dns_cache=60,
            keepalive_timeout=5,
            socket_factory=guarded_socket(parse_networks(allowed_networks)),
        ),
        headers={"User-Agent": user_agent, "Accept": ACCEPT},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect_timeout_s),
        trust_env=False,
    )


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: URL
    is_permanent: bool


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    *,
    limits: Limits,
    etag: str = "",
    last_modified: str = "",
    turn: Turn = nullcontext,
) -> Fetched:
    """Fetch ``url``, if it has changed since ``etag`` and ``last_modified`` were sent (RFC 9110).

    Each request, those after a redirect too, is made within ``turn(host)``. Raises FetchError,
    and nothing else but cancellation and what ``turn`` raises.
    """
    first = here = _web_url(url, url)
    validators = _validators(etag, last_modified)
    moved_to, only_permanent, left_s = "", True, limits.timeout_s
    for _ in range(limits.max_redirects + 1):
        # Validators are the own host's: what it has told us is no business of another, and what
        # another has told us means nothing to it.
        is_own = here.raw_host == first.raw_host
        async with turn(here.raw_host or ""):
            started_at = time.monotonic()
            answer = await _ask(session, here, url, limits, left_s, validators if is_own else {})
            left_s -= time.monotonic() - started_at
        if isinstance(answer, Fetched):
            answer = replace(answer, moved_to=moved_to)
            return answer if is_own else replace(answer, etag="", last_modified="")
        here = answer.target
        only_permanent = only_permanent and answer.is_permanent
        moved_to = str(here) if only_permanent else ""
    raise errors.TooManyRedirects(url)


def _validators(etag: str, last_modified: str) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value}


def _named(error: Exception, url: str) -> errors.FetchError:
    """Name what aiohttp raised. The order matters: its classes derive from one another."""
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressRefusedError() as refused):
            return errors.BlockedAddress(url, address=refused.address)
        case aiohttp.InvalidURL():
            return errors.BadAddress(url, address=url)
        case aiohttp.ClientConnectorCertificateError():
            return errors.Unreachable(url, detail=error.certificate_error)
        case aiohttp.ClientConnectorSSLError():
            return errors.Unreachable(url, detail=error.strerror)
        case aiohttp.ClientConnectorError():
            detail = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
            return errors.Unreachable(url, detail=detail or error.os_error)
        case _:
            return errors.BrokenAnswer(url)


async def _ask(
    session: aiohttp.ClientSession,
    here: URL,
    url: str,
    limits: Limits,
    timeout_s: float,
    validators: dict[str, str],
) -> Fetched | _Redirect:
    """Make one request on the way from ``url``, and name what goes wrong."""
    try:
        async with (
            asyncio.timeout(timeout_s),
            session.get(here, headers=validators, allow_redirects=False) as response,
        ):
            target = response.headers.get("Location", "")
            if response.status in REDIRECTS and target:
                return _Redirect(
                    target=_web_url(str(response.url.join(_url(target, url))), url),
                    is_permanent=response.status in PERMANENT_REDIRECTS,
                )
            return await _received(response, url, limits, is_conditional=bool(validators))
    except TimeoutError as error:
        raise errors.Timeout(url) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _named(error, url) from error


def _url(address: str, url: str) -> URL:
    try:
        return URL(address)
    except ValueError as error:
        raise errors.BadAddress(url, address=address[:200]) from error


def _web_url(address: str, url: str) -> URL:
    parsed = _url(address, url)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise errors.BadAddress(url, address=address[:200])
    return parsed


async def _received(
    response: aiohttp.ClientResponse,
    url: str,
    limits: Limits,
    *,
    is_conditional: bool,
) -> Fetched:
    if response.status == 410:
        raise errors.Gone(url, status=410)
    if response.status != 200 and not (response.status == 304 and is_conditional):
        raise errors.BadStatus(
            url,
            status=response.status,
            retry_after_s=retry_after_s(response.headers.get("Retry-After", ""), now=time.time()),
        )
    return Fetched(
        url=url,
        final_url=str(response.url),
        moved_to="",
        status=response.status,
        body=b"" if response.status == 304 else await _body(response, url, limits),
        content_type=response.headers.get("Content-Type", ""),
        etag=_validator(response.headers.get("ETag", ""), ETAG_MAX_LENGTH),
        last_modified=_validator(
            response.headers.get("Last-Modified", ""), LAST_MODIFIED_MAX_LENGTH
        ),
        fresh_for_s=fresh_for_s(response.headers, now=time.time()),
    )


async def _body(response: aiohttp.ClientResponse, url: str, limits: Limits) -> bytes:
    """Read the unpacked body; stop as soon as it is too large, however small it came packed."""
    too_large = errors.TooLarge(url, max_mib=limits.max_bytes // (1024 * 1024))
    if (response.content_length or 0) > limits.max_bytes:
        raise too_large
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK_BYTES):
        body += chunk
        if len(body) > limits.max_bytes:
            raise too_large
    return bytes(body)


def _validator(value: str, max_length: int) -> str:
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
