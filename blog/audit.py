"""Keeps who did what: changes with what stood before and after, actions, logins.

Long texts are shortened around what differs (each save of a text is a version, see
blog.versions); of secrets it is kept only that they changed; what is personal goes by its number.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django import forms
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.db.models import Manager, Model, QuerySet
from django.utils import timezone

from blog.models import AuditEntry, Post, User
from blog.models.audit import NAME_MAX_LENGTH, WORDS_MAX_LENGTH
from blog.text import excerpt, plain_text

Kind = AuditEntry.Kind
SHOWN_LENGTH = 240
_BEFORE_DIFFERENCE = 60
_SECRET = re.compile(r"password|secret|token|cookie|proxy|header_value", re.IGNORECASE)
_RIGHTS = frozenset(
    "role is_active is_superuser is_staff groups user_permissions permissions password".split()
)
_KEPT_FAILED = timedelta(days=90)


class Change(TypedDict, total=False):
    """One field. ``part`` names what belongs to the object, such as a correction."""

    field: str
    part: str
    old: str
    new: str
    added: list[str]
    removed: list[str]
    secret: bool


def record(
    kind: AuditEntry.Kind,
    *,
    by: User | AnonymousUser | None,
    obj: Model | None = None,
    changes: Sequence[Change] = (),
    words: str = "",
    name: str = "",
) -> AuditEntry:
    """Keep one deed; ``name`` stands for who did it where there is no such user."""
    entry = _entry(kind, by=by, obj=obj, changes=changes, words=words, name=name)
    entry.save()
    return entry


def record_all(
    kind: AuditEntry.Kind,
    objects: Iterable[Model],
    *,
    by: User | AnonymousUser | None,
    words: str = "",
) -> int:
    """Keep the same deed on many objects; return on how many."""
    entries = [_entry(kind, by=by, obj=obj, words=words) for obj in objects]
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    return len(entries)


def record_number(
    model: type[Model], count: int, *, by: User | AnonymousUser | None, words: str
) -> AuditEntry:
    """Keep an action on more objects than are worth naming."""
    entry = _entry(Kind.DONE, by=by, words=words)
    entry.content_type = ContentType.objects.get_for_model(model)
    entry.object_name = f"{count} {model._meta.verbose_name_plural}"
    entry.save()
    return entry


def _entry(
    kind: AuditEntry.Kind,
    *,
    by: User | AnonymousUser | None,
    obj: Model | None = None,
    changes: Sequence[Change] = (),
    words: str = "",
    name: str = "",
) -> AuditEntry:
    user = by if isinstance(by, User) and by.pk else None
    entry = AuditEntry(
        at=timezone.now(),
        user=user,
        user_name=(user.get_username() if user else name)[:150],
        kind=kind,
        changes=list(changes),
        words=words[:WORDS_MAX_LENGTH],
    )
    if obj is not None:
        entry.content_type = ContentType.objects.get_for_model(obj)
        entry.object_id = str(obj.pk)[:64]
        entry.object_name = name_of(obj)
    return entry


def name_of(obj: Model) -> str:
    """Return the name under which an object is kept: ``audit_name`` where it has one."""
    return str(getattr(obj, "audit_name", obj))[:NAME_MAX_LENGTH]


def kind_of(obj: Model, changes: Sequence[Change], *, is_new: bool = False) -> AuditEntry.Kind:
    """Return what kind of deed the saving of a form was."""
    fields = {change.get("field") for change in changes if "part" not in change}
    if isinstance(obj, Post) and "status" in fields:
        found = {Post.Status.PUBLISHED: Kind.PUBLISHED, Post.Status.WITHDRAWN: Kind.WITHDRAWN}
        return found.get(Post.Status(obj.status), Kind.ADDED if is_new else Kind.CHANGED)
    if isinstance(obj, User | Group) and fields & _RIGHTS:
        return Kind.RIGHTS
    return Kind.ADDED if is_new else Kind.CHANGED


def changes_of(form: forms.BaseForm, formsets: Iterable[Any] | None = ()) -> list[Change]:
    """Return what a valid form and the formsets beside it have changed."""
    found = [_change(form, name) for name in form.changed_data]
    for formset in formsets or ():
        found += _changes_of_parts(formset)
    return [change for change in found if not _is_nothing(change)]


def _changes_of_parts(formset: Any) -> Iterable[Change]:
    kind = str(formset.model._meta.verbose_name)
    deleted = {obj.pk: obj for obj in getattr(formset, "deleted_objects", ())}
    for obj in deleted.values():
        yield {"field": "", "part": f"{kind} “{_short(obj)}”", "old": _short(obj), "new": ""}
    for form in formset.forms:
        if form.has_changed() and form.instance.pk and form.instance.pk not in deleted:
            for name in form.changed_data:
                yield {**_change(form, name), "part": f"{kind} “{_short(form.instance)}”"}


def _change(form: forms.BaseForm, name: str) -> Change:
    field = form.fields.get(name)
    is_hidden = isinstance(getattr(field, "widget", None), forms.PasswordInput)
    if field is None or is_hidden or _SECRET.search(name):
        return {"field": name, "secret": True}
    old = _in_words(form.get_initial_for_field(field, name), field)
    new = _in_words(form.cleaned_data.get(name), field)
    if isinstance(old, list) or isinstance(new, list):
        before, after = _as_list(old), _as_list(new)
        return {
            "field": name,
            "added": [one for one in after if one not in before],
            "removed": [one for one in before if one not in after],
        }
    return {"field": name, **_shortened(old, new)}


def _is_nothing(change: Change) -> bool:
    if "added" in change:
        return not change["added"] and not change["removed"]
    return not change.get("secret") and change.get("old") == change.get("new")


def _in_words(value: Any, field: forms.Field) -> str | list[str]:
    """Return a value as people read it; a list for values of which there are several."""
    if isinstance(value, Manager | QuerySet | list | tuple | set):
        rows = value.all() if isinstance(value, Manager) else value
        return sorted(str(_one_in_words(row, field)) for row in rows)
    return _one_in_words(value, field)


def _one_in_words(value: Any, field: forms.Field) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return value.astimezone(timezone.get_current_timezone()).isoformat(" ", "minutes")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(field, forms.ModelChoiceField):
        if isinstance(value, Model):
            return name_of(value)
        row = field.queryset.model._base_manager.filter(pk=value).first()  # type: ignore[union-attr]
        return name_of(row) if row else str(value)
    if isinstance(field, forms.ChoiceField):
        labels = getattr(field, "short_labels", None) or dict(field.choices)  # type: ignore[arg-type]
        return str(labels.get(value, value))
    text = str(value).replace("\r\n", "\n")  # as browsers send what is stored otherwise
    return plain_text(text) if "<" in text else text


def _as_list(value: str | list[str]) -> list[str]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _shortened(old: str | list[str], new: str | list[str]) -> Change:
    """Cut both at the same places, so that what differs can be seen."""
    before, after = str(old), str(new)
    is_long = max(len(before), len(after)) > SHOWN_LENGTH
    start = max(0, _length_in_common(before, after) - _BEFORE_DIFFERENCE) if is_long else 0
    cut = [
        ("…" if start else "") + excerpt(one[start:], max_length=SHOWN_LENGTH)
        for one in (before, after)
    ]
    return {"old": cut[0], "new": cut[1]}


def _length_in_common(before: str, after: str) -> int:
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(before), len(after)))


def _short(obj: Model) -> str:
    return excerpt(name_of(obj), max_length=60)


def sweep(*, now: datetime) -> int:
    """Forget failed logins after 90 days, which outsiders can make many of; return how many."""
    old = AuditEntry.objects.filter(kind=Kind.LOGIN_FAILED, at__lt=now - _KEPT_FAILED)
    return old.delete()[0]
