"""The admin of settings that are one row."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

KEY = "1"


class OneRowAdmin[Row: Model](admin.ModelAdmin[Row]):
    """There is nothing to list, to add or to delete. The model has a ``load()`` for its row."""

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
        return HttpResponseRedirect(
            reverse(f"admin:{self.opts.label_lower.replace('.', '_')}_change", args=[KEY])
        )

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Row | None:
        """Return the settings, with their defaults where none were saved yet."""
        row: Row = self.model.load()  # type: ignore[attr-defined]  # of each such model
        return row if object_id == KEY else None
