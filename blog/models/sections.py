"""Where a post stands: categories (sections) and tags (free keywords)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from blog.addresses import path_to
from blog.models.slugged import Slugged
from blog.text import slug_for


class Category(Slugged):
    """A section of the publication."""

    SLUG_SOURCE = "name"

    name = models.CharField(_("name"), max_length=80, unique=True)
    description = models.TextField(_("description"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the section's page."""
        return path_to("category", self.slug)


class Tag(TagBase):
    """A free keyword. Its slug is transliterated like every other slug of the site."""

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def get_absolute_url(self) -> str:
        """Return the path of the page of its posts."""
        return path_to("tag", self.slug)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """Return the slug for a tag's name; ``i`` numbers it where that slug is taken."""
        slug = slug_for(tag, fallback="tag")
        return slug if i is None else f"{slug}-{i + 1}"


class TaggedPost(ItemBase):
    """One tag on one post: a plain foreign key, so that a tag's posts are one join away."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="tagged_posts")
    content_object = models.ForeignKey(
        "blog.Post", on_delete=models.CASCADE, related_name="tagged_posts"
    )

    objects: ClassVar[models.Manager["TaggedPost"]] = models.Manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_per_post"),
        ]
