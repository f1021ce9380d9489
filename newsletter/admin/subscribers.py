"""Subscribers in the newsroom: to look at, to help, to erase."""

import contextlib

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.admin.asking import ask_first
from blog.admin.lists import LongListAdmin
from newsletter import signup
from newsletter.addresses import InvalidAddressError, email_key
from newsletter.models import Subscriber


@admin.register(Subscriber)
class SubscriberAdmin(LongListAdmin[Subscriber]):
    """Addresses and their consent, which only their owners can give."""

    list_display = [
        "email",
        "state",
        "language",
        "created_at",
        "confirmed_at",
        "unsubscribed_at",
    ]
    list_filter = ["state", "language", "created_at", "confirmed_at"]
    search_fields = ["email", "email_key"]
    search_help_text = _("Parts of an address, or how they begin.")
    sortable_by = ["created_at"]
    actions = ["unsubscribe"]
    fieldsets = [
        (None, {"fields": ["email", "state", "language"]}),
        (
            _("Consent"),
            {"fields": ["created_at", "consent_form", "consent_text", "confirmed_at"]},
        ),
        (
            _("Since then"),
            {"fields": ["unsubscribed_at", "confirmations_sent", "confirmation_sent_at"]},
        ),
    ]
    readonly_fields = [
        "email",
        "state",
        "created_at",
        "consent_form",
        "consent_text",
        "confirmed_at",
        "unsubscribed_at",
        "confirmations_sent",
        "confirmation_sent_at",
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a subscriber typed in by an editor would have consented to nothing."""
        return False

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Subscriber], search_term: str
    ) -> tuple[QuerySet[Subscriber], bool]:
        """Find a whole address in whatever spelling it is pasted."""
        with contextlib.suppress(InvalidAddressError):
            return queryset.filter(email_key=email_key(search_term)), False
        return super().get_search_results(request, queryset, search_term)

    @admin.action(description=_("Unsubscribe the selected …"), permissions=["change"])
    def unsubscribe(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> TemplateResponse | None:
        """Unsubscribe, for those who write to the editors instead of pressing the button."""
        question = _t("Unsubscribe these addresses? Only their owners can take it back.")
        if asks := ask_first(self, request, queryset, question=question, at_least=2):
            return asks
        now = timezone.now()
        count = sum(signup.unsubscribe(subscriber, now=now) for subscriber in queryset)
        message = ngettext("%d address unsubscribed.", "%d addresses unsubscribed.", count)
        self.message_user(request, message % count, messages.SUCCESS)
        return None
