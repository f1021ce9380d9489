"""Places headlines in collections and takes them out again."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from aggregator.models import Collection, Feed, Headline, Pick, PickQuerySet
from blog import changes
from blog.models import User

FIRST_FILL = 50


def pick(headline: Headline, collection: Collection, *, by: User | None, now: datetime) -> Pick:
    """Place a headline in a collection; one that was withdrawn stands again, at the top.

    A pick that stands already stays where it is, and an automatic one becomes the editor's. So
    does the pick of the same article from another feed: an article stands once in a collection.
    """
    placed = _pick_of_same_article(headline, collection)
    if placed is None:
        placed, is_new = Pick.objects.get_or_create(
            collection=collection,
            headline=headline,
            defaults={"picked_by": by, "placed_at": now, "until": collection.ends_at(now)},
        )
        if is_new:
            return placed
    placed.picked_by = by
    changed = ["picked_by"]
    if not placed.stands_on(now):
        placed.placed_at, placed.ranked_at, placed.withdrawn_at = now, None, None
        placed.until = collection.ends_at(now)
        changed += ["placed_at", "ranked_at", "withdrawn_at", "until"]
    placed.save(update_fields=changed)
    return placed


def _pick_of_same_article(headline: Headline, collection: Collection) -> Pick | None:
    if not headline.article_key:
        return None
    same = Pick.objects.filter(collection=collection, article_key=headline.article_key)
    return same.first()


@transaction.atomic
def pick_all(
    headlines: Iterable[Headline], collection: Collection, *, by: User | None, now: datetime
) -> int:
    """Place several headlines, and return how many; the first of them stands highest."""
    chosen = list(headlines)
    for headline in reversed(chosen):
        pick(headline, collection, by=by, now=now)
    return len(chosen)


def withdraw(pick: Pick, *, now: datetime) -> None:
    """Take a pick out of its collection. It stays on record, so that no poll puts it back."""
    if pick.withdrawn_at is None:
        pick.withdrawn_at = now
        pick.save(update_fields=["withdrawn_at"])


def place_new(headlines: Sequence[Headline], *, collection_id: int) -> None:
    """Put headlines that have just come in into a collection.

    One whose article stands there already, from another feed, or was withdrawn, is left out.
    """
    if not headlines:
        return
    with changes.unnoticed():  # no page is made anew for each poll
        collection = Collection.objects.get(pk=collection_id)
        Pick.objects.bulk_create(_automatic(headlines, collection), ignore_conflicts=True)


@transaction.atomic
def redirect_feed(feed: Feed, *, before: Collection | None, limit: int = FIRST_FILL) -> None:
    """Make the picks of ``feed`` follow its collection, which was ``before``.

    Its ``limit`` newest headlines come in; those that it had put into the former collection and
    that no editor has touched go.
    """
    if before == feed.collection:
        return
    # A poll that is storing waits or has ended, so that no headline falls between.
    Feed.objects.select_for_update().filter(pk=feed.pk).first()
    if before:
        _untouched_picks(feed, before).delete()
    if feed.collection:
        _fill(feed, feed.collection, limit=limit)


def _untouched_picks(feed: Feed, collection: Collection) -> PickQuerySet:
    picks = Pick.objects.filter(
        collection=collection,
        headline__feed=feed,
        picked_by__isnull=True,
        withdrawn_at__isnull=True,
        is_pinned=False,
        ranked_at__isnull=True,
        is_breaking=False,
        title="",
        translated_title="",
        excerpt="",
        note="",
    )
    # Where picks stay for so long only, the end that each has is no editor's.
    return picks if collection.keep_for_h else picks.filter(until__isnull=True)


def _fill(feed: Feed, collection: Collection, *, limit: int) -> None:
    newest = Headline.objects.public().filter(feed=feed)[:limit]
    Pick.objects.bulk_create(_automatic(newest, collection), ignore_conflicts=True)


def _automatic(headlines: Iterable[Headline], collection: Collection) -> Iterator[Pick]:
    return (
        Pick(
            collection=collection,
            headline=headline,
            picked_by=None,
            placed_at=headline.published_at,
            until=collection.ends_at(headline.published_at),
        )
        for headline in headlines
    )
