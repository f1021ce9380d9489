"""Puts headlines of the index into stories, as clusters.py chooses, and writes why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import NamedTuple

from aggregator.desk import late
from aggregator.desk.turns import wait_for_turn
from aggregator.models import Decision, Story, StoryMember
from aggregator.statements import insert_many
from aggregator.stories import index, keeping
from aggregator.stories.clusters import COMPARED, Choice, Cluster, absorbed, choose
from aggregator.stories.likeness import Item, Kind
from aggregator.stories.words import spelled
from blog.among import Among
from blog.written import MANY_KEYS, Written

Reason = StoryMember.Reason
WORDS_MAX_LENGTH = 300
_REASONS = {Kind.LINK: Reason.LINK, Kind.TITLE: Reason.TITLE, Kind.WORDS: Reason.WORDS}


class _Why(NamedTuple):
    """Why a headline is in its story."""

    reason: StoryMember.Reason
    words: str = ""
    other: int | None = None


@dataclass(slots=True)
class _Board:
    """The clusters that a batch plays on, and what is to be written of them."""

    cluster_of: dict[int, Cluster] = field(default_factory=dict)
    """By the keys of the headlines in them."""
    stored: frozenset[int] = frozenset()
    """The headlines that are in a story already."""
    why: dict[int, _Why] = field(default_factory=dict)
    """Of the headlines that are new in theirs."""
    gone: list[Cluster] = field(default_factory=list)
    """Stories that have become part of another one."""

    def join(self, item: Item, choice: Choice) -> None:
        """Let a headline join a cluster."""
        self._explain(item, choice, other=choice.other)
        for other in choice.cluster.items:
            if other.pk not in self.stored:
                self.why.setdefault(other.pk, _Why(Reason.FIRST))
        choice.cluster.items.append(item)
        self.cluster_of[item.pk] = choice.cluster

    def absorb(self, into: Cluster, item: Item, choice: Choice) -> None:
        """Let a cluster become part of another one, to which ``item`` ties it."""
        if into.story is None:
            into.story = choice.cluster.story
        elif choice.cluster.story is not None:
            self.gone.append(choice.cluster)
        for other in choice.cluster.items:
            if other.pk not in self.stored and other.pk not in self.why:
                self._explain(other, choice, other=item)
            self.cluster_of[other.pk] = into
        into.items.extend(choice.cluster.items)

    def _explain(self, item: Item, choice: Choice, *, other: Item) -> None:
        words = spelled(item.title, choice.agreement.words, outlet=item.outlet)
        reason = _REASONS[choice.agreement.kind]
        self.why[item.pk] = _Why(reason, ", ".join(words)[:WORDS_MAX_LENGTH], other.pk)


def place(items: Sequence[Item], candidates: Mapping[int, Sequence[int]], *, now: datetime) -> int:
    """Put headlines into stories, in their order; return how many headlines are new in theirs.

    ``candidates`` are the keys of what each is compared with.
    """
    board = _load(items, {pk for keys in candidates.values() for pk in keys})
    for item in items:
        if item.pk not in board.stored:
            _settle(board, item, candidates[item.pk])
    if board.why:
        _write(board, now)
    return len(board.why)


def _settle(board: _Board, item: Item, candidates: Iterable[int]) -> None:
    own = board.cluster_of.setdefault(item.pk, Cluster([item]))
    near = {id(one): one for pk in candidates if (one := board.cluster_of.get(pk))}
    near.pop(id(own), None)
    fitting = choose(item, near.values())
    if fitting and len(own.items) == 1:
        best = fitting.pop(0)
        board.join(item, best)
        own = best.cluster
    for choice in absorbed(own, fitting):
        board.absorb(own, item, choice)


def _load(items: Sequence[Item], candidates: set[int]) -> _Board:
    """Load the clusters of some headlines and of what they are compared with."""
    known = {item.pk: item for item in items}
    waiting = set(known)
    keys = candidates | set(known)
    story_of = {}
    clusters: defaultdict[int, Cluster] = defaultdict(Cluster)
    wanted: dict[int, list[int]] = defaultdict(list)
    for pk, story, is_pinned in _members().rows({MANY_KEYS: sorted(keys)}):
        story_of[pk] = story
        clusters[story].story = story
        clusters[story].is_pinned |= is_pinned
        if pk in keys or len(wanted[story]) < COMPARED:
            wanted[story].append(pk)
    known |= {one.pk: one for one in index.load(keys.union(*wanted.values()) - set(known))}
    board = _Board(stored=frozenset(story_of))
    # The others of the batch come in one by one.
    for pk in [pk for pk in sorted(known) if pk in story_of or pk not in waiting]:
        item = known[pk]
        cluster = clusters[story_of[pk]] if pk in story_of else Cluster()
        cluster.items.append(item)
        board.cluster_of[pk] = cluster
    return board


@cache
def _members() -> Written[StoryMember]:
    """Return the statement for all members of the stories of some headlines, the newest first."""
    near = StoryMember.objects.filter(Among("headline", MANY_KEYS)).order_by().values("story")
    rows = StoryMember.objects.filter(story__in=near).order_by("-joined_at", "-pk")
    return Written(rows.values_list("pk", "story_id", "is_pinned"))


def _write(board: _Board, now: datetime) -> None:
    # Whoever decides at the Desk sees these headlines in their stories, or is seen here.
    wait_for_turn()
    changed = {id(one): one for pk in board.why if (one := board.cluster_of[pk])}
    fresh = [cluster for cluster in changed.values() if cluster.story is None]
    made = Story.objects.bulk_create(Story(first_seen_at=now, last_seen_at=now) for _ in fresh)
    for cluster, story in zip(fresh, made, strict=True):
        cluster.story = story.pk
    story_of = {pk: board.cluster_of[pk].story or 0 for pk in board.why}
    for cluster in board.gone:
        into = board.cluster_of[cluster.items[0].pk].story
        StoryMember.objects.filter(story=cluster.story).update(story=into)
        Decision.objects.filter(story=cluster.story).update(story=into)
    insert_many(
        StoryMember,
        [
            {
                "headline_id": pk,
                "story_id": story_of[pk],
                "reason": why.reason,
                "words": why.words,
                "agrees_with_id": why.other,
                "joined_at": now,
            }
            for pk, why in board.why.items()
        ],
        ignores_conflicts=True,
    )
    keeping.refresh(one.story for one in [*changed.values(), *board.gone] if one.story is not None)
    late.settle(board.why, now=now)
