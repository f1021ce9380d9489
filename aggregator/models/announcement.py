"""What a hub of ours was told, and what it still has to be told."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Announcement(models.Model):
    """One feed of ours. The hub knows its content as of ``told_at``.

    Something waits where ``next_try_at`` is set.
    """

    topic = models.CharField(_("feed"), max_length=300, unique=True, editable=False)
    wanted_at = models.DateTimeField(_("changed"), null=True, editable=False)
    told_at = models.DateTimeField(_("told"), null=True, editable=False)
    next_try_at = models.DateTimeField(_("next try"), null=True, db_index=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    error = models.TextField(_("last error"), blank=True, editable=False)

    class Meta:
        ordering = ["-wanted_at", "topic"]
        verbose_name = _("announcement to the hub")
        verbose_name_plural = _("announcements to the hub")
        default_permissions = ("view",)

    def __str__(self) -> str:
        return self.topic
