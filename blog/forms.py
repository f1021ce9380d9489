"""The editors' forms of the publication."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_prose_editor.widgets import AdminProseEditorWidget

from blog.cleaning import clean_html
from blog.models import Post

# What the editor offers; blog.cleaning decides what is kept, and allows at least these.
EXTENSIONS: dict[str, Any] = {
    "Bold": True,
    "Italic": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [2, 3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "Image": True,
    "Caption": True,
    "Figure": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Code": True,
    "CodeBlock": True,
    "History": True,
    "HTML": True,
}


class ProseField(forms.CharField):
    """Formatted text: written in an editor, cleaned by the site's one allow-list."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("strip", False)
        super().__init__(
            widget=AdminProseEditorWidget(config={"extensions": EXTENSIONS}, preset="configurable"),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the cleaned HTML; an editor's empty paragraph counts as nothing."""
        cleaned = clean_html(super().clean(value) or "")
        return "" if cleaned == "<p></p>" else cleaned


class PostForm(forms.ModelForm[Post]):
    """A post as its editor sees it."""

    body = ProseField(required=False, label=_("Text"))

    class Meta:
        model = Post
        fields = [
            "title",
            "standfirst",
            "body",
            "image",
            "kind",
            "source_url",
            "outlet",
            "category",
            "categories",
            "tags",
            "authors",
            "language",
            "status",
            "published_at",
            "slug",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField", "size": 80}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        }

    def clean(self) -> dict[str, Any]:
        """Let the post stand in its own category too."""
        cleaned = super().clean() or self.cleaned_data
        own = cleaned.get("category")
        if own is not None and "categories" in cleaned:
            cleaned["categories"] = [*cleaned["categories"].exclude(pk=own.pk), own]
        return cleaned
