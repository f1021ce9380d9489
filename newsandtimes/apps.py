"""The two app configurations of the roof: the project itself and Django's admin as our newsroom."""

from django.apps import AppConfig, apps
from django.contrib.admin.apps import AdminConfig


class NewsAndTimesConfig(AppConfig):
    """The project's own app: commands, the demo and everything that joins the other floors."""

    name = "newsandtimes"
    verbose_name = "The News And Times"

    def ready(self) -> None:
        """Have the roles made and completed by ``migrate``, and each login noted."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415  as below
        from django.contrib.redirects.models import (  # noqa: PLC0415  models are loaded by now
            Redirect,
        )
        from django.db.models.signals import (  # noqa: PLC0415  models are loaded by now
            post_migrate,
            post_save,
            pre_delete,
        )

        from aggregator.models import Collection  # noqa: PLC0415  models are loaded by now
        from blog import changes, finding  # noqa: PLC0415  models are loaded by now
        from newsandtimes import front, roles, task_index  # noqa: PLC0415  models are loaded by now
        from newsandtimes.login import deeds, sessions  # noqa: PLC0415  models are loaded by now
        from newsandtimes.models import FrontBlock  # noqa: PLC0415  models are loaded by now

        post_migrate.connect(roles.sync_after_migrate)
        user_logged_in.connect(sessions.note_login)
        deeds.connect()
        tasks_app = apps.get_app_config("django_tasks_database")
        post_migrate.connect(task_index.build_after_migrate, sender=tasks_app)
        finding.index_words(Redirect, "old_path", "new_path")
        post_save.connect(front.keep_block, sender=Collection)
        pre_delete.connect(front.drop_block, sender=Collection)
        changes.watch(FrontBlock)


class NewsroomConfig(AdminConfig):
    """Django's admin with our site class, so that every ModelAdmin registers on it."""

    default_site = "newsandtimes.newsroom.Newsroom"
