"""Headlines: the items of outside feeds."""

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager

from aggregator.identity import article_key
from aggregator.models.derived import DerivedCharField
from aggregator.models.feed import URL_MAX_LENGTH, Feed
from aggregator.models.tagged import TaggedHeadline

KEY_MAX_LENGTH = 64
ARTICLE_KEY_LENGTH = 32
AT_THE_DESK = timedelta(days=7)
TRIMMED = ("summary", "author", "image_url")
"""What retention empties long before the row goes."""
WAITS = models.Q(seen_at__isnull=True, is_hidden=False)
"""That a headline has not been decided on at the Desk."""


class HeadlineQuerySet(models.QuerySet["Headline"]):
    """The one place that decides which headlines a reader may see."""

    def public(self) -> Self:
        """Return the headlines that no editor has hidden."""
        return self.filter(is_hidden=False)

    def waiting(self, *, now: datetime) -> Self:
        """Return what waits at the Desk for a decision; what is older is in the list only."""
        return self.filter(WAITS, published_at__gte=now - AT_THE_DESK)

    def at_the_desk(self, *, now: datetime) -> Self:
        """Return what waits, and what was decided, of the same days."""
        return self.filter(
            WAITS | models.Q(decision__isnull=False), published_at__gte=now - AT_THE_DESK
        )


class Headline(models.Model):  # type: ignore[django-manager-missing]  # taggit has no types
    """One item of a feed. Every text in it is plain; every address is http or https."""

    feed = models.ForeignKey(
        Feed, on_delete=models.CASCADE, related_name="headlines", verbose_name=_("feed")
    )
    key = models.CharField(
        max_length=KEY_MAX_LENGTH,
        editable=False,
        help_text="SHA-256 of what identifies the item within its feed; see aggregator.identity.",
    )
    url = models.URLField(_("address"), max_length=URL_MAX_LENGTH, blank=True)
    canonical_url = models.URLField(
        _("canonical address"), max_length=URL_MAX_LENGTH, blank=True, editable=False
    )
    article_key = DerivedCharField(
        derive=lambda headline: article_key(headline.canonical_url),
        max_length=ARTICLE_KEY_LENGTH,
    )
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    author = models.CharField(_("author"), max_length=200, blank=True)
    outlet = models.CharField(
        _("outlet"), max_length=255, blank=True, help_text=_("The host that readers see.")
    )
    image_url = models.URLField(_("image"), max_length=URL_MAX_LENGTH, blank=True)
    thumbnail = models.ForeignKey(
        "aggregator.Thumbnail",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="headlines",
        help_text="Our own copy of the image, once somebody wants to see it.",
    )
    language = models.CharField(_("language"), max_length=20, blank=True)
    dated_at = models.DateTimeField(_("date in the feed"), null=True, blank=True, editable=False)
    first_seen_at = models.DateTimeField(_("first seen"), default=timezone.now, editable=False)
    published_at = models.DateTimeField(
        _("published"),
        editable=False,
        help_text=_("The feed’s date, or first seen where that date is missing or lies ahead."),
    )
    updated_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    hidden_by = models.ForeignKey(
        "aggregator.Rule",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="+",
        verbose_name=_("dropped by the rule"),
    )
    seen_at = models.DateTimeField(
        _("seen at the Desk"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Decided there, or older than a week when their feed came in."),
    )
    decision = models.ForeignKey(
        "aggregator.Decision",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        related_name="taken",
        verbose_name=_("decision"),
        help_text="Which one took it from the Desk.",
    )
    trimmed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When summary, author and image went."
    )
    tags = TaggableManager(through=TaggedHeadline, blank=True, verbose_name=_("tags"))

    objects = HeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        verbose_name = _("headline")
        verbose_name_plural = _("headlines")
        constraints = [
            models.UniqueConstraint(fields=["feed", "key"], name="headline_once_per_feed"),
        ]
        indexes = [
            models.Index(
                models.F("published_at").desc(), models.F("id").desc(), name="headline_newest"
            ),
            models.Index("feed", models.F("published_at").desc(), name="headline_of_feed"),
            models.Index("article_key", "feed", name="headline_of_article"),
            models.Index("first_seen_at", "id", name="headline_first_seen"),
            # The last column only so that counting them reads no row.
            models.Index(
                models.F("published_at").desc(),
                models.F("id").desc(),
                "is_hidden",
                condition=models.Q(is_hidden=True),
                name="headline_hidden",
            ),
            # What waits at the Desk, with what it may be filtered by.
            models.Index(
                models.F("published_at").desc(),
                models.F("id").desc(),
                "feed",
                "language",
                condition=WAITS,
                name="headline_waiting",
            ),
            models.Index(
                "feed",
                models.F("published_at").desc(),
                models.F("id").desc(),
                condition=WAITS,
                name="headline_waiting_of",
            ),
            models.Index(
                "decision", condition=models.Q(decision__isnull=False), name="headline_decided"
            ),
            models.Index(
                "thumbnail",
                condition=models.Q(thumbnail__isnull=False),
                name="headline_of_thumbnail",
            ),
            models.Index(
                "hidden_by", condition=models.Q(hidden_by__isnull=False), name="headline_dropped"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_changed(self) -> bool:
        """Whether the outlet has changed the headline since we first saw it."""
        return self.updated_at > self.first_seen_at


class HeadlineVersion(models.Model):
    """What a headline said before its outlet changed it."""

    headline = models.ForeignKey(
        Headline, on_delete=models.CASCADE, related_name="versions", verbose_name=_("headline")
    )
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    url = models.URLField(_("address"), max_length=URL_MAX_LENGTH, blank=True)
    replaced_at = models.DateTimeField(_("replaced"))

    class Meta:
        ordering = ["-replaced_at", "-id"]
        verbose_name = _("former version")
        verbose_name_plural = _("former versions")

    def __str__(self) -> str:
        return self.title


class Fingerprint(models.Model):
    """What is left of a headline whose row is gone, so that its feed does not bring it back."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="fingerprints")
    key = models.CharField(max_length=KEY_MAX_LENGTH)
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "key"], name="fingerprint_once_per_feed"),
        ]

    def __str__(self) -> str:
        return self.key
