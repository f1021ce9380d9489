"""App configuration of the blog."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """The publication itself."""

    name = "blog"
    verbose_name = _("Publication")

    def ready(self) -> None:
        """Listen for texts and pictures that are saved or deleted, logins, migrations."""
        from django.db.models.signals import (  # noqa: PLC0415  models are loaded by now
            post_delete,
            post_save,
            pre_delete,
        )

        from blog import finding, former, logins, tasks, usage  # noqa: PLC0415  models are loaded by now
        from blog.models import Image, Page, Post  # noqa: PLC0415  models are loaded by now

        for model in (Post, Page):
            pre_delete.connect(former.remember_deleted, sender=model)
            post_save.connect(usage.note_saved, sender=model)
        post_save.connect(tasks.wish, sender=Image)
        post_delete.connect(tasks.forget_files, sender=Image)
        logins.listen()
        finding.listen()
