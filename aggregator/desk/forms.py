"""What editors send to the Desk."""

import uuid
from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from aggregator.desk.deeds.families import FAMILIES
from aggregator.desk.errors import RefusedError
from aggregator.desk.wishes import Wish
from aggregator.desk.wording import WORDS
from aggregator.models import Decision, Pick
from blog.models import User

MOST_MEMBERS = 500


class WishForm(forms.Form):
    """A request for a decision."""

    key = forms.UUIDField()
    kind = forms.ChoiceField(choices=[(kind, kind) for kind in FAMILIES])
    headline = forms.IntegerField(min_value=1)
    known = forms.IntegerField(min_value=0, required=False)
    collection = forms.IntegerField(min_value=1, required=False)
    other = forms.IntegerField(min_value=1, required=False)
    outlet = forms.CharField(max_length=255, required=False)
    word = forms.CharField(max_length=100, required=False)


class WordsForm(forms.ModelForm[Pick]):
    """An editor's own words about a headline; those that are not sent are left alone."""

    class Meta:
        model = Pick
        fields = WORDS


def wish_of(data: QueryDict, *, by: User, now: datetime) -> Wish:
    """Read a request for a decision; raises RefusedError for one that makes no sense."""
    form, words = WishForm(data), WordsForm(data)
    if not form.is_valid() or not words.is_valid():
        raise RefusedError(_first_error(form, words))
    given = form.cleaned_data
    members = [int(one) for one in data.getlist("members") if one.isascii() and one.isdecimal()]
    return Wish(
        key=given["key"],
        kind=Decision.Kind(given["kind"]),
        headline=given["headline"],
        known=given["known"] or 0,
        by=by,
        now=now,
        collection=given["collection"],
        words={name: words.cleaned_data[name].strip() for name in WORDS if name in data},
        outlet=given["outlet"],
        word=given["word"],
        members=tuple(members[:MOST_MEMBERS]),
        other=given["other"],
    )


def key_of(data: QueryDict) -> uuid.UUID:
    """Read the key of a request; raises RefusedError."""
    try:
        return uuid.UUID(data.get("key", ""))
    except ValueError as error:
        raise RefusedError(_("The request has no key. Load the page again.")) from error


def number_of(data: QueryDict, name: str) -> int | None:
    """Read a number that may be left out."""
    text = data.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _first_error(*parts: forms.BaseForm) -> str:
    for form in parts:
        for name, errors in form.errors.items():
            field = form.fields.get(name)
            label = str(field.label or name) if field else name
            return f"{label}: {errors[0]}"
    return ""
