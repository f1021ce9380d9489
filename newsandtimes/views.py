"""The front page, and what every site needs beside its pages: health and error pages."""

import logging
from typing import Any

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import blog.views
from aggregator.views import collection
from blog.caching import for_everyone
from blog.context import NavLinks
from blog.icons import icon_url
from blog.models import NavLink, SiteSettings
from blog.views import lost, page, site_of
from newsandtimes.coverage import coverage_of
from newsandtimes.home import front_page

log = logging.getLogger(__name__)

LAST_RESORT = "The page could not be made. Please try again in a minute."


@for_everyone
def home(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show a page of the stream of posts; the first one is the front page."""
    front = front_page(number=number, per_page=site_of(request).posts_per_page, now=timezone.now())
    context = {"front": front, "page": front.page, "recent": front.recent}
    return render(request, "home.html", context)


@for_everyone
def post(request: HttpRequest, **where: Any) -> HttpResponse:
    """Show a post with the headlines that we hold of what it links to."""
    return blog.views.post(request, **where, more=lambda found: {"coverage": coverage_of(found)})


@for_everyone
def bare_name(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what stands under a bare name: a collection, or else a page."""
    try:
        return collection(request, slug)
    except Http404:
        return page(request, slug)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead those who ask by habit, as browsers do in the admin, to the site's icon."""
    site = site_of(request)
    return HttpResponseRedirect(icon_url(site, "32") if site.icon_folder else static("favicon.svg"))


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say ``ok`` if this process answers and reaches its database, else 503."""
    text = "text/plain; charset=utf-8"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("healthz: the database does not answer")
        return HttpResponse("the database does not answer", status=503, content_type=text)
    return HttpResponse("ok", content_type=text)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Show that nothing stands here, and ways on."""
    return lost(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Show the error page in the site's dress, even where the database is what failed."""
    try:
        site, nav = _surroundings(request)
        with translation.override(site.language):
            page = render_to_string("500.html", {"site": site, "nav": nav})
    except Exception:
        log.exception("The error page itself could not be rendered")
        return HttpResponse(LAST_RESORT, status=500, content_type="text/plain; charset=utf-8")
    return HttpResponse(page, status=500)


def _surroundings(request: HttpRequest) -> tuple[SiteSettings, dict[str, list[NavLink]]]:
    """Return the site's settings and links, or what can be said without a database."""
    site = getattr(request, "publication", None)
    links = NavLinks()
    try:
        site = site or SiteSettings.load()
        return site, {place: links[place] for place in NavLink.Place.values}
    except DatabaseError:
        return site or SiteSettings(), {}
