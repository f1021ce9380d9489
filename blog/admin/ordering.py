"""Short lists whose order is an editor's: a button moves a row up or down."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, Model, QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST


class OrderedAdmin[M: Model](admin.ModelAdmin[M]):
    """Rows with a ``position``, within the rows that share the value of ``ordered_within``."""

    exclude = ["position"]
    ordered_within: str | None = None

    def get_urls(self) -> list[URLPattern]:
        """Add what the buttons of the list do."""
        view = self.admin_site.admin_view(self.shift_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_shift"
        return [path("<int:pk>/shift/<str:way>/", view, name=name), *super().get_urls()]

    @admin.display(description=_("order"))
    def order(self, row: Any) -> SafeString:
        """Offer to move a row; the buttons stand in the list's own form and bring its token."""
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_shift"
        return format_html(
            '<span class="order"><button formaction="{}" formnovalidate aria-label="{}">↑</button> '
            '<button formaction="{}" formnovalidate aria-label="{}">↓</button></span>',
            reverse(name, args=[row.pk, "up"]),
            _t("Move “%(row)s” up") % {"row": row},
            reverse(name, args=[row.pk, "down"]),
            _t("Move “%(row)s” down") % {"row": row},
        )

    def get_list_display(self, request: HttpRequest) -> Any:
        """Show the buttons to those who may use them."""
        columns = super().get_list_display(request)
        may = self.has_change_permission(request)
        return [name for name in columns if may or name != "order"]

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm[M], change: bool) -> None:
        """Put a new row, or one that has changed its place, at the end."""
        if not change or self.ordered_within in form.changed_data:
            last = self._beside(request, obj).exclude(pk=obj.pk).aggregate(last=Max("position"))
            obj.position = 0 if last["last"] is None else last["last"] + 1
        super().save_model(request, obj, form, change)

    def _beside(self, request: HttpRequest, row: Any) -> QuerySet[Any]:
        """Return the rows among which a row has its position."""
        rows: QuerySet[Any] = self.get_queryset(request)
        if not self.ordered_within:
            return rows
        return rows.filter(**{self.ordered_within: getattr(row, self.ordered_within)})

    def shift_view(self, request: HttpRequest, pk: int, way: str) -> HttpResponse:
        """Move a row one place up or down."""
        return require_POST(self._shift)(request, pk, way)

    @transaction.atomic
    def _shift(self, request: HttpRequest, pk: int, way: str) -> HttpResponse:
        row: Any = self.get_object(request, str(pk))
        if row is None or way not in {"up", "down"}:
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        order = list(self._beside(request, row).select_for_update(of=("self",)))
        at = order.index(row)
        to = max(0, at - 1) if way == "up" else min(len(order) - 1, at + 1)
        if to != at:
            order.insert(to, order.pop(at))
            for position, one in enumerate(order):
                if one.position != position:
                    one.position = position
                    one.save(update_fields=["position"])
            self.log_change(request, row, _t("Moved up.") if way == "up" else _t("Moved down."))
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
