"""What editors are typing: kept before it is saved, and shown to each other as presence."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict

from blog.models import User, Writing
from blog.models.writing import NEW

PRESENT_FOR = timedelta(seconds=45)
"""An open page says every fifteen seconds that it is there."""
KEPT_FOR = timedelta(days=30)
MOST_CHARACTERS = 2_000_000
MOST_UNSAVED = 10
LATEST = 2**31 - 1
"""The number of a message that does not say which of its window's messages it is."""
type Form = dict[str, list[str]]
"""The values of a form by the names of its fields."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One text in one window of one editor: each window has a ``token`` of its own."""

    user: User
    model: type[models.Model]
    object_id: int
    token: str


def form_of(data: QueryDict) -> Form:
    """Return what is worth keeping of a form that a browser sends."""
    return {name: data.getlist(name) for name in data if not name.startswith(("csrf", "_"))}


def length_of(form: Form) -> int:
    """Return how many characters a form holds."""
    return sum(len(value) for values in form.values() for value in values)


def note(
    sheet: Sheet,
    *,
    now: datetime,
    form: Form | None = None,
    version: int = 0,
    number: int = LATEST,
) -> None:
    """Note that somebody has a text open and, where ``form`` is given, what it says by now.

    Of messages that arrive after the text was saved, those that were sent before change nothing.
    """
    fields: dict[str, object] = {"seen_at": now}
    rows = _of(sheet)
    if form is not None:
        fields |= {"form": form, "version": version, "typed_at": now}
        rows = rows.filter(saved_number__lt=number)
    if rows.update(**fields):
        return
    _, is_new = Writing.objects.get_or_create(**_key_of(sheet), defaults=fields)
    if not is_new:  # the text was saved meanwhile, or another message has made the row just now
        rows.update(**fields)


def others(sheet: Sheet, *, now: datetime) -> list[str]:
    """Return the names of those who have the same text open."""
    if sheet.object_id == NEW:
        return []
    present = _at(sheet.model, sheet.object_id).exclude(user=sheet.user)
    present = present.filter(seen_at__gt=now - PRESENT_FOR).select_related("user")
    names = {
        writing.user_id: writing.user.get_full_name() or writing.user.get_username()
        for writing in present.order_by("user__username")
    }
    return list(names.values())


def unsaved(sheet: Sheet) -> Writing | None:
    """Return what somebody typed here and did not save, if anything."""
    return _of(sheet).exclude(form={}).first()


def unsaved_elsewhere(sheet: Sheet) -> list[Writing]:
    """Return what somebody typed at this text in other windows and did not save, newest first."""
    rows = _at(sheet.model, sheet.object_id).filter(user=sheet.user).exclude(token=sheet.token)
    return list(rows.exclude(form={}).order_by("-typed_at")[:MOST_UNSAVED])


def forget(sheet: Sheet, *, now: datetime, number: int = 0) -> None:
    """Forget what was typed up to a window's message ``number``: it is saved, or not wanted."""
    nothing: dict[str, object] = {"form": {}, "typed_at": None, "saved_number": number}
    Writing.objects.update_or_create(
        **_key_of(sheet), defaults=nothing, create_defaults=nothing | {"seen_at": now}
    )


def sweep(*, now: datetime) -> int:
    """Delete what is of no use any more; return how many rows."""
    idle = Writing.objects.filter(form={}, seen_at__lt=now - timedelta(days=1))
    old = Writing.objects.filter(seen_at__lt=now - KEPT_FOR)
    return idle.delete()[0] + old.delete()[0]


def _key_of(sheet: Sheet) -> dict[str, Any]:
    return {
        "user": sheet.user,
        "content_type": ContentType.objects.get_for_model(sheet.model),
        "object_id": sheet.object_id,
        "token": sheet.token,
    }


def _at(model: type[models.Model], object_id: int) -> models.QuerySet[Writing]:
    return Writing.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=object_id
    )


def _of(sheet: Sheet) -> models.QuerySet[Writing]:
    return Writing.objects.filter(**_key_of(sheet))
