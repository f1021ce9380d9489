"""What became of the articles that editors picked: other titles, dead links."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aggregator.models.feed import URL_MAX_LENGTH
from aggregator.models.headline import Headline

ERROR_MAX_LENGTH = 300
ARCHIVE = "https://web.archive.org/web/"


class SourceWatchQuerySet(models.QuerySet["SourceWatch"]):
    """Which of them are work for whom."""

    def asking(self) -> Self:
        """Return what an editor should look at, the newest first."""
        return self.filter(asks_at__isnull=False).order_by("-asks_at", "-pk")

    def due(self, *, now: datetime) -> Self:
        """Return the links that are to be looked at and that nobody looks at, oldest first."""
        is_free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
        return self.filter(is_free, next_at__lte=now).order_by("next_at", "pk")


class SourceWatch(models.Model):
    """One article that an editor picked, however many collections it stands in.

    ``aggregator.watch`` writes all of it; ``asks_at`` is set as long as an editor should look.
    """

    class State(models.TextChoices):
        """What the link did when it was looked at last."""

        UNSEEN = "unseen", _("not looked at yet")
        ALIVE = "alive", _("alive")
        DEAD = "dead", _("dead")
        MOVED = "moved", _("leads elsewhere")

    headline = models.OneToOneField(Headline, on_delete=models.CASCADE, related_name="watch")
    title = models.CharField(max_length=300)
    """The outlet's title as the editor knows it: when she picked, or said that she has seen it."""
    retitled_at = models.DateTimeField(null=True)
    """When the outlet gave it another."""

    state = models.CharField(max_length=6, choices=State, default=State.UNSEEN)
    """DEAD and MOVED only once two looks on different days have said so."""
    suspect_state = models.CharField(max_length=6, choices=State, blank=True)
    """What one look has said, and another is to confirm."""
    suspect_since = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=ERROR_MAX_LENGTH, blank=True)
    """Why it is dead, or why it could not be looked at, in words."""
    moved_to = models.CharField(max_length=URL_MAX_LENGTH, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    """So many looks in a row found nothing out."""
    looked_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)

    asks_at = models.DateTimeField(null=True)
    settled_state = models.CharField(max_length=6, choices=State, blank=True)
    """The state with which an editor lives: it asks no more for that."""

    objects = SourceWatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("watched source")
        verbose_name_plural = _("source watch")
        default_permissions = ()
        indexes = [
            models.Index("next_at", "id", name="watch_due"),
            models.Index(
                "claimed_until", condition=Q(claimed_until__isnull=False), name="watch_claimed"
            ),
            models.Index(
                F("asks_at").desc(),
                F("id").desc(),
                condition=Q(asks_at__isnull=False),
                name="watch_asking",
            ),
            models.Index("looked_at", name="watch_looked"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_retitled(self) -> bool:
        """Whether the outlet's title is another than the one that the editor knows."""
        return self.retitled_at is not None and self.title != self.headline.title

    @property
    def is_lost(self) -> bool:
        """Whether readers do not get to the article any more."""
        return self.state in {self.State.DEAD, self.State.MOVED}

    @property
    def archived_url(self) -> str:
        """Where the Internet Archive may have the article as it was when it came: a suggestion."""
        return f"{ARCHIVE}{self.headline.first_seen_at:%Y%m%d%H%M%S}/{self.headline.url}"
