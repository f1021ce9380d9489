"""WebSub: hubs that tell us of news, and what they have sent (https://www.w3.org/TR/websub/)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from aggregator.models.feed import URL_MAX_LENGTH, Feed


class HubSubscription(models.Model):
    """Our wish that a hub sends us what is new in a feed, and how far it has come."""

    class State(models.TextChoices):
        """From the wish to the lease."""

        WANTED = "wanted", _("to be asked for")
        ASKED = "asked", _("asked for")
        ACTIVE = "active", _("active")
        REFUSED = "refused", _("refused by the hub")
        SILENT = "silent", _("the hub keeps silent")

    feed = models.OneToOneField(
        Feed, on_delete=models.CASCADE, related_name="hub", verbose_name=_("feed")
    )
    hub_url = models.URLField(_("hub"), max_length=URL_MAX_LENGTH)
    topic_url = models.URLField(_("topic"), max_length=URL_MAX_LENGTH)
    token = models.CharField(max_length=64, unique=True, editable=False)
    secret = models.CharField(max_length=100, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WANTED)
    asked_at = models.DateTimeField(_("asked"), null=True, blank=True)
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    next_step_at = models.DateTimeField(_("next step"), null=True, blank=True, db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_push_at = models.DateTimeField(_("last push"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    missed = models.PositiveSmallIntegerField(
        _("missed"), default=0, help_text=_("News in a row that polling found before the hub told.")
    )
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("hub subscription")
        verbose_name_plural = _("hub subscriptions")

    def __str__(self) -> str:
        return self.hub_url


class HubPush(models.Model):
    """A document that a hub has sent and signed; the poller takes it in and deletes it."""

    subscription = models.ForeignKey(
        HubSubscription, on_delete=models.CASCADE, related_name="pushes"
    )
    body = models.BinaryField()
    content_type = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.subscription} {self.received_at:%Y-%m-%d %H:%M}"
