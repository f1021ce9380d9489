"""Pages: standing texts such as "About" and "Privacy"."""

from typing import Any, Self

from django.conf import settings
from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.addresses import is_name_taken
from blog.cleaning import clean_html
from blog.models.slugged import Slugged
from blog.text import excerpt, words_of


class PageQuerySet(models.QuerySet["Page"]):
    """The one place that decides which pages a reader may see."""

    def published(self) -> Self:
        """Return the pages that are public."""
        return self.filter(status=Page.Status.PUBLISHED)


class Page(Slugged):
    """A text that stands outside the stream, under its bare name."""

    class Status(models.TextChoices):
        """Whether readers see it."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)
    version = models.PositiveIntegerField(editable=False, default=0)
    versions = GenericRelation("blog.Version")

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Clean the text."""
        self.body = clean_html(self.body)
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse a name under which something else stands already."""
        name = self.slug or self.wanted_slug()
        if is_name_taken(name):
            raise ValidationError(
                {"slug": _("“%(name)s” is the address of something else here.") % {"name": name}}
            )

    def get_absolute_url(self) -> str:
        """Return the path of the page."""
        return reverse("page", args=[self.slug])

    @property
    def was_public(self) -> bool:
        """Whether readers can have met its address."""
        return self.status == self.Status.PUBLISHED

    @property
    def summary(self) -> str:
        """The beginning of the text, for search engines."""
        return excerpt(words_of(self.body), max_length=280)
