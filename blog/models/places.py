"""Where posts stand in the public lists: what makes every page of a list cost the same.

Triggers of the database keep these three tables in step with posts, categories, tags and authors,
whoever writes those and however (blog.place_triggers); blog.lists reads them. They bear no foreign
keys: what goes, goes by trigger.
"""

from datetime import UTC, datetime
from typing import Self

from django.db import models
from django.db.models import F

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""Stands for the month of everything that is older than the months we know."""


class ListKind(models.IntegerChoices):
    """What a list holds the posts of."""

    STREAM = 0, "stream"
    CATEGORY = 1, "category"
    TAG = 2, "tag"
    AUTHOR = 3, "author"


class PlaceQuerySet(models.QuerySet["Place"]):
    """Places, which are walked along their one index."""

    def of(self, kind: ListKind, key: int) -> Self:
        """Return the places in one list, the newest post first."""
        return self.filter(kind=kind, list_id=key).order_by("-published_at", "-post_id")


class Place(models.Model):
    """A published post, or one that is scheduled, in one list."""

    pk = models.CompositePrimaryKey("post_id", "kind", "list_id")
    post_id = models.BigIntegerField()
    kind = models.PositiveSmallIntegerField(choices=ListKind)
    list_id = models.BigIntegerField(help_text="The key of the category, tag or author; else 0.")
    published_at = models.DateTimeField(help_text="The post's own.")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                "kind",
                "list_id",
                F("published_at").desc(),
                F("post_id").desc(),
                name="place_in_list",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.list_id}: {self.post_id}"


class Month(models.Model):
    """The instant at which a month begins by the site's own clock."""

    starts_at = models.DateTimeField(primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class Tally(models.Model):
    """How many posts stand in a list in one month, scheduled ones among them."""

    pk = models.CompositePrimaryKey("kind", "list_id", "starts_at")
    kind = models.PositiveSmallIntegerField(choices=ListKind)
    list_id = models.BigIntegerField()
    starts_at = models.DateTimeField(help_text="The month's own.")
    count = models.IntegerField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.list_id}, {self.starts_at:%Y-%m}: {self.count}"
