"""Every save of a text is a version: kept, compared, restored; a stale save is noticed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import F

from blog.models import Author, Category, Image, Page, Post, User, Version
from blog.wording import Marked, marked_words, paragraphs

type Text = Post | Page
"""What has versions."""
type Content = dict[str, Any]
"""What a version keeps: values by the names of the fields, names in the place of relations."""

_FIELDS: dict[type[models.Model], tuple[str, ...]] = {
    Post: (
        *("title", "standfirst", "body", "kind", "source_url", "outlet", "language", "slug"),
        *("status", "published_at", "review_note"),
    ),
    Page: ("title", "body", "language", "slug", "status"),
}
_RESTORED = frozenset(
    "title standfirst body kind source_url outlet language category categories authors tags "
    "image".split()
)
"""Not the state, its date and the address: an old version is no reason to unpublish or to move."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between two versions."""

    label: str
    marked: Marked


def content_of(text: Text) -> Content:
    """Return what a version keeps of a text as it is stored."""
    content: Content = {name: getattr(text, name) for name in _FIELDS[type(text)]}
    if isinstance(text, Post):
        content |= {
            "category": text.category.name,
            "categories": sorted(text.categories.values_list("name", flat=True)),
            "authors": sorted(text.authors.values_list("name", flat=True)),
            "tags": sorted(text.tags.names()),
            "image": text.image_id,
        }
        content["published_at"] = text.published_at.isoformat() if text.published_at else None
    return content


@transaction.atomic
def keep(
    text: Text, *, by: User | None, now: datetime, restored_from: int | None = None
) -> Version:
    """Keep a text as it is stored now; a save that changed nothing is no version of its own."""
    content = content_of(text)
    last: Version | None = text.versions.first()
    if last is not None and last.content == content and restored_from is None:
        return last
    type(text)._base_manager.filter(pk=text.pk).update(version=F("version") + 1)
    text.refresh_from_db(fields=["version"])
    kept: Version = text.versions.create(
        number=text.version,
        content=content,
        saved_at=now,
        saved_by=by,
        restored_from=restored_from,
    )
    return kept


def stored_version(text: Text) -> int:
    """Return the number of the newest version, and hold the row until the transaction ends."""
    rows = type(text)._base_manager.filter(pk=text.pk).select_for_update()
    return rows.values_list("version", flat=True).get()


def differences(before: Content, after: Content, *, model: type[models.Model]) -> list[Difference]:
    """Return what differs, field by field in the order of the form, with the words marked."""
    found = []
    for name in [*before, *(name for name in after if name not in before)]:
        old, new = _as_words(before.get(name)), _as_words(after.get(name))
        if old != new:
            label = str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append(Difference(label, marked_words(old, new)))
    return found


def _as_words(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    text = str(value)
    return paragraphs(text) if "<" in text else text


@transaction.atomic
def restore(text: Text, version: Version, *, by: User | None, now: datetime) -> Version:
    """Make a text say what it said in ``version``, as a new version; its state stays."""
    content = {name: value for name, value in version.content.items() if name in _RESTORED}
    related = {
        name: content.pop(name) for name in ("categories", "authors", "tags") if name in content
    }
    if isinstance(text, Post):
        _restore_parts(text, content, related)
    for name, value in content.items():
        setattr(text, name, value)
    text.save()
    return keep(text, by=by, now=now, restored_from=version.number)


def _restore_parts(post: Post, content: Content, related: dict[str, Sequence[str]]) -> None:
    """Bring back relations by name; what is no longer there stays away."""
    category = Category.objects.filter(name=content.pop("category", "")).first()
    post.category = category or post.category
    image = content.pop("image", None)
    post.image = Image.objects.filter(pk=image).first()
    post.categories.set(Category.objects.filter(name__in=related.get("categories", ())))
    post.authors.set(Author.objects.filter(name__in=related.get("authors", ())))
    post.tags.set(related.get("tags", ()))
