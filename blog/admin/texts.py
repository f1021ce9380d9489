"""What posts and pages share in the newsroom."""

from typing import Any

from django.db.models import Model
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone

from blog import versions
from blog.admin.versions import VersionsAdmin
from blog.admin.writing import WritingAdmin
from blog.rights import user_of


class TextAdmin[M: Model](WritingAdmin[M], VersionsAdmin[M]):
    """A text that is written here, maybe by several people; each save is a version."""

    change_form_template = "admin/blog/text/change_form.html"

    def save_related(
        self, request: HttpRequest, form: ModelForm[M], formsets: Any, change: bool
    ) -> None:
        """Keep the version, once everything that belongs to it is stored."""
        super().save_related(request, form, formsets, change)
        self.complete(form.instance)
        self.keep_version(request, form.instance)

    def complete(self, text: M) -> None:
        """Do what remains to be done with a text, once the form has stored its own."""

    def keep_version(self, request: HttpRequest, text: Any) -> None:
        """Keep what the text says now as a version of this editor's."""
        versions.keep(text, by=user_of(request), now=timezone.now())
