"""Writes what follows from a story's headlines: which leads, when it was seen, how many it has."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import batched
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count

from aggregator.models import PreferredOutlet, Story, StoryMember
from aggregator.statements import update_many
from blog.among import Among
from blog.written import MANY_KEYS, Written

STEP = 500


class _Told(NamedTuple):
    """A headline of a story, as far as the story follows from it."""

    story: int
    pk: int
    outlet: str
    seen_at: Any
    is_hidden: bool


def rank_of(outlet: str, preferred: Sequence[str]) -> int:
    """Return the place of an outlet in a list of preferred ones, one more than the last if none."""
    for place, name in enumerate(preferred):
        if outlet == name or outlet.endswith(f".{name}"):
            return place
    return len(preferred)


def refresh(stories: Iterable[int]) -> None:
    """Write anew what follows from the headlines of some stories; those without any go."""
    preferred = list(PreferredOutlet.objects.values_list("outlet", flat=True))
    for part in batched(sorted(set(stories)), STEP, strict=False):
        _refresh(part, preferred)


@transaction.atomic
def _refresh(stories: Sequence[int], preferred: Sequence[str]) -> None:
    told = defaultdict(list)
    for row in _members().values({MANY_KEYS: stories}):
        told[row[0]].append(_Told(*row))
    if empty := set(stories) - set(told):
        Story.objects.filter(pk__in=empty).delete()
    update_many(
        Story,
        [
            (
                {"id": story},
                {
                    "lead": _lead(rows, preferred).pk,
                    "first_seen_at": min(row.seen_at for row in rows),
                    "last_seen_at": max(row.seen_at for row in rows),
                    "count": len(rows),
                },
            )
            for story, rows in told.items()
        ],
    )


@cache
def _members() -> Written[StoryMember]:
    """Return the statement for the columns of _Told, of the headlines of some stories."""
    members = StoryMember.objects.filter(Among("story", MANY_KEYS)).order_by()
    seen = (f"headline__{name}" for name in ("outlet", "first_seen_at", "is_hidden"))
    return Written(members.values_list("story_id", "pk", *seen))


def _lead(rows: Iterable[_Told], preferred: Sequence[str]) -> _Told:
    """Return the headline of the most preferred outlet, or the first; hidden ones come last."""
    return min(
        rows, key=lambda row: (row.is_hidden, rank_of(row.outlet, preferred), row.seen_at, row.pk)
    )


def stories_of(headlines: Iterable[int]) -> set[int]:
    """Return the keys of the stories to which some headlines belong."""
    members = StoryMember.objects.filter(headline__in=list(headlines)).order_by()
    return set(members.values_list("story_id", flat=True))


def mend() -> int:
    """Put right the stories whose headlines went with their feeds; return how many."""
    done = 0
    for part in _wrong_ones():
        refresh(part)
        done += len(part)
    return done


def _wrong_ones() -> Iterator[list[int]]:
    at = 0
    while True:
        rows = list(
            Story.objects.filter(pk__gt=at)
            .order_by("pk")
            .annotate(have=Count("members"))
            .values_list("pk", "count", "have", "lead_id")[:STEP]
        )
        if not rows:
            return
        at = rows[-1][0]
        yield [pk for pk, count, have, lead in rows if count != have or lead is None]
