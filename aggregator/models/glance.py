"""Glances: an outside page that an editor writes about, and what it says of itself."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from aggregator.models.feed import URL_MAX_LENGTH


class Glance(models.Model):
    """One look at a page. The poller takes it; it lasts a day."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        FOUND = "found"
        FAILED = "failed"

    address = models.CharField(max_length=URL_MAX_LENGTH)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    facts = models.JSONField(default=dict)
    """What aggregator.page_facts has found, all of it plain text."""
    error = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("asked_at", condition=Q(state="waiting"), name="glance_waiting"),
            models.Index("asked_by", "asked_at", name="glance_of_user"),
        ]

    def __str__(self) -> str:
        return self.address
