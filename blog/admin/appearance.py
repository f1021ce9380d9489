"""How a post will look to readers, from what stands in its form and is not saved yet."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from blog.addresses import absolute
from blog.admin.text_pages import TextPages
from blog.feeds.posts import absolute_body
from blog.models import Author, Post
from blog.tagging import suggested_tags
from blog.text import excerpt
from blog.views import site_of

# What search engines show of a title and a description, about; they cut at a word as we do.
SEARCH_TITLE_LENGTH = 60
SEARCH_DESCRIPTION_LENGTH = 158


class Appearance(TextPages[Post]):
    """What the form of a post asks while it is being filled in."""

    def get_urls(self) -> list[URLPattern]:
        """Add an address for each question."""
        view = self.admin_site.admin_view
        return [
            path("appearance/<int:pk>/", view(self.appearance_view), name="blog_post_appearance"),
            path("tags/", view(self.tags_view), name="blog_post_tags"),
            *super().get_urls(),
        ]

    def appearance_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Show the post of a form as searches, the front page and the feed will show it."""
        return require_POST(self._appearance)(request, pk)

    def _appearance(self, request: HttpRequest, pk: int) -> HttpResponse:
        stored = self.text_for(request, pk, to_change=True) if pk else None
        if stored is None and not self.has_add_permission(request):
            raise PermissionDenied
        form = self.get_form(request, stored, change=pk != 0)(request.POST, instance=stored)
        form.is_valid()  # what is wrong with it is told when it is saved
        site = site_of(request)
        post = as_published(form.instance, authors=form.cleaned_data.get("authors"))
        link = absolute(post.get_absolute_url())
        context = {
            "post": post,
            "page": {"rows": [post]},
            "link": link,
            "body": absolute_body(post, link=link),
            "search_title": excerpt(f"{post.title} – {site.title}", max_length=SEARCH_TITLE_LENGTH),
            "search_description": excerpt(
                post.summary or post.title, max_length=SEARCH_DESCRIPTION_LENGTH
            ),
        }
        return render(request, "admin/blog/post/appearance.html", context)

    def tags_view(self, request: HttpRequest) -> HttpResponseBase:
        """Name the tags that begin like ``?q=``."""
        return require_safe(self._tags)(request)

    def _tags(self, request: HttpRequest) -> HttpResponse:
        may = self.has_add_permission(request) or self.has_view_or_change_permission(request)
        if not may:
            raise PermissionDenied
        return JsonResponse({"names": suggested_tags(request.GET.get("q", ""))})


def as_published(post: Post, *, authors: QuerySet[Author] | None) -> Post:
    """Return a post as saving would leave it, published now if it has no date; it is not saved."""
    now = timezone.now()
    post.derive()
    post.created_at = post.created_at or now
    post.published_at = post.published_at or now
    post.slug = post.slug or post.wanted_slug()
    if post._state.adding:
        post.pk = 0  # so that it may be asked for its authors
        authors = Author.objects.none() if authors is None else authors
    if authors is not None:
        vars(post)["_prefetched_objects_cache"] = {"authors": authors}
    return post
