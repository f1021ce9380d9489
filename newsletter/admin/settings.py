"""What the publisher sets for all mail."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from newsletter.models import MailSettings


@admin.register(MailSettings)
class MailSettingsAdmin(admin.ModelAdmin[MailSettings]):
    """The one row of settings: there is nothing to list, to add or to delete."""

    fieldsets = [
        (None, {"fields": ["default_rhythm", "late_after_h"]}),
        (_("How fast"), {"fields": ["max_per_minute", "max_per_hour"]}),
        (
            _("Warm-up of a new mail server"),
            {"fields": ["warm_up_from", "warm_up_first_day", "warm_up_growth"]},
        ),
        (_("Mailbox providers"), {"fields": ["feedback_id"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is always exactly one row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is always exactly one row."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead straight to the form."""
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # answers 403
        return HttpResponseRedirect(reverse("admin:newsletter_mailsettings_change", args=[1]))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> MailSettings | None:
        """Return the settings, with their defaults where none were saved yet."""
        return MailSettings.load() if object_id == "1" else None
