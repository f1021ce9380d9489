"""The ledger: one row for each mail of an edition, written before the mail leaves."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from newsletter.models.edition import Edition, Variant
from newsletter.models.subscriber import Subscriber


class Delivery(models.Model):
    """One edition to one subscriber.

    ``unknown`` is written before the first byte of the message leaves, and stays if nobody hears
    how that ended: so a mail whose fate is not known is never sent again by itself. One that is
    just being handed over is ``unknown`` with a lease that still runs.
    """

    class State(models.TextChoices):
        """What became of it."""

        QUEUED = "queued", _("queued")
        CLAIMED = "claimed", _("claimed by a sender")
        UNKNOWN = "unknown", _("not known whether it arrived")
        SENT = "sent", _("sent")
        FAILED = "failed", _("refused for good")
        EXPIRED = "expired", _("given up after a day of tries")
        DROPPED = "dropped", _("left out: no longer wanted")

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.ForeignKey(
        Subscriber,
        on_delete=models.SET_NULL,
        null=True,
        related_name="deliveries",
        help_text="None once she has had herself erased; that a mail went out stays.",
    )
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(help_text="Not before: her own hour, or the next try.")
    lease_until = models.DateTimeField(null=True, blank=True)
    claimed_by = models.UUIDField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    message_id = models.CharField(
        max_length=200, unique=True, help_text="Without angle brackets; the same at every try."
    )
    handed_over_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    code = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="The mail server's last answer (RFC 5321)."
    )
    answer = models.CharField(max_length=500, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["edition", "subscriber"], name="delivered_once")
        ]
        indexes = [
            models.Index(
                "edition", "due_at", "id", condition=Q(state="queued"), name="delivery_next"
            ),
            models.Index(
                "lease_until",
                condition=Q(state__in=["claimed", "unknown"]),
                name="delivery_leased",
            ),
            models.Index("edition", "state", name="delivery_by_state"),
            models.Index("subscriber", models.F("id").desc(), name="delivery_of_one"),
        ]

    def __str__(self) -> str:
        return self.message_id


class SentSecond(models.Model):
    """How many mails all senders together sent in one second; see newsletter.sending.allowance."""

    at = models.DateTimeField(primary_key=True, help_text="The second's start.")
    count = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S}: {self.count}"
