"""The readers' pages of the publication: a post, a page, corrections."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog import share_images
from blog.beside import RECENT_COUNT, beside
from blog.caching import for_everyone
from blog.lists import load_authors
from blog.models import (
    Correction,
    Page,
    Post,
    PreviewLink,
    SiteSettings,
)
from blog.paging import cut_page
from blog.share import ways

CORRECTIONS_PER_PAGE = 30
MOST_CORRECTION_PAGES = 50

log = logging.getLogger(__name__)


def site_of(request: HttpRequest) -> SiteSettings:
    """Return the site's settings that the middleware loaded for this request."""
    site: SiteSettings = request.publication  # type: ignore[attr-defined]
    return site


def per_page_of(request: HttpRequest) -> int:
    """Return how many posts a page of a list holds."""
    return site_of(request).posts_per_page


def recent_posts(*, now: datetime, besides: Sequence[Post] = ()) -> list[Post]:
    """Return the newest posts for the rail, without those that the page shows already.

    Their authors are left to load_authors().
    """
    shown = [post.pk for post in besides]
    newest = Post.objects.published(now=now).exclude(pk__in=shown).for_lists()
    return list(newest.prefetch_related(None)[:RECENT_COUNT])


@for_everyone
def post(
    request: HttpRequest,
    year: int,
    month: int,
    day: int,
    slug: str,
    more: Callable[[Post], dict[str, Any]] = lambda post: {},
) -> HttpResponse:
    """Show one post. Its slug alone names it: a wrong date leads on to the right one.

    ``more`` adds what other floors know of the post to what the page is made of.
    """
    now = timezone.now()
    whole = Post.objects.published(now=now).select_related("category", "image")
    found = whole.filter(slug=slug).prefetch_related("tags").first()  # type: ignore[misc]  # taggit has no types
    if found is None:
        return missing_post(request, slug)
    if request.path != found.get_absolute_url():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    around = beside(found, list(found.tags.all()), now=now)
    load_authors([found], around.recent)
    context = {"post": found, "beside": around, "recent": around.recent, "ways": ways(found)}
    return render(request, "blog/post.html", context | more(found))


def missing_post(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that a post was taken down, if it was; raises Http404 for what never was public."""
    if Post.objects.withdrawn().filter(slug=slug).exists():
        return gone(request)
    raise Http404


def gone(request: HttpRequest) -> HttpResponse:
    """Say that what stood here was taken down for good (410)."""
    return lost(request, "410.html", status=HTTPStatus.GONE)


def lost(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    """Show a page to who finds nothing here: the search and the newest posts, as far as they go."""
    recent: list[Post] = []
    if not request.path.startswith(reverse("admin:index")):
        try:
            recent = recent_posts(now=timezone.now())
            load_authors(recent)
        except DatabaseError:
            log.exception("The newest posts cannot be read")
    return render(request, template, {"recent": recent}, status=status)


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """Show a post that is not public yet to whoever has the secret link; lead on once it is."""
    now = timezone.now()
    link = PreviewLink.find(token, now=now)
    if link is None:
        raise Http404
    response: HttpResponse
    if Post.objects.published(now=now).filter(pk=link.post_id).exists():
        response = HttpResponseRedirect(link.post.get_absolute_url())
    else:
        response = render(request, "blog/preview.html", {"post": link.post})
    # The address is the key: it goes into no cache, no index and no referrer.
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response


@for_everyone
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a standing text."""
    found = get_object_or_404(Page.objects.published(), slug=slug)
    return render(request, "blog/page.html", {"page": found})


@require_safe
def share_image(request: HttpRequest, key: int, stamp: str) -> HttpResponse:
    """Serve the picture that goes with a public post; the one of a former title leads on."""
    public = Post.objects.published(now=timezone.now())
    found = get_object_or_404(public.only("title"), pk=key)
    site = site_of(request)
    if stamp != share_images.stamp_of(found, site=site):
        return HttpResponseRedirect(share_images.path_of(found, site=site))
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    content = share_images.content_of(found, site=site)
    return HttpResponse(content, content_type="image/png", headers=headers)


@for_everyone
def corrections(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show a page of all corrections, newest first."""
    now = timezone.now()
    rows = Correction.objects.public(now=now).select_related("post", "post__category")
    page = cut_page(
        rows.defer("post__body"),
        number=number,
        per_page=CORRECTIONS_PER_PAGE,
        most_pages=MOST_CORRECTION_PAGES,
    )
    return render(request, "blog/corrections.html", {"page": page})
