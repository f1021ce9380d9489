"""What a text said each time it was saved, and by whom."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.Model):
    """One save of a post or a page; see blog.versions."""

    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    text = GenericForeignKey("content_type", "object_id")
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(help_text="Values by the names of the fields; names for relations.")
    saved_at = models.DateTimeField(_("saved"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    restored_from = models.PositiveIntegerField(_("restored from"), null=True)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        constraints = [
            models.UniqueConstraint(
                fields=["content_type", "object_id", "number"], name="version_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}"
