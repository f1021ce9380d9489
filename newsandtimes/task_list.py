"""The queue of background work in the newsroom, counted and sorted as far as an index goes."""

from typing import Any

import django_tasks_db.admin
from django.contrib import admin
from django.http import HttpRequest
from django_tasks_db.models import DBTaskResult

from blog.admin.lists import LongListAdmin

admin.site.unregister(DBTaskResult)


@admin.register(DBTaskResult)
class TaskAdmin(LongListAdmin[Any], django_tasks_db.admin.DBTaskResultAdmin):
    """What the worker has done and has to do, the newest first."""

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show what tells one task from another."""
        return ["task_name", "status", "enqueued_at", "started_at", "finished_at", "queue_name"]

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Filter by what the index holds."""
        return ["status"]

    def get_ordering(self, request: HttpRequest) -> Any:
        """Order as the index does."""
        return ["-enqueued_at", "-id"]
