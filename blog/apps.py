"""App configuration of the blog."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BlogConfig(AppConfig):
    """The publication itself."""

    name = "blog"
    verbose_name = _("Publication")

    def ready(self) -> None:
        """Listen for texts and pictures that are saved or deleted, logins, migrations."""
        from django.contrib.redirects.models import (  # noqa: PLC0415  models are loaded by now
            Redirect,
        )
        from django.db.models.signals import (  # noqa: PLC0415  models are loaded by now
            post_delete,
            post_save,
            pre_delete,
        )

        from blog import (  # noqa: PLC0415  models are loaded by now
            changes,
            finding,
            former,
            logins,
            place_triggers,
            places,
            tasks,
            usage,
        )
        from blog import models as own  # noqa: PLC0415  models are loaded by now
        from blog.models import (  # noqa: PLC0415  models are loaded by now
            Image,
            Page,
            Post,
            SiteSettings,
        )

        for model in (Post, Page):
            pre_delete.connect(former.remember_deleted, sender=model)
            post_save.connect(usage.note_saved, sender=model)
        post_save.connect(tasks.wish, sender=Image)
        post_save.connect(tasks.wish_icons, sender=SiteSettings)
        post_delete.connect(tasks.forget_files, sender=Image)
        post_save.connect(tasks.wish_share_image, sender=Post)
        post_delete.connect(tasks.forget_share_image, sender=Post)
        logins.listen()
        finding.listen()
        post_save.connect(places.note_zone, sender=SiteSettings)
        place_triggers.listen()
        changes.watch(Post, Page, own.Correction, own.Category, own.Tag, own.TaggedPost, own.Author)
        changes.watch(Image, SiteSettings, own.NavLink, Redirect)
        changes.listen()
