"""The index of recent headlines: by what they say, they are found without a look at all others."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from heapq import nlargest
from itertools import batched

from django.db.models import Count

from aggregator.models import IndexedMark, Signature
from aggregator.statements import insert_many
from aggregator.stories.likeness import Item, weights
from aggregator.stories.signatures import pack, unpack

MOST_FOUND = 15
"""So many headlines at most does a new one have to be compared with."""
COMMON = 300
"""By a mark that more headlines have, none is looked up."""
LOOKED_UP = 7
"""So many of a headline's marks are looked up, the rarest."""
STEP = 500


def keys_of(item: Item) -> list[str]:
    """Return by what a headline is found: its article, its title, its words, its names' bones."""
    keys = [*item.marks.words, *sorted(set(item.marks.skeletons.values()))]
    if item.article_key:
        keys.append(f"@{item.article_key}")
    if item.marks.title_key:
        keys.append(f"!{item.marks.title_key}")
    return keys


def frequencies(items: Iterable[Item]) -> dict[str, int]:
    """Return how many headlines have each key of ``items``: these, and those of the index."""
    counts = Counter(key for item in items for key in keys_of(item))
    for part in batched(sorted(counts), STEP, strict=False):
        rows = IndexedMark.objects.filter(mark__in=part).order_by().values("mark")
        for key, count in rows.annotate(count=Count("pk")).values_list("mark", "count"):
            counts[key] += count
    return counts


def put(items: Sequence[Item], seen_at: Mapping[int, datetime], *, found_by: set[int]) -> None:
    """Write what headlines say; those whose keys are in ``found_by`` are found from now on."""
    keys = [item.pk for item in items]
    IndexedMark.objects.filter(headline__in=keys).delete()
    Signature.objects.bulk_create(
        (
            Signature(
                headline_id=item.pk,
                at=item.at,
                seen_at=seen_at[item.pk],
                marks=pack(item.marks, item.weights),
            )
            for item in items
        ),
        update_conflicts=True,
        unique_fields=["headline"],
        update_fields=["at", "marks", "is_stale"],
    )
    insert_many(
        IndexedMark,
        [
            {"mark": key, "headline_id": item.pk}
            for item in items
            if item.pk in found_by
            for key in sorted(set(keys_of(item)))
        ],
    )


def candidates(items: Sequence[Item], counts: Mapping[str, int]) -> dict[int, list[int]]:
    """Return for each of some headlines the keys of those that it may belong with, likeliest first.

    Looked up by the rarest of what each says, so that the work does not grow with the index.
    """
    asked = {item.pk: _rarest(item, counts) for item in items}
    having = _having({key for keys in asked.values() for key in keys})
    found = {}
    for item in items:
        points: defaultdict[int, float] = defaultdict(float)
        rareness = weights({key: counts[key] for key in asked[item.pk]}, total=0)
        for key, rare in rareness.items():
            # What is found by its address or title needs nothing else.
            worth: float = 100 if key[0] in "@!" else rare
            for pk in having.get(key, ()):
                points[pk] += worth
        points.pop(item.pk, None)
        found[item.pk] = nlargest(MOST_FOUND, points, key=lambda pk: (points[pk], pk))
    return found


def _rarest(item: Item, counts: Mapping[str, int]) -> list[str]:
    keys = [key for key in keys_of(item) if counts[key] <= COMMON]
    sure = [key for key in keys if key[0] in "@!"]
    rest = sorted((key for key in keys if key[0] not in "@!"), key=lambda key: (counts[key], key))
    return sure + rest[:LOOKED_UP]


def _having(keys: Iterable[str]) -> Mapping[str, list[int]]:
    found = defaultdict(list)
    for part in batched(sorted(keys), STEP, strict=False):
        rows = IndexedMark.objects.filter(mark__in=part).order_by()
        for key, headline in rows.values_list("mark", "headline_id"):
            found[key].append(headline)
    return found


def load(keys: Iterable[int]) -> Iterator[Item]:
    """Yield headlines of the index as they are compared."""
    for part in batched(keys, STEP, strict=False):
        rows = Signature.objects.filter(pk__in=part).order_by()
        for pk, at, packed, article, outlet, title in rows.values_list(
            *("pk", "at", "marks"),
            *(f"headline__{name}" for name in ("article_key", "outlet", "title")),
        ):
            marks, counted = unpack(packed)
            yield Item(
                pk=pk,
                marks=marks,
                at=at,
                weights=counted,
                article_key=article,
                outlet=outlet,
                title=title,
            )


def prune(*, before: datetime) -> int:
    """Forget what came in before; return how many headlines."""
    done = 0
    old = Signature.objects.filter(seen_at__lt=before).order_by("seen_at")
    while keys := list(old.values_list("pk", flat=True)[:STEP]):
        IndexedMark.objects.filter(headline__in=keys).delete()
        Signature.objects.filter(pk__in=keys).delete()
        done += len(keys)
    return done
