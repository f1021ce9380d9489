"""Admin lists that grow without end: how they are counted, searched, filtered and deleted from."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog import deleting, finding
from blog.admin import filters
from blog.paging import COUNTED_AT_MOST


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
    """A list that grows without end: counted so far and no farther, searched by words.

    ``sortable_by`` names the columns that an index sorts; nothing else is offered.
    """

    list_per_page = 50
    list_max_show_all = 200
    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    """A count beside each filter would go through the whole table."""
    sortable_by: ClassVar[list[str] | tuple[str, ...] | None] = []
    search_help_text = _("Words, or how they begin. Of very many matches, the newest are shown.")

    @property
    def media(self) -> forms.Media:
        """Bring what a filter needs that looks things up."""
        if not filters.has_picker(self):
            return super().media
        return super().media + filters.picker_media()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[M], search_term: str
    ) -> tuple[QuerySet[M], bool]:
        """Find by words, which an index does; a number is no way around the rights.

        Who shows a few rows only sets ``request.most_found``.
        """
        if not search_term.strip() or not finding.is_indexed(self.model):
            return super().get_search_results(request, queryset, search_term)
        most = getattr(request, "most_found", finding.MOST_FOUND)
        return finding.find(queryset, search_term, most=most), False

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

    def get_deleted_objects(
        self, objs: QuerySet[M] | Sequence[M], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Name what goes too, one by one only as long as it is few."""
        summary = deleting.summary_of(objs, may=self._may_delete(request))
        if summary is None:
            return super().get_deleted_objects(objs, request)
        going, counts, forbidden, protected = summary
        if not all(self.has_delete_permission(request, row) for row in objs):
            forbidden = {*forbidden, str(self.opts.verbose_name)}
        return going, counts, forbidden, protected

    def _may_delete(self, request: HttpRequest) -> deleting.MayDelete:
        def may(model: type[Model]) -> bool:
            known = self.admin_site._registry.get(model)
            return known is None or known.has_delete_permission(request)

        return may
