"""What editors are typing: kept before it is saved, and shown to each other as presence."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import QueryDict

from blog.models import User, Writing
from blog.models.writing import NEW

PRESENT_FOR = timedelta(seconds=45)
"""An open page says every fifteen seconds that it is there."""
KEPT_FOR = timedelta(days=30)
MOST_BYTES = 2 * 1024 * 1024
type Form = dict[str, list[str]]
"""The values of a form by the names of its fields."""


def form_of(data: QueryDict) -> Form:
    """Return what is worth keeping of a form that a browser sends."""
    return {name: data.getlist(name) for name in data if not name.startswith(("csrf", "_"))}


def note(
    user: User,
    model: type[models.Model],
    object_id: int | None,
    *,
    now: datetime,
    form: Form | None = None,
    version: int = 0,
) -> None:
    """Note that somebody has a text open and, where ``form`` is given, what it says by now."""
    fields: dict[str, object] = {"seen_at": now}
    if form is not None:
        fields |= {"form": form, "version": version, "typed_at": now}
    Writing.objects.update_or_create(
        user=user,
        content_type=ContentType.objects.get_for_model(model),
        object_id=object_id or NEW,
        defaults=fields,
    )


def others(
    user: User, model: type[models.Model], object_id: int | None, *, now: datetime
) -> list[str]:
    """Return the names of those who have the same text open."""
    if not object_id:
        return []
    present = _of(model, object_id).filter(seen_at__gt=now - PRESENT_FOR).exclude(user=user)
    return [
        writing.user.get_full_name() or writing.user.get_username()
        for writing in present.select_related("user").order_by("user__username")
    ]


def unsaved(user: User, model: type[models.Model], object_id: int | None) -> Writing | None:
    """Return what somebody typed here and did not save, if anything."""
    return _of(model, object_id or NEW).filter(user=user).exclude(form={}).first()


def forget(user: User, model: type[models.Model], object_id: int | None) -> None:
    """Forget what was typed, because it is saved or not wanted."""
    _of(model, object_id or NEW).filter(user=user).update(form={}, typed_at=None)


def sweep(*, now: datetime) -> int:
    """Delete what is of no use any more; return how many rows."""
    idle = Writing.objects.filter(form={}, seen_at__lt=now - timedelta(days=1))
    old = Writing.objects.filter(seen_at__lt=now - KEPT_FOR)
    return idle.delete()[0] + old.delete()[0]


def _of(model: type[models.Model], object_id: int) -> models.QuerySet[Writing]:
    return Writing.objects.filter(
        content_type=ContentType.objects.get_for_model(model), object_id=object_id
    )
