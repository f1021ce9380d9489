"""Collections: the named lists of headlines."""

from collections.abc import Collection as Names
from datetime import datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from blog.addresses import belongs_elsewhere, path_to
from blog.models.image import Image
from blog.models.page import Page
from blog.models.slugged import Slugged
from blog.text import free_slug

MOST_SHOWN = 100
"""So many headlines stand on a page, in a feed or in a mail at most."""


class DeskKey(models.TextChoices):
    """The keys of the Desk that put a headline into a collection."""

    DEFAULT = "s", _("s: the usual one")
    ONE = "1", "1"
    TWO = "2", "2"
    THREE = "3", "3"
    FOUR = "4", "4"
    FIVE = "5", "5"
    SIX = "6", "6"
    SEVEN = "7", "7"
    EIGHT = "8", "8"
    NINE = "9", "9"
    STAR = "*", _("*: starred")
    DIGEST = "d", _("d: into the next digest")


class CollectionQuerySet(models.QuerySet["Collection"]):
    """The one place that decides which collections readers may meet."""

    def public(self) -> Self:
        """Return those that have a page; the others are for mail only."""
        return self.filter(is_public=True)


class Collection(Slugged):
    """A named list of headlines, such as "Selected Articles"."""

    title = models.CharField(_("title"), max_length=120)
    intro = models.TextField(_("introduction"), blank=True)
    image = models.ForeignKey(
        Image,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="collections",
        verbose_name=_("image"),
        help_text=_("Stands above its page, and where its address is shared."),
    )
    is_public = models.BooleanField(
        _("for readers of the site"),
        default=True,
        help_text=_("Otherwise it is for mail only: no page, no feed, no place on the front page."),
    )
    desk_key = models.CharField(
        _("key at the Desk"),
        max_length=1,
        choices=DeskKey,
        blank=True,
        help_text=_("The one key that puts a headline here."),
    )
    home_count = models.PositiveSmallIntegerField(
        _("headlines on the front page"),
        default=0,
        validators=[MaxValueValidator(MOST_SHOWN)],
        help_text=_("How many of the newest stand on the front page; 0 for none."),
    )
    page_count = models.PositiveSmallIntegerField(
        _("headlines on a page"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(5), MaxValueValidator(MOST_SHOWN)],
    )
    feed_count = models.PositiveSmallIntegerField(
        _("headlines in its feeds"),
        default=30,
        db_default=30,
        validators=[MinValueValidator(5), MaxValueValidator(MOST_SHOWN)],
    )
    clip_count = models.PositiveSmallIntegerField(
        _("headlines in its clip"),
        default=10,
        db_default=10,
        validators=[MinValueValidator(1), MaxValueValidator(30)],
        help_text=_("Unless the other site asks for another number."),
    )
    mail_count = models.PositiveSmallIntegerField(
        _("headlines in a digest"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_SHOWN)],
        help_text=_("At most; empty: as many as the digest holds."),
    )
    keep_for_h = models.PositiveIntegerField(
        _("picks stay for"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(10 * 366 * 24)],
        help_text=_(
            "Hours: 24 are a day, 168 a week. Holds for new picks; empty: they stay for ever."
        ),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("collection")
        verbose_name_plural = _("collections")
        constraints = [
            models.UniqueConstraint(
                fields=["desk_key"],
                condition=~Q(desk_key=""),
                name="desk_key_once",
                violation_error_message=_("Another collection has this key."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the path of the collection's page."""
        return path_to("collection", self.slug)

    @property
    def was_public(self) -> bool:
        """Whether readers can have met its address."""
        return self.is_public

    def ends_at(self, placed_at: datetime) -> datetime | None:
        """Return until when a pick stays that is placed then; None: for ever."""
        return placed_at + timedelta(hours=self.keep_for_h) if self.keep_for_h else None

    def clean_fields(self, exclude: Names[str] | None = None) -> None:
        """Refuse a slug at whose address readers would find another page."""
        super().clean_fields(exclude=exclude)
        if self.slug and "slug" not in (exclude or ()) and _belongs_elsewhere(self.slug):
            refusal = ValidationError(
                _("The address /%(slug)s/ belongs to another page of this site."),
                params={"slug": self.slug},
            )
            raise ValidationError({"slug": refusal})

    def wanted_slug(self) -> str:
        """Return the slug that the title suggests, or the next whose address is free."""
        return free_slug(super().wanted_slug(), is_taken=_belongs_elsewhere)


def _belongs_elsewhere(slug: str) -> bool:
    return belongs_elsewhere(slug) or Page.objects.filter(slug=slug).exists()
