"""What came back, in the newsroom: with its evidence, and a way to let mail go again."""

import contextlib
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog import finding
from blog.admin.asking import ask_first
from blog.admin.lists import LongListAdmin
from newsletter import suppression
from newsletter.addresses import InvalidAddressError, email_key
from newsletter.models import Bounce, Subscriber


def release_all(subscribers: QuerySet[Subscriber]) -> int:
    """Let mail go again to those to whom it was stopped; return how many they were."""
    now = timezone.now()
    stopped = subscribers.filter(state=Subscriber.State.SUPPRESSED)
    return sum(suppression.release(row, now=now, by="newsroom") for row in stopped.iterator())


def released_message(count: int) -> str:
    """Say how many were released."""
    text = ngettext("Mail goes again to %d address.", "Mail goes again to %d addresses.", count)
    return text % count


@admin.register(Bounce)
class BounceAdmin(LongListAdmin[Bounce]):
    """Reports of mail servers, providers and readers: to read, not to change."""

    list_display = ["at", "address", "kind", "status", "source", "state"]
    list_filter = ["kind", "source", "at"]
    list_select_related = ["subscriber"]
    search_fields = ["subscriber__email_key"]
    search_help_text = _("Parts of an address, or how they begin.")
    sortable_by = ["at"]
    actions = ["release"]
    fieldsets = [
        (None, {"fields": ["at", "address", "state", "kind", "status", "source", "mail"]}),
        (_("Evidence"), {"fields": ["diagnostic", "words"]}),
    ]
    readonly_fields = [
        "at",
        "address",
        "state",
        "kind",
        "status",
        "source",
        "mail",
        "diagnostic",
        "words",
    ]

    class Media:
        css = {"all": ["css/newsroom/bounces.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: they come by themselves."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one: it is evidence, of which nothing can be changed and so nothing be saved."""
        no_buttons = dict.fromkeys(
            ["show_save", "show_save_and_continue", "show_save_and_add_another"], False
        )
        context = no_buttons | (extra_context or {})
        return super().change_view(request, object_id, form_url, context)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Bounce], search_term: str
    ) -> tuple[QuerySet[Bounce], bool]:
        """Find by the subscribers' addresses, as in their own list."""
        if not search_term.strip():
            return queryset, False
        subscribers = Subscriber.objects.all()
        with contextlib.suppress(InvalidAddressError):
            whole = subscribers.filter(email_key=email_key(search_term))
            return queryset.filter(subscriber__in=whole), False
        found = finding.find(subscribers, search_term)
        return queryset.filter(subscriber__in=found), False

    @admin.display(description=_("subscriber"))
    def address(self, bounce: Bounce) -> SafeString | str:
        """Name the subscriber and lead to her page."""
        subscriber = bounce.subscriber
        if subscriber is None:
            return "–"
        url = reverse("admin:newsletter_subscriber_change", args=[subscriber.pk])
        return format_html('<a href="{}">{}</a>', url, subscriber.email)

    @admin.display(description=_("now"))
    def state(self, bounce: Bounce) -> str:
        """Say whether mail goes to her now."""
        return bounce.subscriber.get_state_display() if bounce.subscriber else "–"

    @admin.display(description=_("mail"))
    def mail(self, bounce: Bounce) -> str:
        """Name the edition that came back."""
        return str(bounce.delivery.edition) if bounce.delivery else "–"

    @admin.display(description=_("report"))
    def words(self, bounce: Bounce) -> SafeString:
        """Show the report as it came, as text."""
        return format_html('<pre class="evidence">{}</pre>', bounce.evidence)

    @admin.action(description=_("Let mail go again to the selected …"), permissions=["change"])
    def release(self, request: HttpRequest, queryset: QuerySet[Bounce]) -> TemplateResponse | None:
        """Release the subscribers of the chosen bounces."""
        if asks := ask_first(self, request, queryset, question=str(_("Let mail go again?"))):
            return asks
        subscribers = Subscriber.objects.filter(bounces__in=queryset).distinct()
        self.message_user(request, released_message(release_all(subscribers)), messages.SUCCESS)
        return None
