"""Rules in the newsroom, with a look at what each would have done."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aggregator import ruling
from aggregator.models import Rule
from aggregator.rules import BadPatternError, compile_pattern

_CONDITIONS = {
    "words": _("words"),
    "phrase": _("phrase"),
    "pattern": _("pattern"),
    "language": _("language"),
    "outlet": _("outlet"),
}


class RuleForm(forms.ModelForm[Rule]):
    """Refuses patterns that are none."""

    class Meta:
        model = Rule
        fields = "__all__"  # noqa: DJ007  all of them are an editor's

    def clean_pattern(self) -> str:
        """Say where a pattern goes wrong."""
        pattern = str(self.cleaned_data["pattern"])
        try:
            compile_pattern(pattern)
        except BadPatternError as error:
            text = _t("This is no regular expression: %(error)s") % {"error": error}
            raise forms.ValidationError(text) from error
        return pattern


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin[Rule]):
    """What happens by itself, in the order in which it is asked."""

    form = RuleForm
    list_display = ["name", "action", "conditions", "is_active", "position", "trouble"]
    list_editable = ["is_active", "position"]
    list_filter = ["action", "is_active"]
    search_fields = ["name", "words", "phrase", "pattern"]
    autocomplete_fields = ["feeds", "collection"]
    readonly_fields = ["trouble"]
    fieldsets = [
        (None, {"fields": ["name", "is_active", "position", "trouble"]}),
        (
            _("Which headlines"),
            {
                "fields": ["feeds", "words", "phrase", "pattern", "language", "outlet"],
                "description": _("What is left empty matches every headline."),
            },
        ),
        (_("What happens to them"), {"fields": ["action", "tag", "collection"]}),
    ]

    def get_urls(self) -> list[URLPattern]:
        """Add the two addresses of the button “Try it”."""
        view = self.admin_site.admin_view(self.try_view)
        return [
            path("try/", view, name="aggregator_rule_try"),
            path("<int:pk>/try/", view, name="aggregator_rule_try_again"),
            *super().get_urls(),
        ]

    @admin.display(description=_("which headlines"))
    def conditions(self, rule: Rule) -> str:
        """Say in a line what a rule looks for."""
        found = [
            f"{label}: {getattr(rule, name)}"
            for name, label in _CONDITIONS.items()
            if getattr(rule, name)
        ]
        return " · ".join(found) or _t("all")

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        """Forget the trouble of a rule that is switched on again."""
        if obj.is_active:
            obj.trouble = ""
        super().save_model(request, obj, form, change)

    def try_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Show what the rule of the form, saved or not, would have done. Changes nothing."""
        may = self.has_add_permission(request) or self.has_change_permission(request)
        if not may:
            raise PermissionDenied
        return _trial(self, request, None if pk is None else get_object_or_404(Rule, pk=pk))


def _trial(model_admin: RuleAdmin, request: HttpRequest, rule: Rule | None) -> HttpResponse:
    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        form = RuleForm(request.POST, instance=rule)
        trial = None
        if form.is_valid():
            feeds = [feed.pk for feed in form.cleaned_data["feeds"]]
            trial = ruling.try_on_recent(form.instance, feeds=feeds, now=timezone.now())
        context = {
            **model_admin.admin_site.each_context(request),
            "title": _t("What the rule would have done"),
            "opts": model_admin.opts,
            "form": form,
            "rule": form.instance,
            "trial": trial,
            "days": ruling.TRIED_ON.days,
        }
        return render(request, "admin/aggregator/rule/trial.html", context)

    return view(request)
