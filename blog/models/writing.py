"""Texts under someone's hands: what is typed and not yet saved, and who else is there."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models

NEW = 0
"""In the place of the id of a text that has none yet."""


class Writing(models.Model):
    """One editor at one text, in one window; see blog.writing."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content_type = models.ForeignKey(ContentType, on_delete=models.CASCADE, related_name="+")
    object_id = models.PositiveBigIntegerField(default=NEW)
    token = models.CharField(
        max_length=32, blank=True, help_text="Tells apart the windows that somebody has open."
    )
    form = models.JSONField(
        default=dict,
        help_text="Lists of values by the names of the fields; empty: nothing unsaved.",
    )
    version = models.PositiveIntegerField(default=0, help_text="What the editor began with.")
    saved_number = models.PositiveIntegerField(
        default=0,
        help_text="How many messages the window had sent when its text was saved. They may "
        "arrive after the text; what they say is saved.",
    )
    typed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "content_type", "object_id", "token"], name="writing_once_per_user"
            ),
        ]
        indexes = [models.Index("content_type", "object_id", "seen_at", name="writing_present")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.content_type_id}/{self.object_id}"

    @property
    def title(self) -> str:
        """The title as it was typed."""
        return next(iter(self.form.get("title", [])), "")
