"""What the publisher sets for all mail."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from blog.admin.one_row import OneRowAdmin
from newsletter.models import MailSettings


@admin.register(MailSettings)
class MailSettingsAdmin(OneRowAdmin[MailSettings]):
    """The one row of settings."""

    fieldsets = [
        (None, {"fields": ["default_rhythm", "late_after_h"]}),
        (_("How fast"), {"fields": ["max_per_minute", "max_per_hour"]}),
        (
            _("Warm-up of a new mail server"),
            {"fields": ["warm_up_from", "warm_up_first_day", "warm_up_growth"]},
        ),
        (_("Mailbox providers"), {"fields": ["feedback_id"]}),
    ]
