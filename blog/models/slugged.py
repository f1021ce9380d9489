"""What everything with a page of its own shares: a readable last part of its address."""

from typing import Any, ClassVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from blog import former
from blog.text import free_slug, slug_for


class Slugged(models.Model):
    """A model whose empty slug is made, once, from its name or title."""

    SLUG_SOURCE: ClassVar[str] = "title"

    slug = models.SlugField(
        _("slug"),
        max_length=100,
        unique=True,
        blank=True,
        help_text=_("The last part of the address. Left empty, it is made from the title."),
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Fill an empty slug; an existing one never changes by itself, and leads on if it does."""
        former_path = self._stored_path()
        self._save_with_slug(*args, **kwargs)
        if former_path and former_path != self._path():
            former.remember_move(former_path, self._path())

    def _stored_path(self) -> str:
        """Return where readers can have met it as it is stored, "" if nowhere."""
        stored = type(self)._default_manager.filter(pk=self.pk).first() if self.pk else None
        return stored._path() if stored and stored.was_public else ""

    def _path(self) -> str:
        return str(self.get_absolute_url()) if hasattr(self, "get_absolute_url") else ""

    @property
    def was_public(self) -> bool:
        """Whether readers can have met its address."""
        return True

    def _save_with_slug(self, *args: Any, **kwargs: Any) -> None:
        if self.slug:
            super().save(*args, **kwargs)
            return
        taken = type(self)._default_manager.exclude(pk=self.pk)
        while True:
            self.slug = free_slug(
                self.wanted_slug(), is_taken=lambda slug: taken.filter(slug=slug).exists()
            )
            try:
                with transaction.atomic():
                    super().save(*args, **kwargs)
            except IntegrityError:
                # Somebody has saved the same title at the same moment; or it is something else.
                if not taken.filter(slug=self.slug).exists():
                    raise
            else:
                return

    def wanted_slug(self) -> str:
        """Return the slug that the source field suggests, whether taken or not."""
        source = str(getattr(self, self.SLUG_SOURCE))
        return slug_for(source, fallback=type(self)._meta.model_name or "")
