"""The clip: a collection for other sites to show in a frame, and how they find it (oEmbed)."""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.csp import CSP
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from aggregator.listing import first_picks
from aggregator.models import Collection
from aggregator.sources import add_sources
from blog.addresses import absolute
from blog.caching import for_everyone
from blog.views import site_of

MOST = 30
WIDTH_PX, HEIGHT_PX = 480, 600
NARROWEST_PX, LOWEST_PX = 200, 120
CACHE_AGE_S = 3600
_ROUTES = frozenset({"page", "collection", "clip"})
"""A collection stands under a bare name; see newsandtimes.urls."""

_PICTURES: Any = settings.SECURE_CSP["img-src"]
_POLICY: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "style-src": [CSP.SELF],
    "img-src": [source for source in _PICTURES if source != "data:"],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.NONE],
    "frame-ancestors": ["*"],
}


@xframe_options_exempt
@csp_override(_POLICY)
@for_everyone
def clip(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the first headlines of a collection: the one page that others may put into a frame.

    ``?n=`` says how many. Pages with a query are kept by no cache of ours.
    """
    collection = get_object_or_404(Collection.objects.public(), slug=slug)
    count = count_of(request.GET.get("n", ""), usual=collection.clip_count)
    shown = first_picks({collection.pk: count}, now=timezone.now())
    add_sources(shown)
    context = {"collection": collection, "picks": shown, "canonical": collection.get_absolute_url()}
    response = render(request, "aggregator/clip.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def count_of(wish: str, *, usual: int) -> int:
    """Return how many headlines are shown to who asks for ``wish`` of them."""
    is_number = wish.isascii() and wish.isdecimal() and len(wish) < 5
    return min(max(int(wish), 1), MOST) if is_number else usual


def clip_url(collection: Collection) -> str:
    """Return the address of a collection's clip."""
    return absolute(reverse("clip", args=[collection.slug]))


def embed_code(collection: Collection, *, width: str = "100%", height: int = HEIGHT_PX) -> str:
    """Return the HTML that puts a clip into a page, as a text to copy."""
    code = format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0">'
        "</iframe>",
        *(clip_url(collection), collection.title, width, height),
    )
    return code + ""  # a plain text from here on, which pages escape


def oembed_url(collection: Collection) -> str:
    """Return the address at which a program learns how to embed a collection."""
    query = urlencode({"url": absolute(collection.get_absolute_url()), "format": "json"})
    return f"{absolute(reverse('oembed'))}?{query}"


@require_safe
def oembed(request: HttpRequest) -> HttpResponse:
    """Tell how a collection is embedded (https://oembed.com, section 2.3); JSON only."""
    if request.GET.get("format", "json") != "json":
        return HttpResponse(status=501, content_type="text/plain; charset=utf-8")
    slug = _slug_in(request.GET.get("url", ""))
    collection = get_object_or_404(Collection.objects.public(), slug=slug)
    width = _at_most(request.GET.get("maxwidth", ""), WIDTH_PX, NARROWEST_PX)
    height = _at_most(request.GET.get("maxheight", ""), HEIGHT_PX, LOWEST_PX)
    site = site_of(request)
    said = {
        "version": "1.0",
        "type": "rich",
        "title": collection.title,
        "provider_name": site.title,
        "provider_url": absolute("/"),
        "cache_age": CACHE_AGE_S,
        "html": embed_code(collection, width=str(width), height=height),
        "width": width,
        "height": height,
    }
    headers = {
        "Cache-Control": f"public, max-age={CACHE_AGE_S}",
        "Access-Control-Allow-Origin": "*",
    }
    return JsonResponse(said, headers=headers)


def _slug_in(url: str) -> str:
    """Return the slug of the collection that an address of ours leads to; raises Http404."""
    ours, theirs = urlsplit(settings.SITE_URL), _split(url)
    if theirs is None or theirs[0] != ours.netloc:
        raise Http404
    try:
        match = resolve(theirs[1])
    except Resolver404 as error:
        raise Http404 from error
    if match.url_name not in _ROUTES:
        raise Http404
    return str(match.kwargs["slug"])


def _split(url: str) -> tuple[str, str] | None:
    """Return host and path of a web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return (parts.netloc, parts.path) if parts.scheme in {"http", "https"} else None


def _at_most(wish: str, usual: int, least: int) -> int:
    is_number = wish.isascii() and wish.isdecimal() and len(wish) < 6
    return max(min(int(wish), usual), least) if is_number else usual
