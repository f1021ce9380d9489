"""The index of recent headlines: by what they say, they are found without a look at all others."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from heapq import nlargest

from django.db.models import Count
from django.utils import timezone

from aggregator.models import IndexedMark, Signature
from aggregator.statements import insert_many
from aggregator.stories.likeness import Item, weights
from aggregator.stories.signatures import pack, unpack
from blog.among import Among
from blog.written import MANY_KEYS, MANY_WORDS, Written

MOST_FOUND = 8
"""So many headlines at most does a new one have to be compared with."""
LOOKED_UP = 9
"""By so many keys at most is one looked up: its article, its title, its rarest marks."""
COMMON = 300
"""So many headlines at most are met by them; a mark that more have is of no use there."""
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
    common = counts_of_common(int(timezone.now().timestamp() // 3600))
    met = dict(_counting().rows({MANY_WORDS: sorted(counts.keys() - common.keys())}))
    counts.update(met | {key: common[key] for key in counts.keys() & common.keys()})
    common |= {key: count for key, count in met.items() if count > COMMON}
    return counts


@lru_cache(maxsize=1)
def counts_of_common(hour: int) -> dict[str, int]:
    """Return how many headlines have the marks that many have, as far as this hour has counted.

    To count them takes longest, and changes least.
    """
    return {}


@cache
def _counting() -> Written[IndexedMark]:
    rows = IndexedMark.objects.filter(Among("mark", MANY_WORDS)).order_by().values("mark")
    return Written(rows.annotate(count=Count("pk")).values_list("mark", "count"))


def put(items: Sequence[Item], seen_at: Mapping[int, datetime], *, found_by: set[int]) -> None:
    """Write what headlines say that are not in the index.

    Those whose keys are in ``found_by`` are found from now on.
    """
    insert_many(
        Signature,
        [
            {
                "headline_id": item.pk,
                "at": item.at,
                "seen_at": seen_at[item.pk],
                "marks": pack(item.marks, item.weights),
            }
            for item in items
        ],
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

    Looked up by the rarest of what each says, so that the work does not grow with the index. Of
    those that are asked for, the later ones may belong with the earlier.
    """
    asked = {item.pk: _rarest(item, counts) for item in items}
    having = _having({key for keys in asked.values() for key in keys})
    later = set(asked)
    found = {}
    for item in items:
        points: defaultdict[int, float] = defaultdict(float)
        rareness = weights({key: counts[key] for key in asked[item.pk]}, total=0)
        for key, rare in rareness.items():
            # What is found by its address or title needs nothing else.
            worth: float = 100 if key[0] in "@!" else rare
            for pk in having.get(key, ()):
                points[pk] += worth
        among = points.keys() - later
        found[item.pk] = nlargest(MOST_FOUND, among, key=lambda pk: (points[pk], pk))
        later.remove(item.pk)
    return found


def _rarest(item: Item, counts: Mapping[str, int]) -> list[str]:
    """Return the keys by which a headline is looked up."""
    rarest: list[str] = []
    met = 0
    for key in sorted(keys_of(item), key=lambda key: (key[0] not in "@!", counts[key], key)):
        if len(rarest) < LOOKED_UP and met + counts[key] <= COMMON:
            rarest.append(key)
            met += counts[key]
    return rarest


def _having(keys: Iterable[str]) -> Mapping[str, list[int]]:
    found = defaultdict(list)
    for key, headline in _finding().rows({MANY_WORDS: sorted(keys)}):
        found[key].append(headline)
    return found


@cache
def _finding() -> Written[IndexedMark]:
    rows = IndexedMark.objects.filter(Among("mark", MANY_WORDS)).order_by()
    return Written(rows.values_list("mark", "headline_id"))


def load(keys: Iterable[int]) -> Iterator[Item]:
    """Yield headlines of the index as they are compared."""
    for pk, at, packed, article, outlet, title in _loading().values({MANY_KEYS: sorted(keys)}):
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


@cache
def _loading() -> Written[Signature]:
    rows = Signature.objects.filter(Among("pk", MANY_KEYS)).order_by()
    said = (f"headline__{name}" for name in ("article_key", "outlet", "title"))
    return Written(rows.values_list("pk", "at", "marks", *said))


def forget(keys: Collection[int]) -> None:
    """Take headlines out of the index."""
    IndexedMark.objects.filter(Among("headline", keys)).delete()
    Signature.objects.filter(Among("pk", keys)).delete()


def prune(*, before: datetime) -> int:
    """Forget what came in before; return how many headlines."""
    done = 0
    old = Signature.objects.filter(seen_at__lt=before).order_by("seen_at")
    while keys := list(old.values_list("pk", flat=True)[:STEP]):
        forget(keys)
        done += len(keys)
    return done
