"""What is typed and not yet saved, and who else is there; static/js/writing.js tells of both."""

import re
import secrets
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import ModelForm
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from blog import writing
from blog.admin.text_pages import TextPages
from blog.rights import user_of
from blog.writing import Sheet

SAVED_COOKIE = "saved_texts"
"""Tells the browser which of the copies that it keeps itself have been saved, and may go."""
_COOKIE_DAYS = 30
_MOST_IN_COOKIE = 20
_TOKEN = re.compile(r"[\w-]{1,32}", re.ASCII)


class WritingAdmin[M: Model](TextPages[M]):
    """Keeps a text while it is being written."""

    class Media:
        js = [Script("js/writing.js", type="module")]

    def get_urls(self) -> list[URLPattern]:
        """Add where a browser tells what is being typed; 0 stands for a new text."""
        view, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path("writing/<int:pk>/", view(self.writing_view), name=f"blog_{name}_writing"),
            path("writing/<int:pk>/drop/", view(self.drop_view), name=f"blog_{name}_drop"),
            *super().get_urls(),
        ]

    def sheet(self, request: HttpRequest, pk: int, *, token: str) -> Sheet:
        """Return the sheet before this editor; without a usable token, one that is new."""
        usable = token if _TOKEN.fullmatch(token) else secrets.token_urlsafe(12)
        return Sheet(user_of(request), self.model, pk, usable)

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[M]]:
        """Begin with what was typed and not saved, where the editor asks for it."""
        form = super().get_form(request, obj, change, **kwargs)
        if request.method == "GET" and "unsaved" in request.GET:
            sheet = self.sheet(request, obj.pk if obj else 0, token=request.GET["unsaved"])
            found = writing.unsaved(sheet)
            return type(form.__name__, (form,), {"unsaved": found.form if found else {}})
        return form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Tell the page whether something typed earlier waits to be taken up."""
        pk = int(object_id) if object_id and object_id.isdecimal() else 0
        token = request.POST.get("writing_token") or request.GET.get("unsaved", "")
        sheet = self.sheet(request, pk, token=token)
        context = {
            "writing_url": reverse(self.url_name("writing"), args=[pk]),
            "drop_url": reverse(self.url_name("drop"), args=[pk]),
            "writing_token": sheet.token,
            "unsaved": writing.unsaved_elsewhere(sheet),
            "is_taken_up": "unsaved" in request.GET,
        }
        return super().changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def saved(self, request: HttpRequest, response: HttpResponse, pk: int) -> HttpResponse:
        """Forget what was typed, now that it is saved: here, and in the browser's own copy."""
        sheet = self.sheet(request, pk, token=request.POST.get("writing_token", ""))
        sent = _number_of(request, missing=0)
        writing.forget(sheet, now=timezone.now(), number=sent)
        key = f"{reverse(self.url_name('writing'), args=[pk])}:{sheet.token}"
        earlier = [one for one in request.COOKIES.get(SAVED_COOKIE, "").split("|") if one]
        response.set_cookie(
            SAVED_COOKIE,
            "|".join([*earlier[-_MOST_IN_COOKIE:], key]),
            max_age=_COOKIE_DAYS * 86_400,
            path=reverse("admin:index"),
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response

    def response_add(
        self, request: HttpRequest, obj: M, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Lead on from a new text that is saved."""
        return self.saved(request, super().response_add(request, obj, post_url_continue), 0)

    def response_change(self, request: HttpRequest, obj: M) -> HttpResponse:
        """Lead on from a text that is saved."""
        return self.saved(request, super().response_change(request, obj), obj.pk)

    def writing_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Take what is being typed, and tell who else is there."""
        return require_POST(self._write)(request, pk)

    def _write(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self._version_to_write(request, pk)
        sheet = self.sheet(request, pk, token=request.POST.get("writing_token", ""))
        form = None
        if "typed" in request.GET:
            form = writing.form_of(request.POST)
            if writing.length_of(form) > writing.MOST_CHARACTERS:
                return JsonResponse({"error": _t("The text is too large to be kept.")}, status=413)
        now = timezone.now()
        began = request.POST.get("begun_with", "")
        began_with = int(began) if began.isdecimal() and len(began) < 8 else 0
        number = _number_of(request, missing=writing.LATEST)
        writing.note(sheet, now=now, form=form, version=began_with, number=number)
        return JsonResponse({"others": writing.others(sheet, now=now), "version": version})

    def drop_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Forget what was typed and not saved."""
        return require_POST(self._drop)(request, pk)

    def _drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._version_to_write(request, pk)
        page = redirect(self.url_name("change"), pk) if pk else redirect(self.url_name("add"))
        return self.saved(request, page, pk)

    def _version_to_write(self, request: HttpRequest, pk: int) -> int:
        if pk:
            return int(self.text_for(request, pk, to_change=True).version)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return 0


def _number_of(request: HttpRequest, *, missing: int) -> int:
    """Return how many messages a window has sent so far."""
    told = request.POST.get("_writing_number", "")
    return int(told) if told.isdecimal() and len(told) < 8 else missing
