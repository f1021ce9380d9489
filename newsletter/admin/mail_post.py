"""The page behind the button “Mail this post” of a post, which comes here from the post's own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t

from blog.models import Post
from blog.rights import user_of
from newsletter.admin.edition_deeds import EditionDeeds
from newsletter.editions import audience
from newsletter.editions.singles import MailedAlreadyError, mail_post
from newsletter.models import Edition

Kind = Edition.Kind


class MailPost(EditionDeeds):
    """Mixed into the admin of editions."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page."""
        view = self.admin_site.admin_view(self.post_view)
        return [path("post/<int:pk>/", view, name="newsletter_post_mail"), *super().get_urls()]

    def post_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask to how many a post is to go, and have it mailed."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        post = get_object_or_404(Post.objects.visible_to(user_of(request)), pk=pk)
        now = timezone.now()
        is_public = Post.objects.published_among([post.pk], now=now).exists()
        if request.method == "POST":
            return self._mail_it(request, post) if is_public else self._not_public(request, post)
        return self.ask(
            request,
            "mail_post",
            Edition(post=post, due_at=now),
            title=str(post),
            post=post,
            is_public=is_public,
            each=_readers_of(Kind.POST, request),
            everybody=_readers_of(Kind.BREAKING, request),
            mailed=Edition.objects.filter(post=post).order_by("-due_at"),
        )

    def _mail_it(self, request: HttpRequest, post: Post) -> HttpResponse:
        is_breaking = request.POST.get("kind") == Kind.BREAKING
        now = timezone.now()
        try:
            edition = mail_post(post, is_breaking=is_breaking, by=user_of(request), now=now)
        except MailedAlreadyError:
            messages.warning(request, _t("This post goes out so already. Nothing was done."))
            return redirect("admin:newsletter_post_mail", post.pk)
        self.log_change(request, edition, _t("Post mailed: %s") % post)
        messages.success(request, _t("“%s” goes out within a minute.") % post)
        return redirect(self.page_of(edition))

    def _not_public(self, request: HttpRequest, post: Post) -> HttpResponse:
        messages.warning(request, _t("“%s” is not public: it cannot be mailed.") % post)
        return redirect("admin:newsletter_post_mail", post.pk)


def _readers_of(kind: Edition.Kind, request: HttpRequest) -> int:
    wanted = Edition(kind=kind, approved_by=user_of(request))
    return audience.size_of(wanted, now=timezone.now())


def tool_for(request: HttpRequest, post: Post) -> tuple[str, str] | None:
    """Return the words and the address of the button on a post's page, to whom may press it."""
    if not request.user.has_perm("newsletter.change_edition") or not post.was_public:
        return None
    return _t("Mail this post"), reverse("admin:newsletter_post_mail", args=[post.pk])
