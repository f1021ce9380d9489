"""The search as an app of its own, in the place of the library's."""

from typing import Any

from django.db.models.signals import post_delete, post_migrate, post_save
from modelsearch.apps import ModelSearchAppConfig


class SearchConfig(ModelSearchAppConfig):  # type: ignore[misc]  # the library has no types
    """Brings the library our backends; its own table, signals and tasks stay away."""

    name = "newsandtimes.search"
    label = "search"
    verbose_name = "Search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have the index made by ``migrate`` and texts put into it as soon as they are saved."""
        from blog.models import Page, Post  # noqa: PLC0415  models are loaded by now
        from newsandtimes.search import saving  # noqa: PLC0415  as above

        post_migrate.connect(_prepare, sender=self)
        for model in (Post, Page):
            post_save.connect(saving.update_soon, sender=model)
            post_delete.connect(saving.update_soon, sender=model)


def _prepare(**_options: Any) -> None:
    from newsandtimes.search import updating  # noqa: PLC0415  models are loaded by now

    updating.prepare()
