"""Filters of admin lists that stay short beside long tables."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from blog.models import Post

MOST_CHOICES = 30


class PickedFilter(admin.RelatedFieldListFilter):
    """Lists what may be chosen while it is little; of more, one is looked up by its name."""

    template = "admin/blog/picked_filter.html"

    def field_choices(
        self, field: Any, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        """Return the choices, none where they are too many."""
        self.site = model_admin.admin_site
        other = self.site._registry.get(field.remote_field.model)
        self.rows: QuerySet[Any] | None = None
        if other is None or not other.has_view_permission(request):
            return []
        rows: QuerySet[Any] = other.get_queryset(request)
        if rows.query.annotations:  # what its own list counts for each row is not wanted here
            seen = rows.order_by().values("pk")
            rows = other.model._default_manager.filter(pk__in=seen)
        order: Sequence[Any] = other.get_ordering(request) or other.opts.ordering or ["pk"]
        self.rows = rows.order_by(*order)
        found = list(self.rows[: MOST_CHOICES + 1])
        self.is_long = len(found) > MOST_CHOICES
        return [] if self.is_long else [(row.pk, str(row)) for row in found]

    def has_output(self) -> bool:
        """Show it to those who may see what is chosen from, if there is a choice."""
        return self.rows is not None and (self.is_long or len(self.lookup_choices) > 1)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the links, or the form in which one is looked up."""
        if not self.is_long:
            yield from super().choices(changelist)
            return
        value = self.lookup_val[-1] if self.lookup_val else None
        field = forms.ModelChoiceField(
            self.rows,
            required=False,
            widget=AutocompleteSelect(self.field, self.site, attrs={"id": self.lookup_kwarg}),
        )
        others = [
            (name, one)
            for name, values in changelist.filter_params.items()
            if name != self.lookup_kwarg
            for one in (values if isinstance(values, list) else [values])
        ]
        yield {
            "selected": value is not None,
            "id": self.lookup_kwarg,
            "picker": field.widget.render(self.lookup_kwarg, value),
            "others": others,
            "query_string": changelist.get_query_string(remove=[self.lookup_kwarg]),
        }


class ShortValuesFilter(admin.AllValuesFieldListFilter):
    """The values of a column, while they are few."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.values = list(self.lookup_choices[: MOST_CHOICES + 1])
        self.lookup_choices = self.lookup_choices[: MOST_CHOICES + 1]

    def has_output(self) -> bool:
        """Leave it out where it is longer than the list beside it."""
        return 1 < len(self.values) <= MOST_CHOICES


class StateFilter(admin.SimpleListFilter):
    """Where posts are on their way, "scheduled" where status and date together mean it."""

    title = _("state")
    parameter_name = "state"
    SCHEDULED = "scheduled"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, Any]]:
        """Name the states in the order of the work."""
        states = Post.Status
        return [
            (states.DRAFT, states.DRAFT.label),
            (states.REVIEW, states.REVIEW.label),
            (self.SCHEDULED, _("Scheduled")),
            (states.PUBLISHED, states.PUBLISHED.label),
            (states.WITHDRAWN, states.WITHDRAWN.label),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the posts in a state."""
        state, now = self.value(), timezone.now()
        if state == self.SCHEDULED:
            return queryset.filter(status=Post.Status.PUBLISHED, published_at__gt=now)
        if state == Post.Status.PUBLISHED:
            return queryset.filter(status=state, published_at__lte=now)
        return queryset.filter(status=state) if state else queryset


def picker_media() -> forms.Media:
    """Return the scripts and styles by which one of many is looked up."""
    return AutocompleteSelect(Post._meta.get_field("category"), admin.site).media


def has_picker(model_admin: admin.ModelAdmin[Any]) -> bool:
    """Whether a list has a filter that may look something up."""
    return any(
        isinstance(one, tuple) and issubclass(one[1], PickedFilter)
        for one in model_admin.list_filter
    )
