"""Tags as editors type them: a line of names between commas, the known ones offered."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from taggit.forms import TagField
from taggit.utils import parse_tags

from blog.models import Tag
from blog.text import clean_line, slug_for

MOST_SUGGESTIONS = 10
NAME_MAX_LENGTH = 100


class TagsInput(forms.TextInput):
    """A line of names between commas; only a name with a comma in it needs quotes."""

    def format_value(self, value: Any) -> str | None:
        """Write the names of tags, or what somebody has typed, as a line."""
        if value is None or isinstance(value, str):
            return value
        names = sorted(tag.name for tag in value)
        return ", ".join(f'"{name}"' if "," in name else name for name in names)


class TagsField(TagField):  # type: ignore[misc]  # taggit has no types
    """Names between commas. A space belongs to a name, a leading ``#`` does not."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Tags"))
        kwargs.setdefault("help_text", _("Names between commas. New ones are made."))
        address = reverse_lazy("admin:blog_post_tags")
        kwargs["widget"] = TagsInput(
            attrs={"class": "vTextField", "autocomplete": "off", "data-suggest-url": address}
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        """Return the names, each once."""
        line = forms.CharField.clean(self, value)
        try:
            # With a comma in it, spaces do not part names.
            names = parse_tags(f"{line},")
        except ValueError:
            raise ValidationError(_t("Put a comma between two tags.")) from None
        names = [clean_line(name).lstrip("#").strip() for name in names]
        too_long = next((name for name in names if len(name) > NAME_MAX_LENGTH), None)
        if too_long:
            raise ValidationError(
                _t("“%(name)s …” is too long for a tag: at most %(most)d characters.")
                % {"name": too_long[:40], "most": NAME_MAX_LENGTH}
            )
        return sorted({name.casefold(): name for name in names if name}.values())


def suggested_tags(typed: str) -> list[str]:
    """Return the names of tags that begin with what somebody has typed, in either alphabet.

    Slugs are in Latin letters and lower case, so one index serves every spelling.
    """
    typed = clean_line(typed).lstrip("#").strip()
    if not typed:
        return []
    beginnings = {slug_for(typed, language=language, fallback="") for language in ("uk", "ru", "")}
    fitting = Q(name__istartswith=typed)
    for beginning in beginnings - {""}:
        fitting |= Q(slug__startswith=beginning)
    found = Tag.objects.filter(fitting).order_by("slug").values_list("name", flat=True)
    return list(found[:MOST_SUGGESTIONS])
