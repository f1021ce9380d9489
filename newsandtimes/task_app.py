"""The queue of background work under a name that editors understand."""

from django.utils.translation import gettext_lazy as _
from django_tasks_db.apps import TasksAppConfig


class BackgroundWork(TasksAppConfig):
    """In the place of the package's own configuration."""

    verbose_name = _("Background work")  # type: ignore[assignment]  # shown in each reader's language
