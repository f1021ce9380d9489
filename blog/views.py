"""The readers' pages of the publication: a post, and the posts of a category."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from blog.models import Category, Post, PostQuerySet, SiteSettings
from blog.paging import cut_page

RECENT_COUNT = 5


def site_of(request: HttpRequest) -> SiteSettings:
    """Return the site's settings that the middleware loaded for this request."""
    site: SiteSettings = request.publication  # type: ignore[attr-defined]
    return site


def recent_posts(*, now: datetime, besides: Sequence[Post] = ()) -> PostQuerySet:
    """Return the newest posts for the rail, without those that the page shows already."""
    shown = [post.pk for post in besides]
    return Post.objects.published(now=now).exclude(pk__in=shown).for_lists()[:RECENT_COUNT]


@require_safe
def post(request: HttpRequest, year: int, month: int, day: int, slug: str) -> HttpResponse:
    """Show one post. Its slug alone names it: a wrong date leads on to the right one."""
    now = timezone.now()
    published = Post.objects.published(now=now)
    whole = published.select_related("category", "image").prefetch_related("authors", "tags")  # type: ignore[misc]  # taggit has no types
    found = get_object_or_404(whole, slug=slug)
    if request.path != found.get_absolute_url():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    context = {
        "post": found,
        "newer": _neighbour(published, found, is_newer=True),
        "older": _neighbour(published, found, is_newer=False),
        "recent": recent_posts(now=now, besides=[found]),
    }
    return render(request, "blog/post.html", context)


@require_safe
def category(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show a page of the posts that stand in a category."""
    now = timezone.now()
    section = get_object_or_404(Category, slug=slug)
    page = cut_page(
        Post.objects.published(now=now).in_category(section).for_lists(),
        number=number,
        per_page=site_of(request).posts_per_page,
    )
    context = {
        "category": section,
        "page": page,
        "recent": recent_posts(now=now, besides=page.rows),
    }
    return render(request, "blog/category.html", context)


def _neighbour(published: PostQuerySet, found: Post, *, is_newer: bool) -> Post | None:
    """Return the post before or after ``found`` in the stream."""
    side, order = ("gt", "") if is_newer else ("lt", "-")
    at = found.published_at
    beyond = Q(**{f"published_at__{side}": at}) | Q(published_at=at, **{f"id__{side}": found.pk})
    return (
        # The first condition alone would do the same; the range lets the index start beside it.
        published.filter(beyond, **{f"published_at__{side}e": at})
        .order_by(f"{order}published_at", f"{order}id")
        .only("title", "slug", "published_at", "language")
        .first()
    )
