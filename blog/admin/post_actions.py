"""What is done with a post beside writing it: withdraw it, show it to others before its time."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from blog.addresses import absolute
from blog.admin.texts import user_of
from blog.models import Post, PreviewLink

MOST_LINKS = 50


class PostActions(admin.ModelAdmin[Post]):
    """Mixed into the posts' admin: the pages behind the buttons of a post."""

    def get_urls(self) -> list[URLPattern]:
        """Add a page for each button."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/withdraw/", view(self.withdraw_view), name="blog_post_withdraw"),
            path("<int:pk>/preview/", view(self.preview_view), name="blog_post_preview"),
            path("<int:pk>/links/", view(self.links_view), name="blog_post_links"),
            path("<int:pk>/links/<int:link>/", view(self.revoke_view), name="blog_post_revoke"),
            *super().get_urls(),
        ]

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a post down, after a question; its address says from then on that it is gone."""
        post = self._text(request, pk, to_change=True)  # type: ignore[attr-defined]
        if request.method != "POST" or not post.was_public:
            return self._page(request, "withdraw", post)  # type: ignore[attr-defined,no-any-return]
        post.status = Post.Status.WITHDRAWN
        post.save(update_fields=["status", "updated_at"])
        self.keep_version(request, post)  # type: ignore[attr-defined]
        self.log_change(request, post, _t("Withdrawn."))
        messages.success(request, _t("“%s” is withdrawn. Its address now says so.") % post)
        return redirect("admin:blog_post_change", pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a post, as it is stored, in the readers' dress."""
        post = self._text(request, pk)  # type: ignore[attr-defined]
        return render(request, "blog/preview.html", {"post": post})

    def links_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List the secret links to a post, and make one."""
        post = self._text(request, pk, to_change=True)  # type: ignore[attr-defined]
        if request.method == "POST":
            PreviewLink.objects.create(post=post, created_by=user_of(request))
            return redirect("admin:blog_post_links", pk)
        found = post.preview_links.open(now=timezone.now()).select_related("created_by")
        links = [(link, absolute(link.get_absolute_url())) for link in found[:MOST_LINKS]]
        return self._page(request, "links", post, links=links)  # type: ignore[attr-defined,no-any-return]

    def revoke_view(self, request: HttpRequest, pk: int, link: int) -> HttpResponseBase:
        """Close a secret link."""
        return require_POST(self._revoke)(request, pk, link)

    def _revoke(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        post = self._text(request, pk, to_change=True)  # type: ignore[attr-defined]
        found = get_object_or_404(post.preview_links, pk=link)
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        messages.success(request, _t("The link opens nothing any more."))
        return redirect("admin:blog_post_links", pk)
