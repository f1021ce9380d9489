"""App configuration of the blog."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """The publication itself."""

    name = "blog"
    verbose_name = _("Publication")

    def ready(self) -> None:
        """Listen for posts and pages that are deleted, and for logins."""
        from django.db.models.signals import pre_delete  # noqa: PLC0415  models are loaded by now

        from blog import former, logins  # noqa: PLC0415  models are loaded by now
        from blog.models import Page, Post  # noqa: PLC0415  models are loaded by now

        for model in (Post, Page):
            pre_delete.connect(former.remember_deleted, sender=model)
        logins.listen()
