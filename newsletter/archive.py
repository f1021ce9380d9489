"""The web archive: digests as subscribers got them, less what was taken back since then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from aggregator.models import Pick
from blog.models import Correction, Post
from newsletter.models import Edition, EditionItem, EditionQuerySet


@dataclass(frozen=True, slots=True)
class Section:
    """Items that stand under one name, which may be empty."""

    name: str
    items: Sequence[EditionItem]


def past_digests() -> EditionQuerySet:
    """Return the digests that have gone out, the newest first."""
    digests = Edition.objects.public().filter(kind=Edition.Kind.DIGEST)
    return digests.select_related("digest").order_by("-frozen_at", "-id")


def standing_items(editions: Iterable[Edition], *, now: datetime) -> dict[int, list[EditionItem]]:
    """Return what readers may still see of each edition, by its id, in its order: four queries.

    A post that was withdrawn, a pick that was taken back and a correction that was deleted are
    gone here as everywhere else.
    """
    found: dict[int, list[EditionItem]] = {edition.pk: [] for edition in editions}
    items = list(EditionItem.objects.filter(edition__in=found, is_dropped=False))
    posts = Post.objects.published(now=now).filter(pk__in={item.post_id for item in items})
    picks = Pick.objects.filter(
        headline__in={item.headline_id for item in items},
        headline__is_hidden=False,
        withdrawn_at=None,
    )
    corrections = Correction.objects.public(now=now).filter(
        pk__in={item.correction_id for item in items}
    )
    standing = {
        EditionItem.Kind.POST: {*posts.order_by().values_list("pk", flat=True)},
        EditionItem.Kind.PICK: {*picks.order_by().values_list("headline_id", flat=True)},
        EditionItem.Kind.CORRECTION: {*corrections.order_by().values_list("pk", flat=True)},
    }
    for item in items:
        if _origin(item) in standing[EditionItem.Kind(item.kind)]:
            found[item.edition_id].append(item)
    return found


def in_sections(items: Sequence[EditionItem]) -> list[Section]:
    """Return the items by the names that they follow each other under."""
    grouped = groupby(items, key=lambda item: item.section)
    return [Section(name, list(together)) for name, together in grouped]


def _origin(item: EditionItem) -> int | None:
    """Return the id of the row that the item was made of."""
    origins = {
        EditionItem.Kind.POST: item.post_id,
        EditionItem.Kind.PICK: item.headline_id,
        EditionItem.Kind.CORRECTION: item.correction_id,
    }
    return origins[EditionItem.Kind(item.kind)]
