"""Keeps an open edition's items: what is new comes in, what is no longer public goes.

An editor's order, what she dropped, her subject and introduction stay. Where she has not changed
the order, the natural one holds: posts, then the articles of each collection, the newest first.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from blog.models import SiteSettings
from newsletter.editions.finding import items_of
from newsletter.editions.planning import NEXT, window_start
from newsletter.editions.trying import for_each
from newsletter.models import Edition, EditionItem

WORDS = tuple(
    "kind post_id headline_id collection_id correction_id category_ids collection_ids section "
    "title subtitle url outlet also_at byline text note html language text_language note_language "
    "subtitle_language is_breaking at position".split()
)
_WRITTEN = [name.removesuffix("_id") for name in WORDS]


def collect_all(*, now: datetime) -> int:
    """Collect for every edition that may still go out; return how many have changed."""
    waiting = Edition.objects.filter(state__in=NEXT).values_list("pk", flat=True)
    return sum(for_each(waiting, partial(collect, now=now)))


def collect(pk: int, *, now: datetime) -> bool:
    """Bring an edition's items up to date unless it is frozen; return whether anything changed."""
    with transaction.atomic():
        editions = Edition.objects.select_for_update(of=("self",)).select_related("digest")
        edition = editions.get(pk=pk)
        return edition.state in NEXT and refresh(edition, now=now)


def refresh(edition: Edition, *, now: datetime) -> bool:
    """Do the same for an edition whose row the caller has locked."""
    with timezone.override(SiteSettings.load().time_zone):
        found = items_of(edition, now=now)
    moved = _move_window(edition)
    stored = list(edition.items.all())
    in_order = arrange(found, stored)
    return _store(edition, in_order, stored) or moved


def arrange(found: Sequence[EditionItem], stored: Sequence[EditionItem]) -> list[EditionItem]:
    """Return the found items in the editor's order, numbered; new ones stand first in their part.

    ``stored`` are the items as they stood, in their order.
    """
    places = {item.key: place for place, item in enumerate(stored)}
    known = [places[item.key] for item in found if item.key in places]
    in_order = list(found)
    if known != sorted(known):
        parts = {part_of(item): number for number, item in reversed(list(enumerate(found)))}
        in_order.sort(key=lambda item: (parts[part_of(item)], places.get(item.key, -1)))
    for position, item in enumerate(in_order):
        item.position = position
    return in_order


def part_of(item: EditionItem) -> tuple[str, int]:
    """Return the part of an edition within which an item may be moved."""
    return item.kind, item.collection_id or 0


def _move_window(edition: Edition) -> bool:
    """Follow the last edition that went out: one that is stopped on its way no longer counts."""
    if edition.digest is None or edition.window_start == (start := window_start(edition.digest)):
        return False
    edition.window_start = start
    edition.save(update_fields=["window_start"])
    return True


def _store(edition: Edition, wanted: list[EditionItem], stored: list[EditionItem]) -> bool:
    rows = {item.key: item for item in stored}
    changed, new = [], []
    for item in wanted:
        row = rows.pop(item.key, None)
        if row is None:
            item.edition = edition
            new.append(item)
        elif _copy_words(item, row):
            changed.append(row)
    if rows:
        edition.items.filter(pk__in=[row.pk for row in rows.values()]).delete()
    EditionItem.objects.bulk_update(changed, _WRITTEN, batch_size=50)
    EditionItem.objects.bulk_create(new)
    return bool(rows or changed or new)


def _copy_words(item: EditionItem, row: EditionItem) -> bool:
    words: dict[str, Any] = {name: getattr(item, name) for name in WORDS}
    if all(getattr(row, name) == value for name, value in words.items()):
        return False
    for name, value in words.items():
        setattr(row, name, value)
    return True
