"""The addresses of our own posts' feeds."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from blog.caching import for_everyone
from blog.feeds.posts import ITEM_COUNT, newest_posts
from blog.feeds.serving import Form, Listing, feed_response
from blog.lists import PostList
from blog.models import Author, Category, Post, PostQuerySet, Tag
from blog.views import site_of


@for_everyone
def site_feed(request: HttpRequest, *, form: Form) -> HttpResponseBase:
    """Serve the newest posts of all."""
    posts = Post.objects.published(now=timezone.now())
    listing = Listing(title=site_of(request).title, path="/")
    return feed_response(request, form, listing, newest_posts(posts, site=site_of(request)))


@for_everyone
def category_feed(request: HttpRequest, slug: str, *, form: Form) -> HttpResponseBase:
    """Serve the newest posts of a category."""
    section = get_object_or_404(Category, slug=slug)
    posts = _newest_of(PostList.of(section))
    return _part(
        request, form, posts, name=section.name, path=section.get_absolute_url(),
        description=section.description,
    )  # fmt: skip


@for_everyone
def tag_feed(request: HttpRequest, slug: str, *, form: Form) -> HttpResponseBase:
    """Serve the newest posts with a tag. Without a public one there is no such feed."""
    keyword = get_object_or_404(Tag, slug=slug)
    posts = _newest_of(PostList.of(keyword))
    return _part(
        request,
        form,
        posts,
        name=keyword.name,
        path=keyword.get_absolute_url(),
        is_never_empty=True,
    )


@for_everyone
def author_feed(request: HttpRequest, slug: str, *, form: Form) -> HttpResponseBase:
    """Serve the newest posts of an author. Without a public one there is no such feed."""
    author = get_object_or_404(Author, slug=slug)
    return _part(
        request,
        form,
        _newest_of(PostList.of(author)),
        name=author.name,
        path=author.get_absolute_url(),
        description=author.bio,
        is_never_empty=True,
    )


def _newest_of(posts: PostList) -> PostQuerySet:
    return posts.posts(now=timezone.now(), start=0, count=ITEM_COUNT)


def _part(
    request: HttpRequest,
    form: Form,
    posts: PostQuerySet,
    *,
    name: str,
    path: str,
    description: str = "",
    is_never_empty: bool = False,
) -> HttpResponseBase:
    site = site_of(request)
    newest = newest_posts(posts, site=site)
    if is_never_empty and not newest.rows:
        raise Http404
    listing = Listing(title=f"{name} – {site.title}", path=path, description=description)
    return feed_response(request, form, listing, newest)
