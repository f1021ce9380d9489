"""Addresses as WordPress and Ghost had them: where they lead on this site.

What an import knows of a former site stands in the table of former addresses, the numbers of its
posts and categories too: as ``/?p=12``. Nothing here leads to another site.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import quote, urlencode

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseGone,
    HttpResponsePermanentRedirect,
)
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.views.decorators.http import require_safe

from blog import former
from blog.views import gone
from newsandtimes.standing import OURS

_LISTS = re.compile(r"/(?:index\.php|page/[1-9][0-9]{0,5}/)?")
"""The paths whose query once said what was meant."""
_FEEDS = {"atom": "feed-atom"}
_SIZE = re.compile(r"-[0-9]{1,5}x[0-9]{1,5}(?=\.[A-Za-z]{2,5}$)|-scaled(?=\.[A-Za-z]{2,5}$)")


def old_forms(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead on from ``/?s=words``, ``/?p=12`` and the like; one that nobody knows is not found."""

    def middleware(request: HttpRequest) -> HttpResponse:
        is_asking = request.method in {"GET", "HEAD"} and request.META.get("QUERY_STRING")
        if is_asking and _LISTS.fullmatch(request.path_info):
            return _by_query(request) or get_response(request)
        response = get_response(request)
        if response.status_code == HTTPStatus.NOT_FOUND and request.method in {"GET", "HEAD"}:
            shorter = without_slash(request.path_info)
            return _lead(shorter) if shorter else response
        return response

    return middleware


def _by_query(request: HttpRequest) -> HttpResponse | None:
    asked = request.GET
    if "s" in asked:
        return _lead(f"{reverse('search')}?{urlencode({'q': asked['s']})}")
    for name in former.NUMBERED:
        if name in asked:
            return _by_number(request, name, asked[name])
    for name, target in (("tag", "tag"), ("category_name", "category"), ("author_name", "author")):
        if name in asked:
            return _lead_to(target, asked[name])
    if "feed" in asked:
        return _lead_to(_FEEDS.get(asked["feed"], "feed"))
    if found := re.fullmatch(r"([12][0-9]{3})(0[1-9]|1[0-2])?", asked.get("m", "")):
        return _lead_to("month" if found[2] else "year", *filter(None, found.groups()))
    return None


def _by_number(request: HttpRequest, name: str, value: str) -> HttpResponse:
    move = former.move_from(former.numbered(name, value)) if value.isdecimal() else None
    if move is None:
        raise Http404(f"Nothing is known by the number {name}={value[:20]}.")
    return _lead(move.new_path) if move.new_path else gone(request)


def _lead_to(name: str, *arguments: str) -> HttpResponse:
    try:
        return _lead(reverse(name, args=arguments))
    except NoReverseMatch as error:
        raise Http404 from error


def _lead(target: str) -> HttpResponse:
    return HttpResponsePermanentRedirect(target)


@require_safe
def feed(_request: HttpRequest, **where: str) -> HttpResponse:
    """Lead to the feed of a list, or of the site."""
    for kind in ("category", "tag", "author"):
        if kind in where:
            return _lead_to(f"{kind}-feed", where[kind])
    return _lead_to(where.get("form", "feed"))


@require_safe
def sitemap(_request: HttpRequest) -> HttpResponse:
    """Lead to the one map of the site."""
    return _lead_to("sitemap")


@require_safe
def comments(_request: HttpRequest, **_where: object) -> HttpResponse:
    """Say to programs that comments had feeds and have none any more (410)."""
    return HttpResponseGone("There are no comments here.\n", content_type="text/plain")


@require_safe
def upload(request: HttpRequest, path: str) -> HttpResponse:
    """Lead to where a picture of the former site is now; of another size too."""
    whole = f"/wp-content/uploads/{path}"
    for known in dict.fromkeys([whole, _SIZE.sub("", whole)]):
        move = former.move_from(known)
        if move is not None:
            return _lead(move.new_path) if move.new_path else gone(request)
    raise Http404


def without_slash(path: str) -> str | None:
    """Return an address of ours that has no slash at its end, for a path with one too many."""
    if not path.endswith("/") or path.startswith(("//", *OURS)):
        return None
    shorter = path.rstrip("/")
    try:
        resolve(shorter)
    except Resolver404:
        return None
    return quote(shorter, safe="/")
