"""How a compared headline is written into a row, and read again. Pure functions."""

import json
from collections.abc import Mapping

from aggregator.stories.words import Marks


def pack(marks: Marks, weights: Mapping[str, float]) -> str:
    """Return marks and what they count as one line of text."""
    own = {mark: weights.get(mark, 1.0) for mark in marks.words}
    bones = {bone: weights.get(bone, 1.0) for bone in marks.skeletons.values()}
    capitals = {mark: marks.skeletons.get(mark, "") for mark in sorted(marks.capitals)}
    said = [marks.language, marks.title_key, int(marks.is_live)]
    return json.dumps(
        [*said, own, bones, sorted(marks.names), capitals],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def unpack(text: str) -> tuple[Marks, dict[str, float]]:
    """Return what ``pack`` was given."""
    language, title_key, is_live, own, bones, names, capitals = json.loads(text)
    marks = Marks(
        language=language,
        words=frozenset(own),
        names=frozenset(names),
        capitals=frozenset(capitals),
        skeletons={mark: bone for mark, bone in capitals.items() if bone},
        title_key=title_key,
        is_live=bool(is_live),
    )
    return marks, own | bones
