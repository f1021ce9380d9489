"""Widgets of the newsroom's forms."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from blog.models import Image


class ImageSelect(AutocompleteSelect):
    """One picture of the library, shown and chosen in its dialog; never a list of all of them.

    The page includes ``admin/blog/image/_library.html``. Where our script does not run, it is the
    search field that Django's admin has for relations.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the search field, and beside it the picture that is chosen."""
        select = super().render(name, value, attrs, renderer)
        pk = str(value or "")
        image = Image.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None
        context = {"select": select, "image": image}
        return SafeString(render_to_string("admin/blog/image/_field.html", context))

    @property
    def media(self) -> forms.Media:
        """Add the script and the dress."""
        own = forms.Media(
            js=[Script("js/images/field.js", type="module")],  # type: ignore[list-item]  # older stubs
            css={"all": ["css/newsroom/images.css"]},
        )
        return super().media + own
