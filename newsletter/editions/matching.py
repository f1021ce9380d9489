"""Which items of an edition are for one reader. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from newsletter.editions.words import meant_by
from newsletter.models import EditionItem

Kind = EditionItem.Kind


@dataclass(frozen=True, slots=True)
class Reader:
    """What one reader has chosen, and what she has got already."""

    categories: Collection[int] = ()
    """None chosen: all of them; so with the collections."""
    collections: Collection[int] = ()
    got: Collection[str] = field(default_factory=frozenset)
    """The keys of what went to her before, among those that this edition asks after."""


def asked_after(items: Sequence[EditionItem]) -> set[str]:
    """Return the keys of which it must be known whether a reader has them already."""
    return {item.key for item in items} | {meant_by(item) for item in items} - {""}


def items_for(reader: Reader, items: Sequence[EditionItem]) -> list[EditionItem]:
    """Return the items that are of her topics and new to her, in their order.

    A correction, and a note that something was taken back, is for those who got what was wrong.
    """
    return [item for item in items if item.key not in reader.got and _is_for(reader, item)]


def _is_for(reader: Reader, item: EditionItem) -> bool:
    if item.kind == Kind.CORRECTION:
        return meant_by(item) in reader.got
    chosen = reader.categories if item.kind == Kind.POST else reader.collections
    standing = item.category_ids if item.kind == Kind.POST else item.collection_ids
    # What was put into the digest itself stands in no topic, and is for everybody.
    return not chosen or not standing or any(one in chosen for one in standing)
