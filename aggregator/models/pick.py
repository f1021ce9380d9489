"""Picks: headlines that stand in collections, with our own words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aggregator.models.collection import Collection
from aggregator.models.derived import DerivedCharField
from aggregator.models.feed import URL_MAX_LENGTH
from aggregator.models.headline import ARTICLE_KEY_LENGTH, Headline
from aggregator.models.thumbnail import Thumbnail

STANDS_AT = Coalesce("ranked_at", "placed_at")
"""What orders a collection, the newest first."""


class PickQuerySet(models.QuerySet["Pick"]):
    """The one place that decides which picks a reader may see, and in which order."""

    def public(self, *, now: datetime | None = None) -> Self:
        """Return the picks that stand in collections for readers of the site."""
        return self.standing(now=now).filter(collection__is_public=True)

    def standing(self, *, now: datetime | None = None) -> Self:
        """Return what stands, in mail-only collections too, the newest first.

        Which of them are pinned at an instant, no index knows: see aggregator.listing.
        """
        return self.filter(
            Q(until__isnull=True) | Q(until__gt=now or timezone.now()),
            withdrawn_at__isnull=True,
            headline__is_hidden=False,
        ).order_by(STANDS_AT.desc(), "-id")

    def pinned(self, *, now: datetime) -> Self:
        """Return those among them that stand at the top now, in their order."""
        is_over = Q(pinned_until__lte=now)
        return self.filter(~is_over, is_pinned=True).order_by("position", STANDS_AT.desc(), "-id")

    def below(self, at: datetime, pk: int) -> Self:
        """Return those that stand below a place, whether or not anything stands there now.

        The bound that says too much is the one that an index can begin at.
        """
        is_below = Q(stands__lt=at) | Q(stands=at, pk__lt=pk)
        return self.alias(stands=STANDS_AT).filter(is_below, stands__lte=at)

    def from_up(self, at: datetime, pk: int) -> Self:
        """Return those that stand at a place and above it, the nearest first."""
        is_above = Q(stands__gt=at) | Q(stands=at, pk__gte=pk)
        found = self.alias(stands=STANDS_AT).filter(is_above, stands__gte=at)
        return found.order_by(STANDS_AT.asc(), "id")

    def for_lists(self) -> Self:
        """Load what a list shows of each pick in the same query."""
        return self.select_related("headline__thumbnail")


class Pick(models.Model):
    """A headline placed in a collection, by an editor or straight from its feed."""

    collection = models.ForeignKey(
        Collection, on_delete=models.CASCADE, related_name="picks", verbose_name=_("collection")
    )
    headline = models.ForeignKey(
        Headline, on_delete=models.CASCADE, related_name="picks", verbose_name=_("headline")
    )
    article_key = DerivedCharField(
        # The first that it had: a pick stays the same though its outlet moves the article.
        derive=lambda pick: pick.article_key or pick.headline.article_key,
        max_length=ARTICLE_KEY_LENGTH,
        help_text="The headline's own: an article of several feeds stands once in a collection.",
    )
    picked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="picks",
        verbose_name=_("picked by"),
        help_text=_("Nobody, where the feed publishes straight into the collection."),
    )
    placed_at = models.DateTimeField(
        _("placed"),
        default=timezone.now,
        help_text=_("Orders the collection. A feed’s own picks carry the headline’s time."),
    )
    ranked_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Where an editor has moved it to among the others; empty: by when it was placed.",
    )
    is_pinned = models.BooleanField(_("pinned to the top"), default=False)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Orders the pinned ones; the lowest is the top.")
    )
    pinned_until = models.DateTimeField(
        _("pinned until"),
        null=True,
        blank=True,
        help_text=_("Then it stands in its usual place again; empty: it stays at the top."),
    )
    is_breaking = models.BooleanField(
        _("breaking"), default=False, help_text=_("Readers see the label “Breaking” beside it.")
    )
    until = models.DateTimeField(_("until"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    title = models.CharField(_("rewritten title"), max_length=300, blank=True)
    title_language = models.CharField(
        _("language of our words"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Of the rewritten title, the excerpt and the note. Empty: that of the site."),
    )
    translated_title = models.CharField(_("translated title"), max_length=300, blank=True)
    translated_language = models.CharField(
        _("language of the translation"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Empty: that of the site."),
    )
    excerpt = models.TextField(_("excerpt"), blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("What we say about it."))

    former_title = models.CharField(
        _("former title"),
        max_length=300,
        blank=True,
        help_text=_("Readers are told that the outlet’s headline was this one before."),
    )
    archived_url = models.URLField(
        _("archived copy"),
        max_length=URL_MAX_LENGTH,
        blank=True,
        help_text=_("Readers are led here in the place of the article, where its link is dead."),
    )
    watched_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since when its source is watched; see aggregator.watch.",
    )

    also_in: Sequence[str] = ()
    """Other feeds that brought the article; see aggregator.sources."""
    also_at: Sequence[tuple[str, str]] = ()
    """Other outlets that tell of the same event, and where."""
    story: int | None = None
    """The headline's story; see aggregator.listing."""

    objects = PickQuerySet.as_manager()

    class Meta:
        verbose_name = _("pick")
        verbose_name_plural = _("picks")
        constraints = [
            models.UniqueConstraint(fields=["collection", "headline"], name="picked_once"),
            models.UniqueConstraint(
                fields=["collection", "article_key"],
                condition=~Q(article_key=""),
                name="article_picked_once",
            ),
        ]
        indexes = [
            models.Index(
                "collection",
                STANDS_AT.desc(),
                F("id").desc(),
                condition=Q(withdrawn_at__isnull=True),
                name="pick_stands",
            ),
            models.Index(
                "collection",
                "position",
                condition=Q(withdrawn_at__isnull=True, is_pinned=True),
                name="pick_pinned",
            ),
            models.Index(
                F("placed_at").desc(),
                F("id").desc(),
                condition=Q(
                    picked_by__isnull=False, withdrawn_at__isnull=True, watched_at__isnull=True
                ),
                name="pick_unwatched",
            ),
            # What has gone lately: subscribers and the hub are told.
            models.Index(
                "withdrawn_at",
                condition=Q(withdrawn_at__isnull=False),
                name="pick_withdrawn",
            ),
            models.Index("until", condition=Q(until__isnull=False), name="pick_ended"),
            # The newsroom's list, with all that it may be filtered by.
            models.Index(
                F("placed_at").desc(),
                F("id").desc(),
                "collection",
                "is_pinned",
                "withdrawn_at",
                name="pick_newest",
            ),
            models.Index(
                "collection",
                F("placed_at").desc(),
                F("id").desc(),
                "is_pinned",
                "withdrawn_at",
                name="pick_newest_of",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_title

    def stands_on(self, now: datetime) -> bool:
        """Whether it is neither withdrawn nor over then."""
        return self.withdrawn_at is None and (self.until is None or self.until > now)

    def is_pinned_at(self, now: datetime) -> bool:
        """Whether it stands at the top of its collection then."""
        return self.is_pinned and (self.pinned_until is None or self.pinned_until > now)

    def place_at(self, now: datetime) -> tuple[float, ...]:
        """Return what orders it among the picks of its collection, the lowest first."""
        is_pinned = self.is_pinned_at(now)
        position = self.position if is_pinned else 0
        return (not is_pinned, position, -self.stands_at.timestamp(), -self.pk)

    @property
    def stands_at(self) -> datetime:
        """What orders it: where it was moved to, else when it was placed."""
        return self.ranked_at or self.placed_at

    @property
    def title_tongue(self) -> str:
        """The language of the shown title; "" for the site's."""
        return self.title_language if self.title else self.headline.language

    @property
    def summary_tongue(self) -> str:
        """The language of the shown summary; "" for the site's."""
        return self.title_language if self.excerpt else self.headline.language

    def clean(self) -> None:
        """Refuse an article that stands in the collection already, through another feed too."""
        if not (self.collection_id and self.headline_id and self.headline.article_key):
            return
        same = Pick.objects.filter(
            collection_id=self.collection_id, article_key=self.headline.article_key
        ).exclude(pk=self.pk)
        if same.exclude(headline_id=self.headline_id).exists():
            raise ValidationError(
                {"headline": _("This article stands in the collection already, from another feed.")}
            )

    @property
    def shown_title(self) -> str:
        """The editor's title where there is one, else the outlet's."""
        return self.title or self.headline.title

    @property
    def shown_summary(self) -> str:
        """The editor's excerpt where there is one, else the outlet's summary."""
        return self.excerpt or self.headline.summary

    @property
    def link(self) -> str:
        """Where readers are led: the article, or the copy that stands in for it; "" for nowhere."""
        return self.archived_url or self.headline.url

    @property
    def shown_former_title(self) -> str:
        """What readers are told that the outlet’s headline was before; "" for nothing."""
        return "" if self.title or self.former_title == self.headline.title else self.former_title

    @property
    def picture(self) -> Thumbnail | None:
        """Our copy of the article’s picture, if there is one."""
        found = self.headline.thumbnail
        return found if found and found.is_ready else None
