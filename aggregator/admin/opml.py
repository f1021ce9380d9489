"""Lists of feeds into the newsroom and out of it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aggregator.models import Feed
from aggregator.opml import BadOpmlError
from aggregator.subscribing import ImportReport, export_opml, import_opml
from blog.models import SiteSettings


class ImportForm(forms.Form):
    """A file, and whether it is only to be looked at."""

    file = forms.FileField(label=_("OPML file"))
    is_trial = forms.BooleanField(label=_("only look, add nothing"), required=False, initial=False)


class OpmlViews(admin.ModelAdmin[Feed]):
    """Mixed into the feeds' admin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the two pages."""
        view = self.admin_site.admin_view
        return [
            path("opml/", view(self.import_view), name="aggregator_feed_import_opml"),
            path("opml/export/", view(self.export_view), name="aggregator_feed_export_opml"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file, and tell what became of each line."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        report = _report_of(form) if request.method == "POST" and form.is_valid() else None
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "title": _t("Import OPML"),
            "opts": self.opts,
            "form": form,
            "report": report,
            "is_trial": bool(report and form.cleaned_data["is_trial"]),
        }
        return render(request, "admin/aggregator/feed/opml.html", context)

    def export_view(self, request: HttpRequest) -> HttpResponse:
        """Give all feeds as a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        document = export_opml(title=SiteSettings.load().title, now=timezone.now())
        disposition = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
        return HttpResponse(document, content_type="text/x-opml", headers=disposition)


def _report_of(form: ImportForm) -> ImportReport | None:
    try:
        return import_opml(
            form.cleaned_data["file"].read(),
            now=timezone.now(),
            is_trial=form.cleaned_data["is_trial"],
        )
    except BadOpmlError as error:
        form.add_error("file", str(error))
        return None
