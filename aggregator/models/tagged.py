"""Tags on headlines."""

from typing import ClassVar

from django.db import models
from taggit.models import ItemBase

from blog.models import Tag


class TaggedHeadline(ItemBase):
    """One tag on one headline."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_headlines")
    content_object = models.ForeignKey(
        "aggregator.Headline", on_delete=models.CASCADE, related_name="tagged_headlines"
    )

    objects: ClassVar[models.Manager["TaggedHeadline"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_per_headline"),
        ]

    def __str__(self) -> str:
        return f"{self.content_object} · {self.tag}"
