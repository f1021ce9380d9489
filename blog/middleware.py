"""What every request needs to know of the publication."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.utils import timezone, translation

from blog import former
from blog.context import NavLinks
from blog.models import SiteSettings
from blog.remembering import remembered
from blog.views import gone

WITHOUT_PUBLICATION = ("/media/", "/healthz")


def publication(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request the site's settings; speak its language in its time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_PUBLICATION):
            return get_response(request)
        site, request.nav = remembered("surroundings", _surroundings)  # type: ignore[attr-defined]
        request.publication = site  # type: ignore[attr-defined]
        with translation.override(site.language), timezone.override(site.time_zone):
            response = get_response(request)
            response.headers.setdefault("Content-Language", site.language)
        return response

    return middleware


def _surroundings() -> tuple[SiteSettings, NavLinks]:
    return SiteSettings.load(), NavLinks()


def former_addresses(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead from where something once stood to where it stands now; 410 where it is gone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != HTTPStatus.NOT_FOUND:
            return response
        move = former.move_from(request.path)
        if move is None:
            return response
        if not move.new_path:
            return gone(request)
        query = request.META.get("QUERY_STRING", "")
        target = f"{move.new_path}?{query}" if query else move.new_path
        return HttpResponsePermanentRedirect(target)

    return middleware
