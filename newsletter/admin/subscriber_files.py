"""Subscribers into the newsroom and out of it, as CSV files."""

import logging
import re
import uuid
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from blog import audit
from blog.models import User
from blog.paging import cut_page
from blog.spreadsheet import csv_response
from newsletter.importing import running
from newsletter.importing.tasks import run_import
from newsletter.models import Subscriber, SubscriberImport

logger = logging.getLogger(__name__)

MOST_BYTES = 100 * 1024 * 1024
LINES_SHOWN = 200
IMPORTS_SHOWN = 20
LOOK_AGAIN_S = 3
COLUMNS = [
    *("email", "state", "language", "rhythm"),
    *("consent_at", "consent_form", "consent_text", "confirmed_at"),
    *("unsubscribed_at", "mail_stopped_at", "hour", "time_zone", "paused_until"),
    *("lists", "sections", "collections"),
]


class UploadForm(forms.Form):
    """A file."""

    file = forms.FileField(label=_("CSV file"))

    def clean_file(self) -> Any:
        """Refuse what is too large."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("It is larger than 100 MB. Cut it in parts."))
        return file


class SubscriberFiles(admin.ModelAdmin[Subscriber]):
    """Mixed into the subscribers' admin."""

    def get_urls(self) -> list[URLPattern]:
        """Add the pages."""
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="newsletter_subscriber_import"),
            path(
                "import/<int:pk>/",
                view(self.one_import_view),
                name="newsletter_subscriber_import_one",
            ),
            path("export/", view(self.export_view), name="newsletter_subscriber_export"),
            *super().get_urls(),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Take a file and have it looked at; list the last ones."""
        self._ask_right(request)
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            work = SubscriberImport.objects.create(
                name=str(file.name)[:200],
                file=running.files().save(f"imports/{uuid.uuid4().hex}.csv", file),
                created_by_id=request.user.pk,
            )
            _keep(
                request, _t("Had a file of addresses looked at: import %(pk)s.") % {"pk": work.pk}
            )
            run_import.enqueue(work.pk)
            return redirect("admin:newsletter_subscriber_import_one", work.pk)
        context = {
            **self._own_context(request, _t("Import CSV")),
            "form": form,
            "imports": SubscriberImport.objects.select_related("created_by")[:IMPORTS_SHOWN],
        }
        return render(request, "admin/newsletter/subscriber/import.html", context)

    def one_import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Tell how far an import is and what became of each line; take the word to go on."""
        self._ask_right(request)
        work = get_object_or_404(SubscriberImport, pk=pk)
        if request.method == "POST":
            self._act(request, work)
            return redirect("admin:newsletter_subscriber_import_one", pk)
        asked = request.GET.get("p", "")
        number = int(asked) if re.fullmatch("[1-9][0-9]{0,5}", asked) else 1
        lines = cut_page(work.lines.all(), number=number, per_page=LINES_SHOWN)
        context = {
            **self._own_context(request, work.name),
            "work": work,
            "counts": [
                (SubscriberImport.Result(result), count)
                for result, count in sorted(work.counts.items())
            ],
            "usable": sum(work.counts.get(name, 0) for name in ("new", "confirmed")),
            "lines": lines,
        }
        response = render(request, "admin/newsletter/subscriber/import_one.html", context)
        if work.is_running:
            response["Refresh"] = str(LOOK_AGAIN_S)
        return response

    def _act(self, request: HttpRequest, work: SubscriberImport) -> None:
        if "apply" in request.POST and running.start_applying(work):
            _keep(request, _t("Brought a file of addresses in: import %(pk)s.") % {"pk": work.pk})
            run_import.enqueue(work.pk)
        elif "cancel" in request.POST and running.cancel(work, now=timezone.now()):
            self.message_user(request, _t("Stopped. What had come in stays."), messages.SUCCESS)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """Give what the list shows, with its filters, as a table of all its rows."""
        self._ask_right(request)
        try:
            found = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:newsletter_subscriber_changelist")
        logger.info("%s takes the addresses of subscribers out", request.user)
        name = f"subscribers-{timezone.localdate():%Y-%m-%d}.csv"
        return csv_response(name, COLUMNS, _cells(found))

    def _ask_right(self, request: HttpRequest) -> None:
        if not self.has_change_permission(request):
            raise PermissionDenied

    def _own_context(self, request: HttpRequest, title: str) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts}


def _keep(request: HttpRequest, words: str) -> None:
    """Keep a deed in the audit."""
    assert isinstance(request.user, User)  # noqa: S101  the admin lets nobody else in
    audit.record(audit.Kind.DONE, by=request.user, words=words)


def _cells(found: QuerySet[Subscriber]) -> Iterator[list[object]]:
    many = ("digests", "categories", "collections")
    for one in found.prefetch_related(*many).iterator(chunk_size=1000):
        yield [
            *(one.email, one.state, one.language, one.rhythm),
            *(_iso(one.created_at), one.consent_form, one.consent_text, _iso(one.confirmed_at)),
            *(_iso(one.unsubscribed_at), _iso(one.suppressed_at), one.hour, one.time_zone),
            one.paused_until,
            *("; ".join(str(row) for row in getattr(one, name).all()) for name in many),
        ]


def _iso(at: Any) -> str:
    return at.isoformat() if at else ""
