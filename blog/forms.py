"""The editors' forms of the publication."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from blog import rights, versions
from blog.models import Category, Image, Page, Post
from blog.prose import ProseField
from blog.rights import Person
from blog.tagging import TagsField
from blog.versions import Difference
from blog.writing import Form


class TextForm[M: (Post, Page)](forms.ModelForm[M]):
    """A text with versions: what was saved by somebody else meanwhile is never overwritten."""

    begun_with = forms.IntegerField(required=False, widget=forms.HiddenInput)
    """The version that the editor had before them when they began."""
    unsaved: ClassVar[Form] = {}
    """What was typed earlier and not saved, to begin with."""
    stale: Sequence[Difference] = ()
    """How the stored text differs from this one, where somebody has saved it meanwhile."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["begun_with"] = self.instance.version
        if self.unsaved:
            data = MultiValueDict(self.unsaved)
            for name, field in self.fields.items():
                self.initial[name] = field.widget.value_from_datadict(data, MultiValueDict(), name)

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what this form has not begun with."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            stored = versions.stored_version(self.instance)
            if cleaned.get("begun_with") != stored:
                self._refuse(stored)
        return cleaned

    def _refuse(self, stored: int) -> None:
        theirs = versions.content_of(type(self.instance)._base_manager.get(pk=self.instance.pk))
        ours = theirs | {
            name: _kept_value(self.cleaned_data.get(name))
            for name in theirs
            if name in self.cleaned_data
        }
        self.stale = versions.differences(theirs, ours, model=type(self.instance))
        # Whoever has seen both may save the next time.
        seen = QueryDict(mutable=True)
        seen.update(self.data)
        seen[self.add_prefix("begun_with")] = str(stored)
        self.data = seen
        raise forms.ValidationError(
            _(
                "Somebody has saved this text since you opened it. Nothing of either is lost: "
                "above stands what differs. Bring your text in order and save again."
            ),
            code="stale",
        )


def _kept_value(value: Any) -> Any:
    """Return a cleaned value in the form in which versions keep it."""
    match value:
        case datetime():
            return value.isoformat()
        case Category():
            return value.name
        case Image():
            return value.pk
        case QuerySet():
            return sorted(row.name for row in value)
        case list():
            return sorted(str(getattr(row, "name", row)) for row in value)
        case _:
            return value


class PostForm(TextForm[Post]):
    """A post as its editor sees it."""

    body = ProseField(required=False, label=_("Text"))
    tags = TagsField(required=False)
    editor: ClassVar[Person] = AnonymousUser()
    """Who fills it in; the newsroom says so."""

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
            "pinned_until",
            "review_note",
            "slug",
        ]
        widgets = {
            "title": forms.TextInput(attrs={"class": "vTextField", "size": 80}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            "review_note": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "status" in self.fields:
            states = rights.states_for(self.editor, self.instance)
            self.fields["status"].choices = [(state.value, state.label) for state in states]  # type: ignore[attr-defined]
        if "authors" in self.fields:
            bylines = rights.bylines_for(self.editor, self.instance)
            self.fields["authors"].queryset = bylines  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Let the post stand in its own category too."""
        cleaned = super().clean()
        self._refuse_to_hide()
        own = cleaned.get("category")
        if own is not None and "categories" in cleaned:
            cleaned["categories"] = [*cleaned["categories"].exclude(pk=own.pk), own]
        return cleaned

    def clean_image(self) -> Image | None:
        """Refuse a picture that would say nothing to those who do not see it."""
        image: Image | None = self.cleaned_data["image"]
        if image is not None and not image.alt:
            raise forms.ValidationError(
                _("“%(name)s” has no alternative text. Choose it once more and give it one."),
                params={"name": image},
            )
        return image

    def _refuse_to_hide(self) -> None:
        """What readers have met is withdrawn in the open, and not moved into the future."""
        date = self.cleaned_data.get("published_at")
        if "published_at" in self.changed_data and date and date > timezone.now():
            stored = Post.objects.filter(pk=self.instance.pk).first()
            if stored is not None and stored.was_public:
                self.add_error("published_at", _HIDING)


_HIDING = _(
    "This post is public already. Withdraw it if readers are not to see it; its date can only be "
    "one that has passed."
)


class PageForm(TextForm[Page]):
    """A standing text as its editor sees it."""

    body = ProseField(required=False, label=_("Text"))

    class Meta:
        model = Page
        fields = ["title", "body", "language", "status", "slug"]
        widgets = {"title": forms.TextInput(attrs={"class": "vTextField", "size": 80})}
