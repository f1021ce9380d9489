"""Pictures of the publication."""

import secrets
from pathlib import PurePosixPath

from django.conf import settings
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

EXTENSIONS = ["jpg", "jpeg", "png", "gif", "webp"]


def upload_path(_instance: models.Model, filename: str) -> str:
    """Return where an upload is kept: a name of ours, of the uploaded one only its extension."""
    extension = PurePosixPath(filename).suffix.lower()
    return f"images/{timezone.now():%Y/%m}/{secrets.token_hex(8)}{extension}"


class Image(models.Model):
    """An uploaded picture with what a reader must know about it."""

    file = models.ImageField(
        _("file"),
        upload_to=upload_path,
        width_field="width",
        height_field="height",
        validators=[FileExtensionValidator(EXTENSIONS)],
    )
    width = models.PositiveIntegerField(_("width in pixels"), editable=False, default=0)
    height = models.PositiveIntegerField(_("height in pixels"), editable=False, default=0)
    alt = models.CharField(
        _("alternative text"),
        max_length=300,
        help_text=_("What the picture shows, for those who cannot see it."),
    )
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=150, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("image")
        verbose_name_plural = _("images")

    def __str__(self) -> str:
        return self.alt
