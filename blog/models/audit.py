"""Who did what, and when. Written by blog.audit; nobody changes or deletes it."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAME_MAX_LENGTH = 200
WORDS_MAX_LENGTH = 300


class AuditEntry(models.Model):
    """One deed. It keeps names, so that it can be read when who and what it names are gone."""

    class Kind(models.TextChoices):
        """What was done."""

        ADDED = "added", _("added")
        CHANGED = "changed", _("changed")
        PUBLISHED = "published", _("published or scheduled")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DELETED = "deleted", _("deleted")
        DONE = "done", _("other action")
        RIGHTS = "rights", _("rights and logins changed")
        LOGGED_IN = "logged-in", _("logged in")
        LOGIN_FAILED = "login-failed", _("login failed")
        LOGGED_OUT = "logged-out", _("logged out")

    at = models.DateTimeField(_("when"), default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    user_name = models.CharField(_("who"), max_length=150, blank=True)
    kind = models.CharField(_("what"), max_length=12, choices=Kind)
    content_type = models.ForeignKey(
        ContentType, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    object_id = models.CharField(max_length=64, blank=True)
    object_name = models.CharField(_("on what"), max_length=NAME_MAX_LENGTH, blank=True)
    changes = models.JSONField(default=list, help_text="See blog.audit.Change.")
    words = models.CharField(_("in words"), max_length=WORDS_MAX_LENGTH, blank=True)

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        indexes = [
            models.Index(*columns, models.F("at").desc(), models.F("id").desc(), name=name)
            for name, columns in {
                "audit_newest": (),
                "audit_by_person": ("user_name",),
                "audit_by_kind": ("kind",),
                "audit_by_model": ("content_type",),
                "audit_by_object": ("content_type", "object_id"),
            }.items()
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.user_name, self.get_kind_display(), self.object_name]))

    @property
    def model(self) -> type[models.Model] | None:
        """The model of what it was done to, if there is such a model still."""
        if self.content_type_id is None:
            return None
        return ContentType.objects.get_for_id(self.content_type_id).model_class()

    def label_of(self, field: str) -> str:
        """Return what people call a field of what it was done to."""
        return str(_label(self.model, field))

    @property
    def changed_labels(self) -> list[str]:
        """What people call the fields that were changed, each once."""
        labels = [self.label_of(one["field"]) for one in self.changes if one.get("field")]
        return list(dict.fromkeys(labels))


@lru_cache(maxsize=1024)
def _label(model: type[models.Model] | None, field: str) -> Any:
    """Return the name of a field in the words of no language yet; its own where it is gone."""
    found = [one for one in model._meta.get_fields() if one.name == field] if model else []
    return getattr(found[0] if found else None, "verbose_name", field.replace("_", " "))
