"""The audit: who did what, for administrators to read and to take away as a table."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog.admin.audit_filters import ModelFilter, PersonFilter, SinceFilter, UntilFilter
from blog.admin.lists import LongListAdmin
from blog.audit import Change
from blog.models import AuditEntry
from blog.spreadsheet import csv_response

COLUMNS = ["when (UTC)", "who", "what", "object", "number", "name", "changes", "in words"]


@admin.register(AuditEntry)
class AuditAdmin(LongListAdmin[AuditEntry]):
    """Newest first; nobody adds, changes or deletes here."""

    change_list_template = "admin/blog/auditentry/change_list.html"
    list_display = ["at", "who", "kind", "on_what", "details"]
    list_display_links = None
    list_filter = ["kind", PersonFilter, SinceFilter, UntilFilter, ModelFilter]
    search_fields = ["user_name", "object_name", "words"]
    search_help_text = _("A name with which somebody logs in, the name of what was changed")
    ordering = ["-at", "-id"]
    sortable_by = ()
    actions = None
    show_facets = admin.ShowFacets.NEVER
    fields = ["at", "user_name", "kind", "on_what", "details"]

    class Media:
        css = {"all": ["css/newsroom/audit.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Entries come from deeds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """What was done stays done."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """What was done stays done."""
        return False

    def get_urls(self) -> list[URLPattern]:
        """Add the table."""
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="blog_auditentry_export"), *super().get_urls()]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the entries; there is none to select for anything."""
        return super().changelist_view(request, {"title": _t("Audit"), **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Give what the list shows, with its filters, as a table of all its rows."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:blog_auditentry_changelist")
        name = f"audit-{timezone.localdate():%Y-%m-%d}.csv"
        return csv_response(name, COLUMNS, _cells(found))

    @admin.display(description=_("who"), empty_value="–")
    def who(self, entry: AuditEntry) -> SafeString | None:
        """Name the person; the name leads to all that they did."""
        return _filtered(entry.user_name, who=entry.user_name) if entry.user_name else None

    @admin.display(description=_("on what"), empty_value="–")
    def on_what(self, entry: AuditEntry) -> SafeString | None:
        """Name the object; the name leads to all that was done to it."""
        if entry.content_type_id is None:
            return None
        if not entry.object_id:
            return format_html("{}", entry.object_name)
        link = _filtered(
            entry.object_name or entry.object_id,
            model=entry.content_type_id,
            object_id__exact=entry.object_id,
        )
        return format_html('<span class="audit-model">{}</span> {}', _model_name(entry), link)

    @admin.display(description=_("change"), empty_value="–")
    def details(self, entry: AuditEntry) -> SafeString | None:
        """Tell what stood before and after."""
        rows = [(_label(entry, one), *_before_and_after(one)) for one in entry.changes]
        if not rows:
            return format_html("{}", entry.words) if entry.words else None
        words = format_html("<p>{}</p>", entry.words) if entry.words else ""
        listed = format_html_join(
            "", "<div><dt>{}</dt><dd><del>{}</del> <ins>{}</ins></dd></div>", rows
        )
        return format_html('{}<dl class="audit-changes">{}</dl>', words, listed)


def _filtered(text: str, **parameters: str | int) -> SafeString:
    return format_html('<a href="?{}">{}</a>', urlencode(parameters), text)


def _label(entry: AuditEntry, change: Change) -> str:
    field = entry.label_of(change["field"]) if change.get("field") else ""
    return ": ".join(part for part in (change.get("part", ""), field) if part)


def _before_and_after(change: Change) -> tuple[str, str]:
    if change.get("secret"):
        return "", _t("changed; secrets are not kept here")
    if "added" in change:
        return ", ".join(change["removed"]), ", ".join(change["added"])
    return change.get("old", ""), change.get("new", "")


def _model_name(entry: AuditEntry) -> str:
    return str(entry.model._meta.verbose_name) if entry.model else ""


def _cells(entries: QuerySet[AuditEntry]) -> Iterator[list[object]]:
    kinds = {kind.value: str(kind.label) for kind in AuditEntry.Kind}
    for entry in entries.iterator(chunk_size=500):
        told = [
            f"{_label(entry, one)}: {' → '.join(_before_and_after(one))}" for one in entry.changes
        ]
        yield [
            *(
                entry.at.strftime("%Y-%m-%d %H:%M:%S"),
                entry.user_name,
                kinds.get(entry.kind, entry.kind),
            ),
            *(_model_name(entry), entry.object_id, entry.object_name, "; ".join(told), entry.words),
        ]
