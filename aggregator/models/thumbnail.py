"""Pictures of outside articles, as we show them."""

from typing import Any, Self

from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aggregator.models.feed import URL_MAX_LENGTH
from blog.pictures import plan

SHAPE = plan.Shape("small", 1.5, (160, 320, 640))
"""All of them are cut alike, so that lists stand still while they load."""
FOLDER = f"{plan.FOLDER}/outside"
ERROR_MAX_LENGTH = 300


class ThumbnailQuerySet(models.QuerySet["Thumbnail"]):
    """Which of them are to be fetched."""

    def due(self, *, now: Any) -> Self:
        """Return what waits to be fetched and what nobody fetches, longest waiting first."""
        is_free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now)
        waiting = self.filter(is_free, state=Thumbnail.State.WAITING, next_at__lte=now)
        return waiting.order_by("next_at", "pk")


class Thumbnail(models.Model):
    """One outside picture, whichever headlines name it: fetched once, shrunk, kept by us.

    Its folder is named before anything is put there, so no file of a poller that died is left
    over; it is shown once it is ready.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        READY = "ready", _("there")
        FAILED = "failed", _("not to be had")
        GOING = "going", _("being deleted")

    key = models.CharField(max_length=64, unique=True)
    """SHA-256 of the address."""
    address = models.CharField(max_length=URL_MAX_LENGTH)
    is_page = models.BooleanField(default=False)
    """Whether the address is that of the article, which may name a picture."""
    folder = models.CharField(max_length=80)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=ERROR_MAX_LENGTH, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    made = models.JSONField(default=dict)
    """The files that are there, as in ``blog.Image.made``."""
    kept_until = models.DateTimeField()
    """Then it is looked whether anybody needs it still."""

    objects = ThumbnailQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index("next_at", "id", condition=Q(state="waiting"), name="thumbnail_due"),
            models.Index("kept_until", name="thumbnail_kept"),
            models.Index("state", name="thumbnail_state"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_ready(self) -> bool:
        """Whether its files are there."""
        return self.state == self.State.READY

    @property
    def base_url(self) -> str:
        """The address of the folder of its files."""
        return default_storage.url(f"{self.folder}/-").removesuffix("-")

    @property
    def fallback(self) -> tuple[str, int, int]:
        """The address, width and height of its largest WebP, for who takes one picture only."""
        width, name = plan.listed(self.made, SHAPE, "webp")[-1]
        return self.base_url + name, width, plan.height_at(SHAPE, width, (self.width, self.height))
