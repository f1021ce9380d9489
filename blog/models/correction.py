"""Corrections: what was wrong in a published post, in the open."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models.post import Post


class CorrectionQuerySet(models.QuerySet["Correction"]):
    """The one place that decides which corrections a reader may see."""

    def public(self, *, now: datetime | None = None) -> Self:
        """Return the corrections of public posts, newest first."""
        # Asked for each correction on its way: a page costs the same in an archive of any length.
        is_public = Exists(
            Post.objects.published(now=now).order_by().filter(pk=OuterRef("post_id"))
        )
        return self.filter(is_public).order_by("-made_at", "-id")


class Correction(models.Model):
    """A dated note that readers see below the post and among all corrections."""

    post = models.ForeignKey(
        Post, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("post")
    )
    text = models.TextField(
        _("text"), help_text=_("What was wrong and what is right, in one or two sentences.")
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        indexes = [
            models.Index(
                models.F("made_at").desc(), models.F("id").desc(), name="correction_newest"
            )
        ]

    def __str__(self) -> str:
        return self.text

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Date the post by its newest correction."""
        super().save(*args, **kwargs)
        self._date_post()

    @transaction.atomic
    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Date the post by the newest correction that is left."""
        deleted = super().delete(*args, **kwargs)
        self._date_post()
        return deleted

    def _date_post(self) -> None:
        newest = Correction.objects.filter(post=self.post_id).aggregate(models.Max("made_at"))
        Post.objects.filter(pk=self.post_id).update(corrected_at=newest["made_at__max"])
