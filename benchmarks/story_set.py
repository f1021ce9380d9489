"""The labelled headlines, what is compared with them, and how alike two groupings are."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path

SET = Path(__file__).resolve().parent.parent / "tests" / "data" / "stories"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A headline, and the story that it is of."""

    story: str
    at: datetime
    language: str
    outlet: str
    title: str


def read(name: str, *, start: datetime) -> Iterator[Labelled]:
    """Yield the headlines of one part of the set, as if the first came in at ``start``."""
    story, first = "", start
    for line in (SET / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            _, story, hours = line.split()
            first = start + timedelta(hours=int(hours))
        elif line and not line.startswith("#"):
            minutes, language, outlet, title = line.split(" ", 3)
            yield Labelled(story, first + timedelta(minutes=int(minutes)), language, outlet, title)


@dataclass(frozen=True, slots=True)
class Quality:
    """How alike a grouping is to the labels: of pairs, and of each headline's group (B-cubed)."""

    precision: float
    recall: float
    b_precision: float
    b_recall: float

    @property
    def b_f1(self) -> float:
        """The harmonic mean of both B-cubed figures."""
        return 2 * self.b_precision * self.b_recall / (self.b_precision + self.b_recall)


def quality(labels: Sequence[Hashable], groups: Sequence[Hashable]) -> Quality:
    """Compare, headline by headline, the label with the group that was found."""
    pairs = list(combinations(range(len(labels)), 2))
    wanted = {pair for pair in pairs if labels[pair[0]] == labels[pair[1]]}
    found = {pair for pair in pairs if groups[pair[0]] == groups[pair[1]]}
    right = len(wanted & found)
    by_label, by_group = _sets(labels), _sets(groups)
    shares = []
    for one in range(len(labels)):
        label, group = by_label[labels[one]], by_group[groups[one]]
        both = len(label & group)
        shares.append((both / len(group), both / len(label)))
    return Quality(
        precision=right / len(found) if found else 1,
        recall=right / len(wanted) if wanted else 1,
        b_precision=sum(share for share, _ in shares) / len(shares),
        b_recall=sum(share for _, share in shares) / len(shares),
    )


def _sets(names: Iterable[Hashable]) -> Mapping[Hashable, set[int]]:
    found: dict[Hashable, set[int]] = defaultdict(set)
    for place, name in enumerate(names):
        found[name].add(place)
    return found


def by_equal_titles(headlines: Sequence[Labelled]) -> list[int]:
    """Group by titles that are equal but for case and spaces, as many feed readers do."""
    return _joined(headlines, lambda one, other: _plain(one) == _plain(other))


def by_jaccard(headlines: Sequence[Labelled], *, least: float) -> list[int]:
    """Group by the share of equal words, each title compared with each other within 72 hours."""

    def alike(one: Labelled, other: Labelled) -> bool:
        mine, theirs = set(_plain(one).split()), set(_plain(other).split())
        is_near = abs(one.at - other.at) <= timedelta(hours=72)
        return is_near and len(mine & theirs) >= least * len(mine | theirs)

    return _joined(headlines, alike)


def _plain(headline: Labelled) -> str:
    letters = (one if one.isalnum() else " " for one in headline.title.casefold())
    return " ".join("".join(letters).split())


def _joined(
    headlines: Sequence[Labelled], alike: Callable[[Labelled, Labelled], bool]
) -> list[int]:
    """Return a group's number for each headline: what is alike is in one, through others too."""
    groups = list(range(len(headlines)))
    for one, other in combinations(range(len(headlines)), 2):
        if groups[one] != groups[other] and alike(headlines[one], headlines[other]):
            old, new = groups[other], groups[one]
            groups = [new if group == old else group for group in groups]
    return groups
