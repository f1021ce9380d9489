"""What posts and pages share in the newsroom: versions, unsaved texts, who else is there."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from blog import versions, writing
from blog.models import User


class TextAdmin[M: Model](admin.ModelAdmin[M]):
    """A text that is written here, maybe by several people."""

    change_form_template = "admin/blog/text/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages of a text's versions, and where a browser tells what is being typed."""
        view, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path(
                "<int:pk>/versions/<int:number>/",
                view(self.version_view),
                name=f"blog_{name}_version",
            ),
            path(
                "<int:pk>/versions/<int:number>/restore/",
                view(self.restore_view),
                name=f"blog_{name}_restore",
            ),
            path("writing/<int:pk>/", view(self.writing_view), name=f"blog_{name}_writing"),
            path("writing/<int:pk>/drop/", view(self.drop_view), name=f"blog_{name}_drop"),
            *super().get_urls(),
        ]

    def get_form(
        self, request: HttpRequest, obj: M | None = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[M]]:
        """Begin with what was typed and not saved, where the editor asks for it."""
        form = super().get_form(request, obj, change, **kwargs)
        if request.method == "GET" and "unsaved" in request.GET:
            found = writing.unsaved(user_of(request), self.model, obj.pk if obj else None)
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
        pk = int(unquote(object_id)) if object_id and unquote(object_id).isdecimal() else 0
        found = writing.unsaved(user_of(request), self.model, pk)
        context = {
            "writing_url": reverse(f"admin:blog_{self.opts.model_name}_writing", args=[pk]),
            "drop_url": reverse(f"admin:blog_{self.opts.model_name}_drop", args=[pk]),
            "unsaved": None if "unsaved" in request.GET else found,
            "taken_up": "unsaved" in request.GET and found is not None,
        }
        return super().changeform_view(
            request, object_id, form_url, context | (extra_context or {})
        )

    def save_related(
        self, request: HttpRequest, form: ModelForm[M], formsets: Any, change: bool
    ) -> None:
        """Keep the version, once everything that belongs to it is stored."""
        super().save_related(request, form, formsets, change)
        self.complete(form.instance)
        self.keep_version(request, form.instance)
        writing.forget(user_of(request), self.model, form.instance.pk if change else None)

    def complete(self, text: M) -> None:
        """Do what remains to be done with a text, once the form has stored its own."""

    def keep_version(self, request: HttpRequest, text: Any) -> None:
        """Keep what the text says now as a version of this editor's."""
        versions.keep(text, by=user_of(request), now=timezone.now())

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the versions: when, by whom."""
        text = self._text(request, object_id)
        rows = text.versions.select_related("saved_by").defer("content")[:200]
        return self._page(request, "versions", text, versions=rows)

    def version_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """Compare a version with the one before it, or with ``?with=`` another."""
        text = self._text(request, pk)
        version = get_object_or_404(text.versions.select_related("saved_by"), number=number)
        asked = request.GET.get("with", "")
        other = int(asked) if asked.isdecimal() and len(asked) < 8 else number - 1
        before = text.versions.filter(number=other).first()
        found = versions.differences(
            before.content if before else {}, version.content, model=self.model
        )
        numbers = text.versions.values_list("number", flat=True)[:200]
        return self._page(
            request,
            "version",
            text,
            version=version,
            before=before,
            differences=found,
            numbers=numbers,
        )

    def restore_view(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Make the text say again what it said then."""
        return require_POST(self._restore)(request, pk, number)

    def _restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        text = self._text(request, pk, to_change=True)
        version = get_object_or_404(text.versions, number=number)
        versions.restore(text, version, by=user_of(request), now=timezone.now())
        self.log_change(request, text, _t("Version %(number)d restored.") % {"number": number})
        messages.success(request, _t("The text says again what it said in version %d.") % number)
        return redirect(f"admin:blog_{self.opts.model_name}_change", text.pk)

    def writing_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Take what is being typed, and tell who else is there."""
        return require_POST(self._write)(request, pk)

    def _write(self, request: HttpRequest, pk: int) -> HttpResponse:
        version = self._version_for_writing(request, pk)
        form = None
        if "typed" in request.GET:
            if len(request.body) > writing.MOST_BYTES:
                return JsonResponse({"error": _t("The text is too large to be kept.")}, status=413)
            form = writing.form_of(request.POST)
        user, now = user_of(request), timezone.now()
        began = request.POST.get("begun_with", "")
        began_with = int(began) if began.isdecimal() and len(began) < 8 else 0
        writing.note(user, self.model, pk, now=now, form=form, version=began_with)
        return JsonResponse(
            {"others": writing.others(user, self.model, pk, now=now), "version": version}
        )

    def drop_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """Forget what was typed and not saved."""
        return require_POST(self._drop)(request, pk)

    def _drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._version_for_writing(request, pk)
        writing.forget(user_of(request), self.model, pk)
        name = f"admin:blog_{self.opts.model_name}"
        return redirect(f"{name}_change", pk) if pk else redirect(f"{name}_add")

    def _version_for_writing(self, request: HttpRequest, pk: int) -> int:
        if pk:
            return int(self._text(request, pk, to_change=True).version)
        if not self.has_add_permission(request):
            raise PermissionDenied
        return 0

    def _text(self, request: HttpRequest, pk: str | int, *, to_change: bool = False) -> Any:
        """Return a text that this editor may see; raises Http404 and PermissionDenied."""
        text = self.get_object(request, unquote(str(pk)))
        if text is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_or_change_permission
        if not may(request, text):
            raise PermissionDenied
        return text

    def _page(self, request: HttpRequest, name: str, text: Any, **context: Any) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": text,
            "title": str(text),
            "may_change": self.has_change_permission(request, text),
            "version_url": f"admin:blog_{self.opts.model_name}_version",
            "restore_url": f"admin:blog_{self.opts.model_name}_restore",
        }
        return render(request, f"admin/blog/text/{name}.html", context)


def user_of(request: HttpRequest) -> User:
    """Return who is logged in, as everybody is in the admin."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user
