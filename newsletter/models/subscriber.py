"""Subscribers: their consent, what they chose, and what happened to them."""

import secrets

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aggregator.models import Collection
from blog.models import Category
from blog.models.site import validate_time_zone
from newsletter.models.digest import Digest
from newsletter.models.rhythm import Rhythm


def new_key() -> str:
    """Return 128 random bits that stand for a subscriber in links."""
    return secrets.token_urlsafe(16)


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    """Subscribers by what may be sent to them."""

    def active(self) -> "SubscriberQuerySet":
        """Return those who confirmed and have not left."""
        return self.filter(state=Subscriber.State.ACTIVE)


class Subscriber(models.Model):
    """An e-mail address with consent. Unconfirmed, it gets nothing but the confirmation."""

    class State(models.TextChoices):
        """How far consent has come."""

        PENDING = "pending", _("not confirmed")
        ACTIVE = "active", _("confirmed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        SUPPRESSED = "suppressed", _("mail stopped")

    email = models.EmailField(_("e-mail address"), max_length=254)
    email_key = models.CharField(
        max_length=254,
        unique=True,
        editable=False,
        help_text="The address in the form that is compared; see newsletter.addresses.",
    )
    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PENDING)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    created_at = models.DateTimeField(_("signed up"), default=timezone.now, editable=False)
    consent_form = models.CharField(
        _("form"), max_length=200, blank=True, help_text=_("The page that the form stood on.")
    )
    consent_text = models.TextField(_("text shown beside the form"), blank=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed"), null=True, blank=True)
    confirmations_sent = models.PositiveSmallIntegerField(_("confirmation mails"), default=0)
    confirmation_sent_at = models.DateTimeField(_("last confirmation mail"), null=True, blank=True)

    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    digests = models.ManyToManyField(
        Digest, blank=True, related_name="subscribers", verbose_name=_("other digests")
    )
    categories = models.ManyToManyField(
        Category,
        blank=True,
        related_name="+",
        verbose_name=_("categories"),
        help_text=_("None chosen: all of them."),
    )
    collections = models.ManyToManyField(
        Collection,
        blank=True,
        related_name="+",
        verbose_name=_("collections"),
        help_text=_("None chosen: all of them."),
    )
    hour = models.PositiveSmallIntegerField(
        _("hour"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(23)],
        help_text=_("By the subscriber's own clock; empty: as soon as an edition is there."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_time_zone],
        help_text=_("Empty: the site's own."),
    )
    paused_until = models.DateField(_("paused until"), null=True, blank=True)
    suppressed_at = models.DateTimeField(_("mail stopped"), null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        permissions = [("count_subscribers", "Can see how many subscribers there are")]
        indexes = [
            models.Index("state", models.F("created_at").desc(), name="subscriber_by_state"),
            # The newsroom's list, with all that it may be filtered by.
            models.Index(
                models.F("created_at").desc(),
                models.F("id").desc(),
                "state",
                "language",
                "rhythm",
                "confirmed_at",
                name="subscriber_listed",
            ),
            # What few have: one would go through all rows to find none.
            *(
                models.Index(
                    field,
                    models.F("created_at").desc(),
                    models.F("id").desc(),
                    name=f"subscriber_by_{field}",
                )
                for field in ("rhythm", "language")
            ),
            models.Index("confirmed_at", "id", name="subscriber_confirmed"),
            models.Index("unsubscribed_at", "id", name="subscriber_left"),
            # The audience of an edition, in the order in which its ledger is written.
            models.Index("state", "rhythm", "id", name="subscriber_audience"),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def audit_name(self) -> str:
        """What the audit calls it: no address, which may have to be erased."""
        return f"{self._meta.verbose_name} {self.pk}"


class UnansweredAddress(models.Model):
    """An erased address that answered no mail; see newsletter.subscribing.unanswered."""

    digest = models.CharField(max_length=64, primary_key=True)
    mails_sent = models.PositiveSmallIntegerField()
    mailed_at = models.DateTimeField(
        null=True, help_text="When the last of them went, if it was not before the erasing."
    )
    erased_at = models.DateTimeField(help_text="Since when it is known here alone.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.digest


class AddressChange(models.Model):
    """A subscriber's wish to get her mail elsewhere, until that mailbox has answered."""

    subscriber = models.OneToOneField(
        Subscriber, on_delete=models.CASCADE, related_name="address_change"
    )
    email = models.EmailField(max_length=254)
    email_key = models.CharField(max_length=254)
    key = models.CharField(max_length=32, unique=True, default=new_key)
    asked_at = models.DateTimeField(db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    old_email = models.EmailField(
        max_length=254, blank=True, help_text="The former address, until it has been told."
    )

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class SubscriberEvent(models.Model):
    """Something that happened to a subscriber: her history, as far as it is no delivery."""

    class Kind(models.TextChoices):
        """What it was."""

        ASKED = "asked", _("signed up")
        CONFIRMED = "confirmed", _("confirmed")
        IMPORTED = "imported", _("imported")
        CHANGED = "changed", _("changed her settings")
        MOVED = "moved", _("changed her address")
        LEFT = "left", _("unsubscribed")
        CAME_BACK = "came_back", _("came back")
        SUPPRESSED = "suppressed", _("mail stopped")
        RELEASED = "released", _("mail goes again")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("at"))
    detail = models.JSONField(
        default=dict, help_text="What is needed to understand it; no address of anybody else."
    )

    class Meta:
        ordering = ["-at", "-id"]
        default_permissions = ()
        indexes = [
            models.Index("subscriber", models.F("at").desc(), name="event_of_one"),
            models.Index("kind", "at", name="event_by_kind"),  # the days that are counted
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
