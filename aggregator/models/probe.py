"""Probes: an address that an editor has typed in, and what was found there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aggregator.models.feed import URL_MAX_LENGTH


class Probe(models.Model):
    """One look at an address before a feed is added. The poller takes it; it lasts a day."""

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        FOUND = "found", _("found a feed")
        FAILED = "failed", _("found no feed")

    address = models.CharField(_("address"), max_length=URL_MAX_LENGTH)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+"
    )
    asked_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    url = models.CharField(max_length=URL_MAX_LENGTH, blank=True)
    answer = models.JSONField(default=dict)
    """Status, headers, bytes and ms of the last answer; see aggregator.probing."""
    document = models.JSONField(null=True, blank=True)
    """The parsed feed, so that saving it asks for nothing twice."""
    offered_feeds = models.JSONField(default=list)
    error = models.TextField(blank=True)
    advice = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index("asked_at", condition=Q(state="waiting"), name="probe_waiting"),
        ]

    def __str__(self) -> str:
        return self.address
