"""What our hub was told, to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from aggregator.models import Announcement
from blog.admin.lists import LongListAdmin


@admin.register(Announcement)
class AnnouncementAdmin(LongListAdmin[Announcement]):
    """Each feed of ours with what came of telling the hub; nobody writes here."""

    list_display = ["topic", "wanted_at", "told_at", "next_try_at", "failures", "error"]
    list_filter = [("next_try_at", admin.EmptyFieldListFilter)]
    search_fields = ["topic"]
    search_help_text = _("A part of the feed’s address.")
    ordering = ["-wanted_at", "topic"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Rows come by themselves."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows change by themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows stay: they say what the hub knows."""
        return False
