"""What came back: bounces, complaints, and the addresses that get nothing more."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from newsletter.models.delivery import Delivery
from newsletter.models.subscriber import Subscriber


class Bounce(models.Model):
    """A mail server's or a reader's word that a mail was not taken, with the evidence."""

    class Kind(models.TextChoices):
        """What it says of the address."""

        HARD = "hard", _("no such address")
        SOFT = "soft", _("did not arrive this time")
        QUOTA = "quota", _("mailbox full")
        POLICY = "policy", _("refused by a rule of the receiver")
        COMPLAINT = "complaint", _("reported as spam")
        AUTO = "auto", _("automatic reply")

    class Source(models.TextChoices):
        """By which way it reached us."""

        SMTP = "smtp", _("the mail server's answer")
        MAIL = "mail", _("a mail that came back")
        WEBHOOK = "webhook", _("the mail provider")

    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.CASCADE, null=True, related_name="bounces"
    )
    delivery = models.ForeignKey(
        Delivery, on_delete=models.SET_NULL, null=True, related_name="bounces"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.CharField(_("came by"), max_length=8, choices=Source)
    at = models.DateTimeField(_("at"))
    status = models.CharField(
        _("status"), max_length=20, blank=True, help_text="RFC 3463, such as 5.1.1."
    )
    diagnostic = models.CharField(_("words"), max_length=500, blank=True)
    evidence = models.TextField(_("evidence"), blank=True, help_text="The report's first 8 kB.")
    fingerprint = models.CharField(
        max_length=64, unique=True, help_text="The same report twice is counted once."
    )

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("bounce")
        verbose_name_plural = _("bounces")
        indexes = [
            models.Index(models.F("at").desc(), "id", name="bounce_newest"),
            models.Index("subscriber", models.F("at").desc(), name="bounce_of_one"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.status}".strip()


class SuppressedAddress(models.Model):
    """An erased address that bounced or complained: not to be written to again.

    Held as a digest, as in UnansweredAddress; see newsletter.suppression.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    reason = models.CharField(max_length=10, choices=Bounce.Kind)
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest
