"""The blocks of the front page: which there are, and in which place and order."""

from collections.abc import Iterable, Sequence
from typing import Any

from aggregator.models import Collection
from blog.remembering import remembered
from newsandtimes.models import FrontBlock

Kind, Place = FrontBlock.Kind, FrontBlock.Place
_OWN = (Kind.STREAM, Kind.SIGN_UP, Kind.RECENT)


def front_blocks() -> Sequence[FrontBlock]:
    """Return the blocks that are shown, in order, collections with them: one query.

    What is missing, as in a database that was emptied, stands as it does on a new site.
    """
    return remembered("front blocks", _read_blocks)


def _read_blocks() -> list[FrontBlock]:
    found = list(FrontBlock.objects.select_related("collection"))
    known = {block.kind for block in found}
    missing = [_own(kind) for kind in _OWN if kind not in known]
    return [block for block in [*missing, *found] if block.is_shown and _shows_any(block)]


def places_for(block: FrontBlock) -> Sequence[FrontBlock.Place]:
    """Return the places in which a block can stand."""
    match block.kind:
        case Kind.STREAM:
            return (Place.MAIN,)
        case Kind.COLLECTION:
            return tuple(Place)
        case _:
            return (Place.SIDE, Place.MAIN)


def place_of(block: FrontBlock) -> str:
    """Return the place of a block; only a collection's may be left open (AUTO)."""
    places = places_for(block)
    return block.place if block.place in places else places[0]


def keep_block(*, instance: Collection, **_options: Any) -> None:
    """Take the signal that a collection was saved: it has a block, wherever editors put it."""
    FrontBlock.objects.get_or_create(kind=Kind.COLLECTION, collection=instance)


def drop_block(*, instance: Collection, **_options: Any) -> None:
    """Take the signal that a collection is about to be deleted: its block goes along."""
    FrontBlock.objects.filter(collection=instance).delete()


def placed[B](blocks: Iterable[tuple[str, B]]) -> dict[str, Sequence[B]]:
    """Sort blocks by their places; the first one without a place stands across the top.

    That is as long as nothing was put there by hand; all others without a place go to the side.
    """
    found: dict[str, list[B]] = {place: [] for place in (Place.TOP, Place.MAIN, Place.SIDE)}
    rows = list(blocks)
    is_top_free = all(place != Place.TOP for place, _ in rows)
    for place, block in rows:
        if place == Place.AUTO:
            place = Place.TOP if is_top_free else Place.SIDE  # noqa: PLW2901
            is_top_free = False
        found[place].append(block)
    return {**found}


def _own(kind: FrontBlock.Kind) -> FrontBlock:
    return FrontBlock(kind=kind, position=_OWN.index(kind))


def _shows_any(block: FrontBlock) -> bool:
    return block.collection is None or (
        block.collection.is_public and block.collection.home_count > 0
    )
