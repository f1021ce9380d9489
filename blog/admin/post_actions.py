"""What is done with a post beside writing it: withdraw it, show it to others before its time."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from blog import audit, rights, versions
from blog.addresses import absolute
from blog.admin.text_pages import TextPages
from blog.models import Post, PreviewLink
from blog.rights import user_of

MOST_LINKS = 50
post_tools: list[Callable[[HttpRequest, Post], tuple[str, str] | None]] = []
"""What else may be done with a post: each says for one what its button says and leads to."""


class PostActions(TextPages[Post]):
    """The pages behind the buttons of a post."""

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
        post = self.post_to_show(request, pk)
        if not post.can_be_withdrawn:
            messages.warning(
                request, _t("“%s” is not public: there is nothing to withdraw.") % post
            )
            return redirect("admin:blog_post_change", pk)
        if request.method != "POST":
            return self.show(request, "withdraw", post)
        post.withdraw()
        versions.keep(post, by=user_of(request), now=timezone.now())
        audit.record(audit.Kind.WITHDRAWN, by=user_of(request), obj=post)
        messages.success(request, _t("“%s” is withdrawn. Its address now says so.") % post)
        return redirect("admin:blog_post_change", pk)

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show a post, as it is stored, in the readers' dress."""
        return render(request, "blog/preview.html", {"post": self.text_for(request, pk)})

    def links_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List the secret links to a post, and make one."""
        post = self.post_to_show(request, pk)
        if request.method == "POST":
            PreviewLink.objects.create(post=post, created_by=user_of(request))
            self.log_change(request, post, _t("Secret link made."))
            return redirect("admin:blog_post_links", pk)
        found = post.preview_links.open(now=timezone.now()).select_related("created_by")
        links = [(link, absolute(link.get_absolute_url())) for link in found[:MOST_LINKS]]
        return self.show(request, "links", post, links=links)

    def revoke_view(self, request: HttpRequest, pk: int, link: int) -> HttpResponseBase:
        """Close a secret link."""
        return require_POST(self._revoke)(request, pk, link)

    def _revoke(self, request: HttpRequest, pk: int, link: int) -> HttpResponse:
        post = self.post_to_show(request, pk)
        found = get_object_or_404(post.preview_links, pk=link)
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        self.log_change(request, post, _t("Secret link closed."))
        messages.success(request, _t("The link opens nothing any more."))
        return redirect("admin:blog_post_links", pk)

    def post_to_show(self, request: HttpRequest, pk: int) -> Post:
        """Return a post that this editor may publish and show to outsiders; see text_for."""
        post: Post = self.text_for(request, pk, to_change=True)
        if not rights.may_publish(user_of(request), post):
            raise PermissionDenied
        return post
