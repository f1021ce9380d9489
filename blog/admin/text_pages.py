"""The pages around one text in the newsroom: who may open them, and their common dress."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


class TextPages[M: Model](admin.ModelAdmin[M]):
    """A model's admin with further pages around each of its texts."""

    def text_for(self, request: HttpRequest, pk: str | int, *, to_change: bool = False) -> Any:
        """Return a text that this editor may see; raises Http404 and PermissionDenied."""
        text = self.get_object(request, unquote(str(pk)))
        if text is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_or_change_permission
        if not may(request, text):
            raise PermissionDenied
        return text

    def show(self, request: HttpRequest, name: str, text: Any, **context: Any) -> HttpResponse:
        """Render ``admin/blog/text/<name>.html``."""
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": text,
            "title": str(text),
            "may_change": self.has_change_permission(request, text),
        }
        return render(request, f"admin/blog/text/{name}.html", context)

    def url_name(self, page: str) -> str:
        """Return the name under which ``page`` of this model is found."""
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}"
