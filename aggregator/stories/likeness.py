"""Whether two headlines tell of one event, and why. Pure functions.

Three reasons, the plainest first: the same address of the article, the same title, enough of the
same words within 72 hours. Words count by how rare they are, names more than others. Between two
languages only names, numbers and words of the lexicon can agree (between Ukrainian and Russian all
words can), and at least a name or a number has to.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from aggregator.stories.words import Marks

WINDOW = timedelta(hours=72)

SAME_LANGUAGE = 0.5
"""So much of what two headlines say has to agree, by weight; the rest below is added to it."""
KINDRED = 0.5
"""Between Ukrainian and Russian."""
FOREIGN = 0.58
PER_DAY = 0.5
"""What happens again on the next day is told in nearly the same words as the day before."""
SAME_OUTLET = 0.15
"""An outlet seldom writes two articles of one event, and often of one topic."""
OTHER_NUMBERS = 0.06
OTHER_NAMES = 0.12
OTHER_PLACES = 0.35
"""Each names a place or institution of the lexicon that the other does not, and none is shared."""
FEWEST_SHARED = 3
SERIES_AFTER = timedelta(hours=12)
"""The same title of the same outlet again after so long is another issue of a series."""
NAME_WEIGHT = 1.5
_FEW = 10
_PRIOR = 3_000
"""Where few headlines are known, rarity is judged as if there were so many."""
_CYRILLIC = {"uk", "ru", "cyrillic"}


class Kind(StrEnum):
    """Why two headlines are together."""

    LINK = "link"
    TITLE = "title"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A headline as far as it is compared."""

    pk: int
    marks: Marks
    at: datetime
    weights: Mapping[str, float] = field(default_factory=dict)
    """How much each of its marks counts; see ``weights``."""
    article_key: str = ""
    outlet: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Why two headlines tell of one event: ``words`` are the marks that agree."""

    kind: Kind
    score: float
    words: frozenset[str] = frozenset()


def weights(counts: Mapping[str, int], *, total: int) -> dict[str, float]:
    """Return how much marks count, given how many of ``total`` headlines have each.

    From 0 for what is everywhere to 1 for what is nowhere else; the few of one story hardly matter.
    """
    everything = math.log1p(max(total, _PRIOR) / _FEW)
    return {
        mark: max(0.0, round(1 - math.log1p(count / _FEW) / everything, 2))
        for mark, count in counts.items()
    }


def agreement(one: Item, other: Item) -> Agreement | None:
    """Return why two headlines belong together, or None."""
    apart = abs(one.at - other.at)
    if apart > WINDOW:
        return None
    if one.article_key and one.article_key == other.article_key:
        return Agreement(Kind.LINK, 2)
    is_same_outlet = bool(one.outlet) and one.outlet == other.outlet
    if one.marks.title_key and one.marks.title_key == other.marks.title_key and one.marks.words:
        is_series = is_same_outlet and apart > SERIES_AFTER
        return None if is_series else Agreement(Kind.TITLE, 1.5)
    if one.marks.is_live or other.marks.is_live or _are_opposite(one.marks, other.marks):
        return None
    likeness = words_in_common(one, other)
    bar = likeness.bar + PER_DAY * (apart / timedelta(days=1)) + SAME_OUTLET * is_same_outlet
    if likeness.score < bar:
        return None
    return Agreement(Kind.WORDS, likeness.score - bar, likeness.words)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How much of what two headlines say agrees, and how much has to."""

    score: float
    bar: float
    words: frozenset[str] = frozenset()


_EVERYWHERE = {"=UKRAINE", "=RUSSIA", "=KYIV", "=MOSCOW", "=USA", "=EU"}
_NOTHING = Likeness(0, 1)


def words_in_common(one: Item, other: Item) -> Likeness:
    """Compare by words alone."""
    kin = kinship(one.marks.language, other.marks.language)
    is_foreign = kin is Kinship.FOREIGN
    mine, theirs = (_comparable(item.marks, is_foreign=is_foreign) for item in (one, other))
    shared = mine & theirs
    if len(shared) < FEWEST_SHARED:
        return _NOTHING
    names = _names(one.marks, is_foreign=is_foreign) | _names(other.marks, is_foreign=is_foreign)
    if kin is not Kinship.SAME and not any(mark in names or mark[0] == "#" for mark in shared):
        return _NOTHING
    whole = _weight(mine, one, names), _weight(theirs, other, names)
    # Between alphabets a headline has words that the other cannot have.
    part = _weight(shared, one, names) / (min(whole) if is_foreign else sum(whole) / 2)
    bar = _BARS[kin]
    bar += OTHER_NUMBERS * _is_other(one.marks.numbers, other.marks.numbers)
    bar += OTHER_PLACES * _is_other(_places(mine), _places(theirs))
    if not is_foreign:
        bar += OTHER_NAMES * _is_other((mine & names) - shared, (theirs & names) - shared)
    return Likeness(part, bar, shared)


def _weight(marks: Iterable[str], item: Item, names: frozenset[str]) -> float:
    known = item.weights
    return sum(known.get(mark, 1.0) * (NAME_WEIGHT if mark in names else 1) for mark in marks)


class Kinship(Enum):
    """How much of their words two headlines can share."""

    SAME = 1
    KINDRED = 2
    FOREIGN = 3


_BARS = {Kinship.SAME: SAME_LANGUAGE, Kinship.KINDRED: KINDRED, Kinship.FOREIGN: FOREIGN}


def kinship(one: str, other: str) -> Kinship:
    """Return how near two languages are to each other; see Marks.language."""
    if one == other:
        return Kinship.SAME
    if (one in _CYRILLIC) is not (other in _CYRILLIC):
        return Kinship.FOREIGN
    return Kinship.SAME if "latin" in {one, other} else Kinship.KINDRED


def _comparable(marks: Marks, *, is_foreign: bool) -> frozenset[str]:
    if not is_foreign:
        return marks.words
    of_any = {mark for mark in marks.words if mark[0] in "=#"}
    return frozenset(of_any | {marks.skeletons.get(mark, mark) for mark in marks.capitals})


def _names(marks: Marks, *, is_foreign: bool) -> frozenset[str]:
    if not is_foreign:
        return marks.names
    return frozenset(marks.skeletons.get(mark, mark) for mark in marks.names)


def _places(marks: Iterable[str]) -> frozenset[str]:
    """Return what is named of the lexicon's places, but for what is named in half of the news."""
    return frozenset(
        mark for mark in marks if mark[0] == "=" and mark[1:].isupper() and mark not in _EVERYWHERE
    )


def _is_other(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one) and bool(other) and one.isdisjoint(other)


def _are_opposite(one: Marks, other: Marks) -> bool:
    """Whether one says that something was done of which the other says that it was undone."""
    said = {mark[1:] for mark in one.words if mark[:2] in {"=+", "=-"}}
    wanted = {("-" if mark[0] == "+" else "+") + mark[1:] for mark in said}
    return any(f"={mark}" in other.words for mark in wanted) and not any(
        f"={mark}" in other.words for mark in said
    )
