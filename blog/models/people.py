"""Who logs in, and under which name a post stands."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from blog.addresses import path_to
from blog.models.slugged import Slugged


class User(AbstractUser):
    """Somebody who can log in. Our own class from the first migration on, so that it can grow."""


class Author(Slugged):
    """A byline. "The News And Times" is one; a person's may belong to a user."""

    SLUG_SOURCE = "name"

    name = models.CharField(_("name"), max_length=120)
    bio = models.TextField(
        _("about"), blank=True, help_text=_("A few sentences that stand on the author’s page.")
    )
    user = models.OneToOneField(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("user"),
        help_text=_("Who writes under this name, if that is one person with a login."),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        indexes = [models.Index("name", name="author_by_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the path of the page of what they wrote."""
        return path_to("author", self.slug)
