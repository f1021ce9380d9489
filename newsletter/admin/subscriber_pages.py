"""What the newsroom shows of subscribers beside their list: why, and the form for other sites."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from newsletter.histories import growth, growth_chart
from newsletter.histories.why import explain
from newsletter.models import Edition, Subscriber
from newsletter.subscribing import embed

EDITIONS_SHOWN = 50
COUNT_SUBSCRIBERS = "newsletter.count_subscribers"


class EditionField(forms.ModelChoiceField[Edition]):
    """An edition, named with its day."""

    def label_from_instance(self, obj: Edition) -> str:
        """Tell one edition from another."""
        day = date_format(timezone.localtime(obj.frozen_at or obj.due_at), "DATE_FORMAT")
        return f"{obj} · {day} · {obj.get_state_display()}"


class WhyForm(forms.Form):
    """One of the newest editions, or the number in the address of an older one."""

    edition = EditionField(queryset=Edition.objects.none(), required=False, label=_("edition"))
    number = forms.IntegerField(
        required=False,
        min_value=1,
        label=_("or the number in its address"),
        widget=forms.NumberInput(attrs={"class": "vIntegerField"}),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["edition"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101
        newest = Edition.objects.order_by("-due_at", "-id").values("pk")[:EDITIONS_SHOWN]
        field.queryset = _editions().filter(pk__in=list(newest.values_list("pk", flat=True)))

    def chosen(self) -> Edition | None:
        """Return the edition that is meant, if there is one."""
        if not self.is_valid():
            return None
        if number := self.cleaned_data["number"]:
            return _editions().filter(pk=number).first()
        edition: Edition | None = self.cleaned_data["edition"]
        return edition


def _editions() -> QuerySet[Edition]:
    return Edition.objects.select_related("digest").order_by("-due_at", "-id")


class SubscriberPages(admin.ModelAdmin[Subscriber]):
    """Mixed into the subscribers' admin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages."""
        view = self.admin_site.admin_view
        return [
            path("form/", view(self.embed_view), name="newsletter_subscriber_embed"),
            path("growth/", view(self.growth_view), name="newsletter_subscriber_growth"),
            path("<int:pk>/why/", view(self.why_view), name="newsletter_subscriber_why"),
            *super().get_urls(),
        ]

    def embed_view(self, request: HttpRequest) -> HttpResponse:
        """Show the sign-up form for other sites, to be copied."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self._context(request, _t("Form for other sites")), "code": embed.form_code()}
        return render(request, "admin/newsletter/subscriber/embed.html", context)

    def growth_view(self, request: HttpRequest) -> HttpResponse:
        """Show how the list grows, to all who may know the numbers; no address is looked at."""
        if not (self.has_view_permission(request) or request.user.has_perm(COUNT_SUBSCRIBERS)):
            raise PermissionDenied
        asked = request.GET.get("by", "")
        by = asked if asked in growth.SHOWN else "day"
        periods = growth.periods(by, today=timezone.localdate())
        context = {
            **self._context(request, _t("Growth of the list")),
            "by": by,
            "choices": [("day", _t("by day")), ("week", _t("by week")), ("month", _t("by month"))],
            "periods": periods,
            "chart": growth_chart.drawn(periods),
        }
        return render(request, "admin/newsletter/subscriber/growth.html", context)

    def why_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Answer why somebody got an edition, or did not."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        subscriber = get_object_or_404(Subscriber, pk=pk)
        form = WhyForm(request.GET)
        edition = form.chosen()
        answer = explain(subscriber, edition, now=timezone.now()) if edition else None
        context = {
            **self._context(request, _t("Why did she get it, or not?")),
            "subscriber": subscriber,
            "form": form,
            "edition": edition,
            "answer": answer,
        }
        return render(request, "admin/newsletter/subscriber/why.html", context)

    @admin.display(description="")
    def why(self, subscriber: Subscriber) -> SafeString:
        """Ask for an edition."""
        context = {"subscriber": subscriber, "form": WhyForm()}
        return render_to_string("admin/newsletter/subscriber/_ask.html", context)

    def _context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
