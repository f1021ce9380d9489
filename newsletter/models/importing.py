"""Imports of subscribers: how far each has come, and what became of its lines."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SubscriberImport(models.Model):
    """A CSV file with addresses and the evidence of their consent. See newsletter.importing."""

    class State(models.TextChoices):
        """How far it has come."""

        CHECKING = "checking", _("being looked at")
        CHECKED = "checked", _("looked at; waits for your word")
        APPLYING = "applying", _("coming in")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("cannot be read")

    class Result(models.TextChoices):
        """What becomes of a line."""

        NEW = "new", _("new")
        CONFIRMED = "confirmed", _("signed up here and had not confirmed: confirmed now")
        HERE = "here", _("subscribed already: stays as it is")
        LEFT = "left", _("has unsubscribed: left out")
        SUPPRESSED = "suppressed", _("mail does not arrive or was reported: left out")
        REFUSED = "refused", _("was asked and did not want it: left out")
        TWICE = "twice", _("stands in the file before: left out")
        BAD = "bad", _("cannot be used")

    RUNNING: ClassVar[list[str]] = ["checking", "applying"]

    name = models.CharField(max_length=200)
    file = models.CharField(max_length=200, help_text="Where it lies in the private storage.")
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    reason = models.CharField(max_length=300, blank=True)
    position = models.PositiveIntegerField(default=0, help_text="Records that are done.")
    counts = models.JSONField(default=dict, help_text="Lines by what became of them.")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    runner = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_running(self) -> bool:
        """Whether somebody works on it, or will within a minute."""
        return self.state in self.RUNNING


class SubscriberImportLine(models.Model):
    """What became of one line that is not simply new. It holds no address."""

    work = models.ForeignKey(SubscriberImport, on_delete=models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=SubscriberImport.Result)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["line", "id"]
        indexes = [models.Index("work", "line", name="import_line")]

    def __str__(self) -> str:
        return f"{self.line}: {self.get_result_display()}"
