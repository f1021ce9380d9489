"""One HTTP request: what goes out, what comes back, and names for what goes wrong."""

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import aiohttp
from yarl import URL

from aggregator import answers, errors
from aggregator.access import Access
from aggregator.guard import AddressRefusedError, is_dialable, literal_address

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT_REDIRECTS = frozenset({301, 308})
_CHUNK_BYTES = 64 * 1024
# The name server knows that there is no such name, or no address behind it; anything else is its
# own trouble, or ours.
_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


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
    headers: dict[str, str] = field(default_factory=dict)
    """What an editor may see of them."""
    links: dict[str, str] = field(default_factory=dict)
    """Absolute addresses from the Link header (RFC 8288), for ``hub`` and ``self``."""

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that we have this body already."""
        return self.status == 304


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where an answer leads."""

    target: URL
    is_permanent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request on the way from ``url``."""

    url: str
    here: URL
    headers: Mapping[str, str] = field(default_factory=dict)
    access: Access = field(default_factory=Access)
    accept: str = ""
    is_trusted: bool = False
    """Whether ``here`` may see what ``access`` holds."""
    form: Mapping[str, str] | None = None
    method: str = "GET"
    reads_body: bool = True
    """Whether what comes behind the headers is wanted; else the connection is closed there."""

    @property
    def is_conditional(self) -> bool:
        """Whether the server may answer that nothing has changed."""
        return bool(self.headers)

    def arguments(self) -> dict[str, object]:
        """Return what aiohttp takes beside method and address."""
        headers = dict(self.headers)
        if self.accept:
            headers["Accept"] = self.accept
        if self.access.user_agent:
            headers["User-Agent"] = self.access.user_agent
        arguments: dict[str, object] = {"allow_redirects": False, "headers": headers}
        if self.is_trusted:
            headers |= self.access.headers
            if self.access.username:
                login = (self.access.username, self.access.password)
                headers["Authorization"] = aiohttp.encode_basic_auth(*login)
        if self.access.proxy:
            arguments["proxy"] = self.access.proxy
        if self.form is not None:
            arguments["data"] = self.form
        return arguments


def _named(error: Exception, url: str) -> errors.FetchError:
    """Name what aiohttp raised. The order matters: its classes derive from one another."""
    match error:
        case aiohttp.ClientConnectorError(os_error=AddressRefusedError() as refused):
            return errors.BlockedAddress(url, address=refused.address)
        case aiohttp.InvalidURL():
            return errors.BadAddress(url, address=url)
        case aiohttp.ClientHttpProxyError():
            return errors.ProxyFailed(url, detail=f"{error.status} {error.message}")
        case aiohttp.ClientProxyConnectionError():
            return errors.ProxyFailed(url, detail=_detail(error))
        case aiohttp.ClientConnectorCertificateError():
            return errors.Unreachable(url, detail=error.certificate_error)
        case aiohttp.ClientConnectorDNSError(os_error=socket.gaierror(errno=code)) if (
            code in _NO_SUCH_NAME
        ):
            return errors.NoSuchHost(url, detail=_detail(error))
        case aiohttp.ClientConnectorSSLError():
            return errors.Unreachable(url, detail=error.strerror)
        case aiohttp.ClientConnectorError():
            return errors.Unreachable(url, detail=_detail(error))
        case _:
            return errors.BrokenAnswer(url)


def _detail(error: aiohttp.ClientConnectorError) -> object:
    detail = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
    return detail or error.os_error


async def ask(
    session: aiohttp.ClientSession, request: Request, limits: Limits, timeout_s: float
) -> Fetched | Redirect:
    """Make one request within ``timeout_s`` seconds; raises FetchError."""
    url = request.url
    literal = literal_address(request.here.raw_host or "")
    if request.access.proxy and literal and not is_dialable(literal):
        # A proxy would dial for us what the guard does not let us dial.
        raise errors.BlockedAddress(url, address=literal)
    method = request.method if request.form is None else "POST"
    try:
        async with (
            asyncio.timeout(timeout_s),
            session.request(method, request.here, **request.arguments()) as response,  # type: ignore[arg-type]
        ):
            target = response.headers.get("Location", "")
            if response.status in REDIRECTS and target:
                return Redirect(
                    target=web_url(str(response.url.join(_url(target, url))), url),
                    is_permanent=response.status in PERMANENT_REDIRECTS,
                )
            return await _received(response, request, limits)
    except TimeoutError as error:
        raise errors.Timeout(url) from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise _named(error, url) from error


def without_secrets(url: URL) -> str:
    """Return an address as text, without the name and password that it may hold."""
    return str(url.with_user(None))


def _url(address: str, url: str) -> URL:
    try:
        return URL(address)
    except ValueError as error:
        raise errors.BadAddress(url, address=address[:200]) from error


def web_url(address: str, url: str) -> URL:
    """Return an address that can be fetched; raises BadAddress in the name of ``url``."""
    parsed = _url(address, url)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise errors.BadAddress(url, address=address[:200])
    return parsed


async def _received(response: aiohttp.ClientResponse, request: Request, limits: Limits) -> Fetched:
    _refuse_bad_status(response, request)
    has_body = request.reads_body and response.status != 304
    return Fetched(
        url=request.url,
        final_url=without_secrets(response.url),
        moved_to="",
        status=response.status,
        body=await _body(response, request.url, limits) if has_body else b"",
        content_type=response.headers.get("Content-Type", ""),
        etag=answers.validator(response.headers.get("ETag", ""), answers.ETAG_MAX_LENGTH),
        last_modified=answers.validator(
            response.headers.get("Last-Modified", ""), answers.LAST_MODIFIED_MAX_LENGTH
        ),
        fresh_for_s=answers.fresh_for_s(response.headers, now=time.time()),
        headers=answers.shown_headers(response.headers),
        links=_links(response),
    )


def _refuse_bad_status(response: aiohttp.ClientResponse, request: Request) -> None:
    status, headers = response.status, response.headers
    is_good = status == 200 or (status == 304 and request.is_conditional)
    if request.form is not None:
        is_good = 200 <= status < 300
    is_challenge = answers.is_challenge(status, headers)
    if is_good and not is_challenge:
        return
    kinds = {410: errors.Gone}
    kind = errors.Challenged if is_challenge else kinds.get(status, errors.BadStatus)
    raise kind(
        request.url,
        status=status,
        retry_after_s=answers.retry_after_s(headers.get("Retry-After", ""), now=time.time()),
        headers=answers.shown_headers(headers),
    )


def _links(response: aiohttp.ClientResponse) -> dict[str, str]:
    if "Link" not in response.headers:
        return {}
    try:
        found = response.links
    except ValueError:
        return {}
    targets = {rel: found[rel].get("url") for rel in ("hub", "self") if rel in found}
    return {
        rel: str(url)
        for rel, url in targets.items()
        if isinstance(url, URL) and url.scheme in {"http", "https"} and url.host
    }


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
