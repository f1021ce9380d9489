"""Outside feeds, what we know of each, and when it is asked next."""

from datetime import datetime
from typing import Self

from django.core.validators import URLValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aggregator.identity import host_of
from aggregator.models.derived import DerivedCharField

URL_MAX_LENGTH = 2000
FOLDER_MAX_LENGTH = 200


class FeedQuerySet(models.QuerySet["Feed"]):
    """Feeds by what the poller may do with them."""

    def due(self, *, now: datetime) -> Self:
        """Return the feeds whose turn has come and that no poller holds, longest waiting first."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
            is_active=True,
            next_poll_at__lte=now,
        ).order_by("next_poll_at", "pk")

    def outside(self) -> Self:
        """Return the feeds that have an address: all but the one of what editors share."""
        return self.exclude(url="")

    def shared(self) -> "Feed":
        """Return the source of the pages that editors bring; it comes into being with the first.

        It has no address, so that there can be only one, and it is never polled.
        """
        fields = {"is_active": False, "health": Feed.Health.OK}
        return self.get_or_create(url="", defaults=fields)[0]


class Feed(models.Model):
    """An RSS, RDF, Atom or JSON feed that we poll; or, without an address, what editors share."""

    class Outcome(models.TextChoices):
        """How the last poll ended."""

        NEVER = "never", _("not polled yet")
        CHANGED = "changed", _("new content")
        UNCHANGED = "unchanged", _("nothing new")
        FAILED = "failed", _("failed")
        GONE = "gone", _("gone")

    class Health(models.IntegerChoices):
        """How a feed does, in the order of trouble; see aggregator.health."""

        OK = 0, _("OK")
        WAITING = 1, _("waiting for its first poll")
        SLOW = 2, _("slow")
        SILENT = 3, _("silent")
        BLOCKED = 4, _("blocked")
        FAILING = 5, _("failing")
        GONE = 6, _("gone")

    url = models.URLField(
        _("address"),
        max_length=URL_MAX_LENGTH,
        unique=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    title = models.CharField(
        _("title"), max_length=200, blank=True, help_text=_("Left empty, the feed’s own is taken.")
    )
    host = DerivedCharField(derive=lambda feed: host_of(feed.url), max_length=255)
    site_url = models.URLField(_("site"), max_length=URL_MAX_LENGTH, blank=True)
    language = models.CharField(
        _("language"),
        max_length=20,
        blank=True,
        help_text=_("Left empty, what the feed says holds."),
    )
    collection = models.ForeignKey(
        "aggregator.Collection",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="feeds",
        verbose_name=_("publishes straight into"),
        help_text=_("Left empty, its headlines wait for an editor’s pick."),
    )
    folder = models.CharField(
        _("folder"),
        max_length=FOLDER_MAX_LENGTH,
        blank=True,
        db_index=True,
        help_text=_("Keeps feeds together in lists and in OPML; “ / ” stands between levels."),
    )
    is_active = models.BooleanField(_("polled"), default=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    next_poll_at = models.DateTimeField(_("next poll"), default=timezone.now)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_by = models.UUIDField(null=True, blank=True, editable=False)
    etag = models.CharField(max_length=1000, blank=True, editable=False)
    last_modified = models.CharField(max_length=200, blank=True, editable=False)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    ttl_s = models.PositiveIntegerField(null=True, blank=True, editable=False)
    fetched_whole_at = models.DateTimeField(null=True, blank=True, editable=False)
    moved_to = models.URLField(max_length=URL_MAX_LENGTH, blank=True, editable=False)
    moved_since = models.DateTimeField(null=True, blank=True, editable=False)
    moved_sightings = models.PositiveSmallIntegerField(default=0, editable=False)

    last_outcome = models.CharField(
        _("last outcome"), max_length=10, choices=Outcome, default=Outcome.NEVER, editable=False
    )
    last_status = models.PositiveSmallIntegerField(
        _("last HTTP status"), null=True, blank=True, editable=False
    )
    last_error = models.TextField(_("last error"), blank=True, editable=False)
    last_error_kind = models.CharField(max_length=40, blank=True, editable=False)
    last_headers = models.JSONField(default=dict, editable=False)
    last_bytes = models.PositiveIntegerField(null=True, blank=True, editable=False)
    last_took_ms = models.PositiveIntegerField(null=True, blank=True, editable=False)
    last_skipped = models.PositiveIntegerField(default=0, editable=False)
    offered_feeds = models.JSONField(default=list, editable=False)
    last_polled_at = models.DateTimeField(_("last poll"), null=True, blank=True, editable=False)
    last_succeeded_at = models.DateTimeField(
        _("last success"), null=True, blank=True, editable=False
    )
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    last_item_at = models.DateTimeField(_("newest item"), null=True, blank=True, editable=False)
    rhythm_since = models.DateTimeField(null=True, blank=True, editable=False)
    rhythm_items = models.PositiveSmallIntegerField(default=0, editable=False)
    usual_gap_s = models.PositiveIntegerField(null=True, blank=True, editable=False)
    health = models.PositiveSmallIntegerField(
        _("health"),
        choices=Health,
        default=Health.WAITING,
        editable=False,
    )
    health_since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    told_health = models.PositiveSmallIntegerField(default=Health.WAITING, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["title", "url"]
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        constraints = [
            models.CheckConstraint(
                condition=~Q(url="") | Q(is_active=False), name="feed_without_address_not_polled"
            ),
        ]
        indexes = [
            models.Index("next_poll_at", condition=Q(is_active=True), name="feed_due"),
            models.Index("host", name="feed_host"),
            models.Index(
                "claimed_until", condition=Q(claimed_until__isnull=False), name="feed_claimed"
            ),
            models.Index("last_polled_at", name="feed_last_polled"),
            models.Index(F("health").desc(), "title", name="feed_trouble"),
            models.Index("health", "is_active", name="feed_states"),
            models.Index("title", "id", name="feed_by_title"),
        ]

    def __str__(self) -> str:
        return self.title or self.url or str(_("Shared by editors"))

    @property
    def is_shared(self) -> bool:
        """Whether it is no feed, but the source of what editors share."""
        return not self.url
