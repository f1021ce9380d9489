"""What editors are typing: kept before it is saved, and shown to each other as presence."""

from dataclasses import dataclass
from datetime import datetime, timedelta

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


def note(sheet: Sheet, *, now: datetime, form: Form | None = None, version: int = 0) -> None:
    """Note that somebody has a text open and, where ``form`` is given, what it says by now."""
    fields: dict[str, object] = {"seen_at": now}
    if form is not None:
        fields |= {"form": form, "version": version, "typed_at": now}
    Writing.objects.update_or_create(
        user=sheet.user,
        content_type=ContentType.objects.get_for_model(sheet.model),
        object_id=sheet.object_id,
        token=sheet.token,
        defaults=fields,
    )


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


def forget(sheet: Sheet) -> None:
    """Forget what was typed, because it is saved or not wanted."""
    _of(sheet).update(form={}, typed_at=None)


def sweep(*, now: datetime) -> int:
    """Delete what is of no use any more; return how many rows."""
    idle = Writing.objects.filter(form={}, seen_at__lt=now - timedelta(days=1))
    old = Writing.objects.filter(seen_at__lt=now - KEPT_FOR)
    return idle.delete()[0] + old.delete()[0]


def _at(model: type[models.Model], object_id: int) -> models.QuerySet[Writing]:
    return Writing.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=object_id
    )


def _of(sheet: Sheet) -> models.QuerySet[Writing]:
    return _at(sheet.model, sheet.object_id).filter(user=sheet.user, token=sheet.token)
