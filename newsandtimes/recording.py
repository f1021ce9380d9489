"""Keeps each deed in the newsroom: mixed into every admin class when it is registered."""

from collections.abc import Collection, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import ActionLocation
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BooleanField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t

from blog import audit
from blog.audit import Change, Kind
from blog.models import AuditEntry
from blog.paging import COUNTED_AT_MOST

MOST_NAMED = 50
"""An action on more rows than these is one entry with their number."""
MOST_LISTED = 200


class Message(list[Any]):
    """What Django says of a saved form, and what we keep of it."""

    changes: Sequence[Change] = ()


class Recorded(admin.ModelAdmin[Any]):
    """Keeps additions, changes, deletions and actions in the audit, in the place of Django's log.

    Django's own log goes with the user who is deleted, names fields without their values, and
    would keep the address of a subscriber who has been erased.
    """

    def construct_change_message(
        self, request: HttpRequest, form: BaseForm, formsets: Any, add: bool = False
    ) -> Any:
        """Note what the form has changed, while it still knows what stood there before."""
        message = Message()
        message.changes = audit.changes_of(form, formsets)
        return message

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Keep an addition."""
        changes = [] if isinstance(message, str) else _changes_in(message)
        kind = audit.kind_of(obj, changes, is_new=True)
        # What it says is there to be read; that it was published at once is not.
        return audit.record(kind, by=request.user, obj=obj, words=_t("Added."))

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Keep a change, or in words what a button did; a save that changed nothing is none."""
        if isinstance(message, str):
            return audit.record(Kind.DONE, by=request.user, obj=obj, words=message)
        changes = _changes_in(message)
        if not changes:
            return None
        return audit.record(audit.kind_of(obj, changes), by=request.user, obj=obj, changes=changes)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Keep what is about to be deleted."""
        return audit.record_all(Kind.DELETED, queryset, by=request.user)

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> Any:
        """Keep an action on several rows, once it has acted."""
        name, rows = _asked(request, queryset)
        count = rows.order_by()[: MOST_NAMED + 1].count()
        named = list(rows[:MOST_NAMED]) if 0 < count <= MOST_NAMED else []
        total = count if count <= MOST_NAMED else rows.order_by()[:COUNTED_AT_MOST].count()
        response = super().response_action(request, queryset, action_location)
        if name and name not in self._kept_one_by_one() and count and _has_acted(response):
            choices = dict(self.get_action_choices(request, action_location=action_location))
            words = str(choices.get(name, name))
            if named:
                audit.record_all(Kind.DONE, named, by=request.user, words=words)
            else:
                audit.record_number(self.model, total, by=request.user, words=words)
        return response

    def _kept_one_by_one(self) -> Collection[str]:
        """Return the actions that keep each deed themselves."""
        return {"delete_selected", *getattr(self, "kept_one_by_one", ())}

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List what was done to one object; texts list their versions instead."""
        if hasattr(self.model, "versions"):
            return super().history_view(request, object_id, extra_context)
        found = self.get_object(request, unquote(object_id))
        if found is None:
            raise Http404
        if not self.has_view_or_change_permission(request, found):
            raise PermissionDenied
        entries = AuditEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(self.model), object_id=str(found.pk)
        ).order_by("-at", "-id")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": found,
            "title": str(found),
            "entries": entries[:MOST_LISTED],
        }
        return render(request, "admin/blog/auditentry/history.html", context)


def _changes_in(message: Any) -> list[Change]:
    """Return the changes, of which a message in Django's own form names the fields only."""
    if isinstance(message, Message):
        return list(message.changes)
    fields = [one.get("changed", {}).get("fields", ()) for one in message]
    return [{"field": name} for names in fields for name in names]


def _asked(request: HttpRequest, rows: QuerySet[Any]) -> tuple[str, QuerySet[Any]]:
    """Return the name of the action that is asked for, and the rows that it is for."""
    on_form = f"{ActionLocation.CHANGE_FORM.value}-action"
    names = request.POST.getlist("action") or request.POST.getlist(on_form)
    index = request.POST.get("index", "0")
    place = int(index) if index.isdecimal() and int(index) < len(names) else 0
    if not BooleanField().to_python(request.POST.get("select_across")):
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        rows = rows.filter(pk__in=chosen) if chosen else rows.none()
    return (names[place] if names else ""), rows


def _has_acted(response: Any) -> bool:
    """Whether an action is through: not refused, and no page that asks first."""
    if response is None:
        return False
    is_page = str(response.headers.get("Content-Type", "")).startswith("text/html")
    return not (is_page and response.status_code == HTTPStatus.OK)
