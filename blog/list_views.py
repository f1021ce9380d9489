"""The readers' lists of posts: by category, tag and author, and by the date."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from blog import archive
from blog.caching import for_everyone
from blog.lists import PostList, cut_list, load_authors
from blog.models import Author, Category, Post, Tag
from blog.views import missing_post, per_page_of, recent_posts


@for_everyone
def category(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show a page of the posts that stand in a category."""
    section = get_object_or_404(Category, slug=slug)
    context = {"category": section, "first": section.get_absolute_url()}
    return _show(request, "blog/category.html", PostList.of(section), number, context)


@for_everyone
def tag(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show a page of the posts with a tag. Without a public one there is no such page."""
    keyword = get_object_or_404(Tag, slug=slug)
    context = {"tag": keyword, "first": keyword.get_absolute_url()}
    return _show(request, "blog/tag.html", PostList.of(keyword), number, context, never_empty=True)


@for_everyone
def author(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show who signs with a name, and a page of what they wrote: nothing public, no page."""
    found = get_object_or_404(Author, slug=slug)
    context = {"author": found, "first": found.get_absolute_url()}
    posts = PostList.of(found)
    return _show(request, "blog/author.html", posts, number, context, never_empty=True)


@for_everyone
def all_dates(request: HttpRequest) -> HttpResponse:
    """Show every year and month in which something was published, with how much."""
    context = {"years": archive.years(now=timezone.now())}
    return render(request, "blog/archive.html", context)


@for_everyone
def year(request: HttpRequest, year: int, number: int = 1) -> HttpResponse:
    """Show a page of a year's posts, and its months."""
    span = archive.year_of(year)
    context = {
        "span": span,
        "months": archive.months(span, now=timezone.now()),
        "first": reverse("year", args=[year]),
    }
    return _show(request, "blog/dated.html", span.posts(), number, context, never_empty=True)


@for_everyone
def month(request: HttpRequest, year: int, month: str, number: int = 1) -> HttpResponse:
    """Show a page of a month's posts."""
    span = archive.month_of(year, int(month))
    return _show_dated(request, span, number)


@for_everyone
def day(request: HttpRequest, year: int, month: str, day: str, number: int = 1) -> HttpResponse:
    """Show a page of a day's posts."""
    return _show_dated(request, archive.day_of(year, int(month), int(day)), number)


@for_everyone
def without_day(request: HttpRequest, year: int, month: str, slug: str) -> HttpResponse:
    """Lead from an address without a day, as some sites had them, to the post's own."""
    post = Post.objects.published(now=timezone.now()).filter(slug=slug).first()
    if post is None:
        return missing_post(request, slug)
    return HttpResponsePermanentRedirect(post.get_absolute_url())


def _show_dated(request: HttpRequest, span: archive.Span, number: int) -> HttpResponse:
    """Show a span at its one address: ``/2026/3/`` leads to ``/2026/03/``."""
    first = span.get_absolute_url()
    here = first if number == 1 else f"{first}page/{number}/"
    if request.path != here:
        return HttpResponsePermanentRedirect(here)
    context = {"span": span, "first": first}
    return _show(request, "blog/dated.html", span.posts(), number, context, never_empty=True)


def _show(
    request: HttpRequest,
    template: str,
    posts: PostList,
    number: int,
    context: dict[str, Any],
    *,
    never_empty: bool = False,
) -> HttpResponse:
    now = timezone.now()
    page = cut_list(posts, number=number, per_page=per_page_of(request), now=now)
    if never_empty and not page.rows:
        raise Http404
    recent = recent_posts(now=now, besides=page.rows)
    load_authors(page.rows, recent)
    return render(request, template, context | {"page": page, "recent": recent})
