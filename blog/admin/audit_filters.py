"""Filters of the audit: by a person's name, by dates, by what it was done to."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from blog.models import AuditEntry


class TypedFilter(admin.SimpleListFilter):
    """A filter whose value is typed in: no list of everybody and everything beside it."""

    template = "admin/blog/auditentry/typed_filter.html"
    kind: ClassVar[str] = "text"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Say that there is something to choose."""
        return [("", "")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield what the filter's form needs, the other filters' values with it."""
        others = [
            (name, one)
            for name, values in changelist.filter_params.items()
            if name != self.parameter_name
            for one in (values if isinstance(values, list) else [values])
        ]
        if changelist.query:
            others.append(("q", changelist.query))
        yield {
            "name": self.parameter_name,
            "kind": self.kind,
            "value": self.value() or "",
            "others": others,
            "query_string": changelist.get_query_string(remove=[str(self.parameter_name)]),
        }

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        """Return what the typed value asks for."""
        value = (self.value() or "").strip()
        return self.find(queryset, value) if value else queryset

    def find(self, rows: QuerySet[AuditEntry], value: str) -> QuerySet[AuditEntry]:
        """Return the rows for a value."""
        raise NotImplementedError


class PersonFilter(TypedFilter):
    """Who it was, by the name with which they log in; users who are gone too."""

    title = _("person")
    parameter_name = "who"

    def find(self, rows: QuerySet[AuditEntry], value: str) -> QuerySet[AuditEntry]:
        """Return one person's deeds."""
        return rows.filter(user_name=value)


class SinceFilter(TypedFilter):
    """From which day on."""

    title = _("first day")
    parameter_name = "since"
    kind = "date"

    def find(self, rows: QuerySet[AuditEntry], value: str) -> QuerySet[AuditEntry]:
        """Return what was done on that day and later."""
        day = _beginning_of(value)
        return rows if day is None else rows.filter(at__gte=day)


class UntilFilter(TypedFilter):
    """Up to which day."""

    title = _("last day")
    parameter_name = "until"
    kind = "date"

    def find(self, rows: QuerySet[AuditEntry], value: str) -> QuerySet[AuditEntry]:
        """Return what was done on that day and earlier."""
        day = _beginning_of(value, days_later=1)
        return rows if day is None else rows.filter(at__lt=day)


class ModelFilter(admin.SimpleListFilter):
    """To what kind of thing it was done."""

    title = _("object")
    parameter_name = "model"

    def lookups(
        self, request: HttpRequest, model_admin: admin.ModelAdmin[Any]
    ) -> list[tuple[str, str]]:
        """Name the models of the newsroom."""
        models = [one for one in model_admin.admin_site._registry if one is not AuditEntry]
        types = ContentType.objects.get_for_models(*models)
        named = [(str(types[one].pk), str(one._meta.verbose_name)) for one in models]
        return sorted(named, key=lambda choice: choice[1].lower())

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        """Return what was done to objects of one model."""
        value = self.value() or ""
        return queryset.filter(content_type=int(value)) if value.isdecimal() else queryset


def _beginning_of(text: str, *, days_later: int = 0) -> datetime | None:
    try:
        day = parse_date(text)
        if day is None:
            return None
        day += timedelta(days=days_later)
        return timezone.make_aware(datetime.combine(day, time.min))
    except (ValueError, OverflowError):
        return None
