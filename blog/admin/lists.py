"""Admin lists that grow without end."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t

COUNTED_AT_MOST = 10_000


class CappedPaginator(Paginator[Any]):
    """Counts so far and no farther: what is older is found by searching, not by leafing."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to COUNTED_AT_MOST."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[:COUNTED_AT_MOST].count()
        return len(rows)


class LongListAdmin[M: Model](admin.ModelAdmin[M]):
    """A list that grows without end, counted so far and no farther."""

    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Refuse to act on "all" where that is more than the number that the editor was shown."""
        is_for_all = forms.BooleanField().to_python(request.POST.get("select_across"))
        if is_for_all and queryset.order_by()[COUNTED_AT_MOST:].exists():
            text = _t(
                "There are more than %(count)d rows, too many to change at once. Nothing has been "
                "changed. Search or filter for fewer, or choose rows page by page."
            )
            self.message_user(request, text % {"count": COUNTED_AT_MOST}, messages.ERROR)
            return None
        return super().response_action(request, queryset, action_location)
