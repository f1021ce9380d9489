"""Makes pages and keeps those that may be kept; what no longer holds is made by one at a time."""

import gzip
import hashlib
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from blog import changes
from blog.caching import is_for_everyone, is_held
from newsandtimes.page_cache import keeping
from newsandtimes.page_cache.keeping import KeptPage

logger = logging.getLogger(__name__)

WAIT_S = 5
STEP_S = 0.004
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE")
_COMPRESSED_FROM_BYTES = 500

type View = Callable[[HttpRequest], HttpResponseBase]


def page_cache(get_response: View) -> View:
    """Serve what is kept and holds; make and keep the rest."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        key = keeping.key_for(request.META)
        if key is None or (settings.SECURE_SSL_REDIRECT and not request.is_secure()):
            return get_response(request)
        request.get_host()  # refuses hosts that are none of ours
        if page := keeping.holding(key):
            return _answer(request, page)
        # Of a page that nobody has kept yet we do not know whether it may be.
        make = _in_turn if keeping.is_remembered(key) else _make
        return make(request, get_response, key=key)

    return middleware


def _in_turn(request: HttpRequest, get_response: View, *, key: str) -> HttpResponseBase:
    """Make a page anew, or wait for who makes it just now."""
    turn, give_up_s = f"making:{key}", time.monotonic() + WAIT_S
    is_ours = cache.add(turn, True, timeout=WAIT_S)
    try:
        while True:
            if page := keeping.holding(key):
                return _answer(request, page)
            if is_ours or time.monotonic() > give_up_s:
                return _make(request, get_response, key=key)
            time.sleep(STEP_S)
            is_ours = cache.add(turn, True, timeout=WAIT_S)
    finally:
        if is_ours:
            cache.delete(turn)


def _make(request: HttpRequest, get_response: View, *, key: str) -> HttpResponseBase:
    """Have the page made, and keep it if it is for everybody."""
    # Both are read first: what changes while the page is made makes it an old one.
    generation, now_s = changes.generation(), time.time()
    with _unconditional(request):
        response = get_response(request)
    if not is_for_everyone(response) or response.status_code != HTTPStatus.OK:
        return response
    if not isinstance(response, HttpResponse) or _is_personal(response):
        logger.error("%s is marked as the same for everybody, but is not; not kept", request.path)
        return response
    until_s = (now_s // keeping.MINUTE_S + 1) * keeping.MINUTE_S
    page = _page(response, generation=generation, until_s=until_s)
    keeping.keep(key, page)
    return _answer(request, page)


@contextmanager
def _unconditional(request: HttpRequest) -> Iterator[None]:
    """Have the whole page made, which then answers this and every other conditional request."""
    asked = {name: request.META.pop(name) for name in _CONDITIONS if name in request.META}
    try:
        yield
    finally:
        request.META.update(asked)


def _is_personal(response: HttpResponse) -> bool:
    depends_on_cookie = "cookie" in response.get("Vary", "").lower()
    has_nonce = "'nonce-" in response.get("Content-Security-Policy", "")
    return bool(response.cookies) or depends_on_cookie or has_nonce


def _page(response: HttpResponse, *, generation: int, until_s: float) -> KeptPage:
    """Take a response apart, compressed too where that is worth it."""
    body = response.content
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    # Weak, as the compressed bytes have it too.
    etag = "W/" + response.get("ETag", f'"{digest}"').removeprefix("W/")
    response["ETag"] = etag
    patch_vary_headers(response, ["Accept-Encoding"])
    return KeptPage(
        generation=generation,
        until_s=until_s,
        headers=tuple((k, v) for k, v in response.items() if k != "Content-Length"),
        body=body,
        gzipped=gzip.compress(body, 6, mtime=0) if len(body) > _COMPRESSED_FROM_BYTES else None,
        etag=etag,
        last_modified=response.get("Last-Modified"),
        has_own_age="Cache-Control" in response,
    )


def _answer(request: HttpRequest, page: KeptPage) -> HttpResponseBase:
    """Return the page, or 304 to those who have it."""
    if is_held(request, etag=page.etag, last_modified=page.last_modified):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=dict(page.headers_alone()))
    body, headers = page.body_for(request.META.get("HTTP_ACCEPT_ENCODING", ""))
    return HttpResponse(body, headers=dict(headers))
