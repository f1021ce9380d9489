"""Fetches one address over HTTP; knows nothing of feeds or the database."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace

import aiohttp
from aiohttp.abc import AbstractResolver

from aggregator import errors
from aggregator.access import Access, is_same_origin
from aggregator.guard import guarded_socket, parse_networks
from aggregator.request import Fetched, Limits, Redirect, Request, ask, web_url, without_secrets

__all__ = ["Fetched", "Limits", "fetch", "open_session", "post_form"]

ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, "
    "application/feed+json;q=0.9, application/xml;q=0.8, text/xml;q=0.8, */*;q=0.1"
)

type Turn = Callable[[str], AbstractAsyncContextManager[object]]
"""What is entered, by the name of the host, for as long as a host is talked to."""


def open_session(
    *,
    user_agent: str,
    allowed_networks: Iterable[str],
    limits: Limits,
    resolver: AbstractResolver | None = None,
) -> aiohttp.ClientSession:
    """Return a session that dials public addresses only, and keeps and sends nothing of its own.

    ``resolver`` turns names into addresses, the system's if it is None. Proxies and .netrc of the
    environment are left alone: they would get around the guard.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            ttl_dns_cache=60,
            keepalive_timeout=5,
            resolver=resolver,
            socket_factory=guarded_socket(parse_networks(allowed_networks)),
        ),
        headers={"User-Agent": user_agent, "Accept": ACCEPT},
        cookie_jar=aiohttp.DummyCookieJar(),
        timeout=aiohttp.ClientTimeout(total=None, connect=limits.connect_timeout_s),
        trust_env=False,
    )


async def fetch(
    session: aiohttp.ClientSession,
    url: str,
    *,
    limits: Limits,
    etag: str = "",
    last_modified: str = "",
    access: Access | None = None,
    accept: str = "",
    turn: Turn = nullcontext,
    method: str = "GET",
    reads_body: bool = True,
) -> Fetched:
    """Fetch ``url``, if it has changed since ``etag`` and ``last_modified`` were sent (RFC 9110).

    Each request, those after a redirect too, is made within ``turn(host)``. What ``access`` holds
    goes to the origin of ``url`` only; ``accept`` asks for other types than those of feeds. Who
    only wants to know what is there asks by HEAD, or reads no body. Raises FetchError, and nothing
    else but cancellation and what ``turn`` raises.
    """
    first = here = web_url(url, url)
    validators = _validators(etag, last_modified)
    moved_to, only_permanent, left_s = "", True, limits.timeout_s
    for _ in range(limits.max_redirects + 1):
        # Validators are the own host's: what it has told us is no business of another, and what
        # another has told us means nothing to it.
        is_own = here.raw_host == first.raw_host
        request = Request(
            url=url,
            here=here,
            headers=validators if is_own else {},
            access=access or Access(),
            accept=accept,
            is_trusted=is_same_origin(first, here),
            method=method,
            reads_body=reads_body and method != "HEAD",
        )
        async with turn(here.raw_host or ""):
            started_at = time.monotonic()
            answer = await ask(session, request, limits, left_s)
            left_s -= time.monotonic() - started_at
        if isinstance(answer, Fetched):
            answer = replace(answer, moved_to=moved_to)
            return answer if is_own else replace(answer, etag="", last_modified="")
        here = answer.target
        only_permanent = only_permanent and answer.is_permanent
        moved_to = without_secrets(here) if only_permanent else ""
    raise errors.TooManyRedirects(url)


async def post_form(
    session: aiohttp.ClientSession,
    url: str,
    data: Mapping[str, str],
    *,
    limits: Limits,
    turn: Turn = nullcontext,
) -> Fetched:
    """Post a form to ``url``. A redirect is no answer; raises FetchError for all but 2xx."""
    here = web_url(url, url)
    request = Request(url=url, here=here, form=dict(data))
    async with turn(here.raw_host or ""):
        answer = await ask(session, request, limits, limits.timeout_s)
    if isinstance(answer, Redirect):
        raise errors.TooManyRedirects(url)
    return answer


def _validators(etag: str, last_modified: str) -> dict[str, str]:
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value}
