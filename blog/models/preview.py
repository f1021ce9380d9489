"""Links by which somebody without a login may read what is not public yet."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.core import signing
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.post import Post

HOLDS_FOR = timedelta(days=7)
_SALT = "blog.preview"


def _in_a_week() -> datetime:
    return timezone.now() + HOLDS_FOR


class PreviewLinkQuerySet(models.QuerySet["PreviewLink"]):
    """Preview links by whether they still open something."""

    def open(self, *, now: datetime) -> Self:
        """Return the links that are neither expired nor revoked, to posts not taken down."""
        usable = self.filter(expires_at__gt=now, revoked_at__isnull=True)
        return usable.exclude(post__status=Post.Status.WITHDRAWN)


class PreviewLink(models.Model):
    """One link to one post. Its address is signed, so that no other can be guessed from it."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="preview_links")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), default=_in_a_week)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")

    def __str__(self) -> str:
        return f"{self.post_id}"

    def get_absolute_url(self) -> str:
        """Return the secret path."""
        return reverse("preview", args=[signing.Signer(salt=_SALT).sign(str(self.pk))])

    @classmethod
    def find(cls, token: str, *, now: datetime) -> "PreviewLink | None":
        """Return the open link that a path's last part names; None for any other text."""
        try:
            pk = signing.Signer(salt=_SALT).unsign(token)
        except signing.BadSignature:
            return None
        return cls.objects.open(now=now).select_related("post").filter(pk=pk).first()
