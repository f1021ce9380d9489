"""Which story a new headline belongs to, among those that it may belong to. Pure functions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from aggregator.stories.likeness import Agreement, Item, Kind, agreement

SHARE = 0.3
"""So many of a story's compared headlines have to agree with one that comes by its words."""
COMPARED = 8
"""At most so many of a story's headlines are compared."""


@dataclass(slots=True, eq=False)
class Cluster:
    """A story, or a single headline that may become one."""

    items: list[Item] = field(default_factory=list)
    """Those of its headlines that are compared."""
    story: int | None = None
    """Its key, None for what is not stored."""
    is_pinned: bool = False
    """Whether an editor has decided on it: it takes new headlines in, and that is all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a headline goes, and with which of the headlines there it agrees most."""

    cluster: Cluster
    agreement: Agreement
    other: Item

    @property
    def _rank(self) -> tuple[float, int]:
        return (self.agreement.score, -self.other.pk)


def choose(item: Item, clusters: Iterable[Cluster]) -> list[Choice]:
    """Return the clusters that a headline belongs to, the best first."""
    fitting = [choice for cluster in clusters if (choice := _fits(item, cluster))]
    # What an editor decided comes first where the article is the same.
    return sorted(
        fitting,
        key=lambda choice: (
            choice.agreement.kind is Kind.LINK and choice.cluster.is_pinned,
            *choice._rank,
        ),
        reverse=True,
    )


def _fits(item: Item, cluster: Cluster) -> Choice | None:
    compared = cluster.items[:COMPARED]
    found = [(agreed, other) for other in compared if (agreed := agreement(item, other))]
    if not found:
        return None
    best, other = max(found, key=lambda pair: (pair[0].score, -pair[1].pk))
    if best.kind is Kind.WORDS and len(found) < SHARE * len(compared):
        return None
    return Choice(cluster, best, other)


def absorbed(into: Cluster, others: Sequence[Choice]) -> list[Choice]:
    """Return which other clusters a headline has shown to be of the story that it has joined.

    Stories on which an editor has decided become one with no other; by words, the rest does only
    if enough of both agree.
    """
    if into.is_pinned:
        return []
    return [
        choice
        for choice in others
        if not choice.cluster.is_pinned and _are_one(into, choice.cluster)
    ]


def _are_one(one: Cluster, other: Cluster) -> bool:
    pairs = [(a, b) for a in one.items[:COMPARED] for b in other.items[:COMPARED]]
    found = [agreed for a, b in pairs if (agreed := agreement(a, b))]
    if any(agreed.kind is not Kind.WORDS for agreed in found):
        return True
    return len(found) >= SHARE * len(pairs)
