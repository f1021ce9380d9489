"""The versions of a text: listed, compared, restored."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from blog import versions
from blog.admin.text_pages import TextPages
from blog.rights import user_of

MOST_LISTED = 200


class VersionsAdmin[M: Model](TextPages[M]):
    """Adds the pages of a text's versions, the list in the place of Django's history."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page of one version, and where it is restored."""
        view, name = self.admin_site.admin_view, self.opts.model_name
        one = "<int:pk>/versions/<int:number>/"
        return [
            path(one, view(self.version_view), name=f"blog_{name}_version"),
            path(f"{one}restore/", view(self.restore_view), name=f"blog_{name}_restore"),
            *super().get_urls(),
        ]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """List the versions: when, by whom."""
        text = self.text_for(request, object_id)
        rows = text.versions.select_related("saved_by").defer("content")[:MOST_LISTED]
        return self.show(
            request, "versions", text, versions=rows, version_url=self.url_name("version")
        )

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Compare a version with the one before it, or with ``?with=`` another."""
        text = self.text_for(request, pk)
        version = get_object_or_404(text.versions.select_related("saved_by"), number=number)
        asked = request.GET.get("with", "")
        other = int(asked) if asked.isdecimal() and len(asked) < 8 else number - 1
        before = text.versions.filter(number=other).first()
        found = versions.differences(
            before.content if before else {}, version.content, model=self.model
        )
        return self.show(
            request,
            "version",
            text,
            version=version,
            before=before,
            differences=found,
            numbers=text.versions.values_list("number", flat=True)[:MOST_LISTED],
            restore_url=self.url_name("restore"),
        )

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Make the text say again what it said then."""
        return require_POST(self._restore)(request, pk, number)

    def _restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        text = self.text_for(request, pk, to_change=True)
        version = get_object_or_404(text.versions, number=number)
        versions.restore(text, version, by=user_of(request), now=timezone.now())
        self.log_change(request, text, _t("Version %(number)d restored.") % {"number": number})
        messages.success(request, _t("The text says again what it said in version %d.") % number)
        return redirect(self.url_name("change"), text.pk)
