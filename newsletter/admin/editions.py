"""Editions in the newsroom: their list, and the page on which the next one is made ready."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog.admin.lists import LongListAdmin
from blog.models import SiteSettings
from newsletter.admin.edition_deeds import ScheduleForm
from newsletter.admin.edition_looks import EditionLooks, rendered
from newsletter.admin.mail_post import MailPost
from newsletter.editions import deeds, link_check
from newsletter.editions.balance import of_edition
from newsletter.editions.collecting import part_of
from newsletter.editions.planning import NEXT
from newsletter.editions.rendering import suggestion
from newsletter.models import Delivery, Edition, EditionItem

WARNING_BYTES = 85_000


class EditionForm(forms.ModelForm[Edition]):
    """An editor's own words."""

    class Meta:
        model = Edition
        fields = ["subject", "intro"]
        widgets = {
            "subject": AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
            "intro": AdminTextareaWidget(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "subject" in self.fields:
            first = list(self.instance.items.filter(is_dropped=False)[:2])
            self.fields["subject"].widget.attrs["placeholder"] = suggestion(first)


@admin.register(Edition)
class EditionAdmin(MailPost, EditionLooks, LongListAdmin[Edition]):
    """What went out, what goes out now, and what is being collected."""

    form = EditionForm
    change_form_template = "admin/newsletter/edition/change_form.html"
    list_display = ["__str__", "state", "due_at", "subject", "frozen_at", "finished_at"]
    list_filter = ["state", "kind", "digest"]
    list_select_related = ["digest"]
    ordering = ["-due_at", "-id"]
    fieldsets = [(_("Words"), {"fields": ["subject", "intro"]})]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: the clock makes them, or the button of a post."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: what was mailed to whom stays known."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Leave what is frozen as it is."""
        is_open = obj is None or obj.state in NEXT
        return [] if is_open else ["subject", "intro"]

    def get_queryset(self, request: HttpRequest) -> Any:
        """Load what an edition is called by."""
        return super().get_queryset(request).select_related("digest", "post")

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Offer its page in the web archive once it has one."""
        is_public = obj is not None and Edition.objects.public().filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if is_public else None

    def save_model(self, request: HttpRequest, obj: Edition, form: Any, change: bool) -> None:
        """Store the words alone, and not over an edition that was frozen meanwhile."""
        if not deeds.rewrite(obj, subject=obj.subject, intro=obj.intro):
            text = _t("It was frozen while you wrote: your words came too late for this edition.")
            messages.error(request, text)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what it holds, how far it is, and what can be done with it."""
        edition = self.get_object(request, object_id)
        may_view = edition is not None and self.has_view_or_change_permission(request, edition)
        page = page_for(edition, user_id=request.user.pk or 0) if edition and may_view else {}
        context = {**page, **(extra_context or {}), "show_save_and_add_another": False}
        return super().change_view(request, object_id, form_url, context)


@dataclass(frozen=True, slots=True)
class Part:
    """Items that stand together in the mail."""

    name: str
    items: Sequence[EditionItem]


def page_for(edition: Edition, *, user_id: int) -> dict[str, Any]:
    """Return what an edition's page shows beside the form."""
    site, now = SiteSettings.load(), timezone.now()
    items = list(edition.items.all())
    kept = [item for item in items if not item.is_dropped]
    looks = link_check.answers(link_check.addresses_in(kept), user_id=user_id, now=now)
    mail = rendered(edition, site.language) if kept else None
    counts = dict(edition.deliveries.order_by().values_list("state").annotate(count=Count("pk")))
    labels = {str(state.value): state.label for state in Delivery.State}
    state = Edition.State(edition.state)
    digest = edition.digest
    return {
        "parts": parts_of(items),
        "count": len(kept),
        "balance": of_edition(edition, now=now, site=site),
        "mail": mail,
        "is_large": mail is not None and mail.html_bytes > WARNING_BYTES,
        "progress": [(labels[key], counts[key]) for key in labels if key in counts],
        "unknown": counts.get(Delivery.State.UNKNOWN, 0),
        "bad_links": [look for look in looks if look.is_known and not look.is_well],
        "looked_at": len(looks),
        "looks_waiting": sum(not look.is_known for look in looks),
        "is_next": state in NEXT,
        "can_approve": state in NEXT
        and edition.approved_at is None
        and digest is not None
        and digest.needs_approval,
        "can_pause": state == Edition.State.SENDING,
        "can_resume": state == Edition.State.PAUSED,
        "can_cancel": state in deeds.STOPPABLE,
        "schedule": ScheduleForm(initial={"due_at": edition.due_at}),
    }


def parts_of(items: Sequence[EditionItem]) -> list[Part]:
    """Return the items by the parts within which they may be moved."""
    names = {
        EditionItem.Kind.POST: _t("Posts"),
        EditionItem.Kind.CORRECTION: _t("Corrections, to those who got what was wrong"),
    }
    found = []
    for (kind, _collection), group in groupby(items, key=part_of):
        together = list(group)
        found.append(Part(names.get(EditionItem.Kind(kind), together[0].section), together))
    return found
