"""What waits to be put into the index, and who does so at present."""

from typing import Any

from django.db import models

from newsandtimes.search.documents import (
    HeadlineDocument,
    PageDocument,
    PostDocument,
    Searched,
)

__all__ = ["Builder", "HeadlineDocument", "PageDocument", "Pending", "PostDocument"]


class Kind(models.IntegerChoices):
    """What is searched, in the order in which it is put into the index."""

    POST = 1
    PAGE = 2
    HEADLINE = 3

    @property
    def model(self) -> type[Any]:
        """The model as the search knows it."""
        return _MODELS[self]


_MODELS: dict[Kind, type[Searched]] = {
    Kind.POST: PostDocument,
    Kind.PAGE: PageDocument,
    Kind.HEADLINE: HeadlineDocument,
}


class Pending(models.Model):
    """A row that was written and is not yet in the index as it is now.

    Triggers leave these (newsandtimes.search.triggers), in the transaction of whoever writes and
    however they do; each is deleted together with what it asks for.
    """

    kind = models.PositiveSmallIntegerField(choices=Kind)
    object_id = models.PositiveBigIntegerField()

    class Meta:
        default_permissions = ()
        indexes = [models.Index("kind", "id", name="search_pending_of_kind")]

    def __str__(self) -> str:
        return f"{Kind(self.kind).name} {self.object_id}"


class Builder(models.Model):
    """The one row that says which index is built, and by whom at present."""

    built = models.CharField(max_length=200, blank=True)
    """Which backend, and which folding."""
    busy_until = models.DateTimeField(null=True)
    busy_with = models.UUIDField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.built
