"""Subscribers in the newsroom: to look at, to help, to erase."""

import contextlib
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.admin.asking import ask_first
from blog.admin.filters import MOST_CHOICES
from blog.admin.lists import LongListAdmin
from newsletter.addresses import InvalidAddressError, email_key
from newsletter.admin.bounces import release_all, released_message
from newsletter.admin.subscriber_files import SubscriberFiles
from newsletter.admin.subscriber_pages import SubscriberPages
from newsletter.histories.history import note
from newsletter.histories.timeline import timeline
from newsletter.models import Digest, Subscriber, SubscriberEvent
from newsletter.subscribing import signup
from newsletter.subscription import erasing

EDITABLE = ["language", "rhythm", "hour", "time_zone", "paused_until"]


class ListFilter(admin.SimpleListFilter):
    """Those who chose a list by its name."""

    title = _("list")
    parameter_name = "list"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        """Name the lists, while they are few."""
        lists = Digest.objects.filter(audience=Digest.Audience.CHOSEN)
        return [(str(pk), title) for pk, title in lists.values_list("pk", "title")[:MOST_CHOICES]]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> QuerySet[Subscriber] | None:
        """Return the subscribers of the list."""
        value = self.value() or ""
        return queryset.filter(digests=int(value)) if value.isdecimal() else queryset


@admin.register(Subscriber)
class SubscriberAdmin(SubscriberFiles, SubscriberPages, LongListAdmin[Subscriber]):
    """Addresses and their consent, which only their owners can give."""

    change_list_template = "admin/newsletter/subscriber/change_list.html"
    list_display = [
        "email",
        "state",
        "rhythm",
        "language",
        "created_at",
        "confirmed_at",
        "unsubscribed_at",
    ]
    list_filter = [
        *("state", "rhythm", "language", ListFilter),
        *("created_at", "confirmed_at"),
    ]
    search_fields = ["email", "email_key"]
    search_help_text = _("Parts of an address, or how they begin.")
    sortable_by = ["created_at"]
    actions = ["unsubscribe", "release"]
    fieldsets = [
        (None, {"fields": ["email", "state"]}),
        (_("Choices"), {"fields": [*EDITABLE, "topics"]}),
        (
            _("Consent"),
            {"fields": ["created_at", "consent_form", "consent_text", "confirmed_at"]},
        ),
        (
            _("Since then"),
            {
                "fields": [
                    *("unsubscribed_at", "suppressed_at"),
                    *("confirmations_sent", "confirmation_sent_at"),
                ]
            },
        ),
        (_("Why did she get, or not get, an edition?"), {"fields": ["why"]}),
        (_("What happened"), {"fields": ["history"]}),
    ]
    readonly_fields = [
        "email",
        "state",
        "topics",
        "created_at",
        "consent_form",
        "consent_text",
        "confirmed_at",
        "unsubscribed_at",
        "suppressed_at",
        "confirmations_sent",
        "confirmation_sent_at",
        "why",
        "history",
    ]

    class Media:
        css = {"all": ["css/newsroom/subscribers.css"]}

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

    def save_model(
        self, request: HttpRequest, obj: Subscriber, form: ModelForm[Subscriber], change: bool
    ) -> None:
        """Store what was changed and nothing else: she may be leaving at this moment."""
        changed = {
            name: [_plain(form.initial.get(name)), _plain(form.cleaned_data[name])]
            for name in form.changed_data
        }
        if changed:
            obj.save(update_fields=list(changed))
            kind = SubscriberEvent.Kind.CHANGED
            paused = (
                {"paused_until": changed.pop("paused_until")[1]}
                if ("paused_until" in changed)
                else {}
            )
            note(obj, kind, now=timezone.now(), by="newsroom", **changed, **paused)

    def delete_model(self, request: HttpRequest, obj: Subscriber) -> None:
        """Erase all that there is of her, as she could herself."""
        erasing.erase(obj, now=timezone.now(), by_herself=False)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        """Do the same with many."""
        for subscriber in queryset.order_by("pk").iterator(chunk_size=500):
            self.delete_model(request, subscriber)

    @admin.display(description=_("lists and topics"))
    def topics(self, subscriber: Subscriber) -> str:
        """Name what she chose; nothing chosen means all."""
        chosen = [
            *subscriber.digests.all(),
            *subscriber.categories.all(),
            *subscriber.collections.all(),
        ]
        return ", ".join(map(str, chosen)) or _t("all topics, no further list")

    @admin.display(description="")
    def history(self, subscriber: Subscriber) -> SafeString:
        """Tell what happened, the newest first."""
        return render_to_string(
            "admin/newsletter/subscriber/history.html", {"moments": timeline(subscriber)}
        )

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

    @admin.action(description=_("Let mail go again to the selected …"), permissions=["change"])
    def release(
        self, request: HttpRequest, queryset: QuerySet[Subscriber]
    ) -> TemplateResponse | None:
        """Write again to those to whom mail was stopped, as for who has made room in a mailbox."""
        if asks := ask_first(self, request, queryset, question=_t("Let mail go again?")):
            return asks
        self.message_user(request, released_message(release_all(queryset)), messages.SUCCESS)
        return None


def _plain(value: Any) -> Any:
    """Return a value of the form as JSON has it."""
    return value if value is None or isinstance(value, int | str) else str(value)
