"""What an edition may hold: public posts, picks and corrections of its window.

A window is half-open. What came in with an earlier date after the last edition had gone out (a
feed that is asked seldom, a post that was dated back) is found for some days more.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, islice

from django.db.models import Q

from aggregator.listing import in_order
from aggregator.models import Pick
from aggregator.sources import add_sources
from blog.models import Correction, Post, SiteSettings
from blog.models.post import PostQuerySet
from newsletter.editions import words
from newsletter.editions.planning import GONE_OUT, window_start
from newsletter.models import Digest, Edition, EditionItem

LATECOMERS = timedelta(days=2)
STOPPED_WITHIN = timedelta(days=31)
MOST = 1000
"""So many posts and so many picks are looked at; who reads more than that in one mail?"""


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when, not included; and the instant at which things must be public."""

    start: datetime
    end: datetime
    now: datetime


def items_of(edition: Edition, *, now: datetime) -> list[EditionItem]:
    """Return, unsaved and in their natural order, the items that an edition holds at ``now``."""
    digest = edition.digest
    if digest is None:
        posts = Post.objects.published_among([edition.post_id or 0], now=now)
        return [words.of_post(post, is_whole=True) for post in _loaded(posts)]
    start = window_start(digest)
    recent = start - LATECOMERS
    stopped = _stopped_before(start, digest=digest)
    since = max(digest.started_at, min([recent, *stopped.values()]))
    found = [*_posts(digest, window := Window(since, edition.due_at, now)), *_picks(digest, window)]
    late = [item.key for item, at in found if at < start]
    known = _carried(late, digest=digest)
    older = [item.key for item, at in found if at < recent]
    missed = _held_by(stopped, older)
    news = [
        item for item, at in found if item.key not in known and (at >= recent or item.key in missed)
    ]
    made = Window(start, edition.due_at, now)
    return [*news, *(_corrections(made) if digest.has_corrections else ())]


def _posts(digest: Digest, window: Window) -> Iterator[tuple[EditionItem, datetime]]:
    if not digest.has_posts:
        return
    posts = Post.objects.published(now=window.now).filter(
        published_at__gte=window.start, published_at__lt=window.end
    )
    chosen = list(digest.categories.values_list("pk", flat=True))
    if chosen:
        standing = Post.categories.through._default_manager.filter(category_id__in=chosen)
        posts = posts.filter(pk__in=standing.values("post_id"))
    for post in _loaded(posts[:MOST]):
        item = words.of_post(post)
        yield item, item.at


def _loaded(posts: PostQuerySet) -> PostQuerySet:
    return posts.select_related("category").prefetch_related("authors", "categories")


def _picks(digest: Digest, window: Window) -> Iterator[tuple[EditionItem, datetime]]:
    """Yield each article once, in the first of the collections in which it stands.

    What stands in one that is for mail only is for every reader, whatever her topics.
    """
    picks = (
        Pick.objects.standing(now=window.now)
        .filter(
            collection__in=list(digest.collections.values_list("pk", flat=True)),
            placed_at__gte=window.start,
            placed_at__lt=window.end,
        )
        .select_related("headline", "collection")
        .order_by("collection__position", "collection_id", "-placed_at", "-id")
    )
    site_language = SiteSettings.load().language
    by_article: dict[str, list[Pick]] = defaultdict(list)
    shown = list(_in_order(picks[:MOST], now=window.now))
    add_sources(shown)
    for pick in shown:
        by_article[words.key_of_pick(pick)].append(pick)
    for same in by_article.values():
        is_for_all = any(not pick.collection.is_public for pick in same)
        collections = [] if is_for_all else sorted({pick.collection_id for pick in same})
        item = words.of_pick(same[0], collection_ids=collections, site_language=site_language)
        yield item, same[0].placed_at


def _in_order(picks: Iterable[Pick], *, now: datetime) -> Iterator[Pick]:
    """Yield picks as they stand in their collections, of each so many as it gives to a digest."""
    for collection, together in groupby(picks, key=lambda pick: pick.collection):
        yield from islice(in_order(together, now=now), collection.mail_count)


def _corrections(window: Window) -> list[EditionItem]:
    """Return corrections of what was mailed before, and notes on what was taken back of it."""
    made = Correction.objects.public(now=window.now).filter(
        made_at__gte=window.start, made_at__lt=window.end
    )
    items = [words.of_correction(one) for one in made.select_related("post")[:MOST]]
    mailed = _mailed([words.meant_by(item) for item in items])
    gone = _mailed(_withdrawn_keys(window))
    right = [item for item in items if words.meant_by(item) in mailed]
    return [*right, *(words.of_withdrawal(item) for item in gone.values())]


def _withdrawn_keys(window: Window) -> list[str]:
    posts = Post.objects.withdrawn().filter(updated_at__gte=window.start, updated_at__lt=window.end)
    picks = Pick.objects.filter(withdrawn_at__gte=window.start, withdrawn_at__lt=window.end)
    taken_back = {words.key_of_pick(pick): pick for pick in picks.order_by("-withdrawn_at")[:MOST]}
    standing = Pick.objects.standing(now=window.now).filter(
        Q(headline__in=[pick.headline_id for pick in taken_back.values()])
        | Q(article_key__in=[pick.article_key for pick in taken_back.values() if pick.article_key])
    )
    for pick in standing.order_by():
        taken_back.pop(words.key_of_pick(pick), None)
    return [*map(words.key_of_post, posts.values_list("pk", flat=True)[:MOST]), *taken_back]


def _mailed(keys: list[str]) -> dict[str, EditionItem]:
    """Return the newest item of each key that has gone out."""
    items = EditionItem.objects.filter(
        key__in=keys, is_dropped=False, edition__state__in=GONE_OUT
    ).exclude(kind=EditionItem.Kind.CORRECTION)
    return {item.key: item for item in items.order_by("id")} if keys else {}


def _stopped_before(start: datetime, *, digest: Digest) -> dict[int, datetime]:
    """Return where editions began that were cancelled on their way, after a later one had gone."""
    stopped = digest.editions.filter(
        state=Edition.State.CANCELLED,
        frozen_at__isnull=False,
        window_end__lte=start,
        window_start__gt=start - STOPPED_WITHIN,
    )
    begun = stopped.values_list("pk", "window_start")
    return {pk: at for pk, at in begun if at is not None}


def _held_by(editions: Iterable[int], keys: list[str]) -> set[str]:
    """Return those of ``keys`` that some editions were to bring to their readers."""
    items = EditionItem.objects.filter(edition__in=list(editions), key__in=keys, is_dropped=False)
    return set(items.values_list("key", flat=True)) if keys else set()


def _carried(keys: list[str], *, digest: Digest) -> set[str]:
    """Return those of ``keys`` that editions of a digest have carried, or an editor has dropped."""
    items = EditionItem.objects.filter(
        key__in=keys, edition__digest=digest, edition__state__in=GONE_OUT
    )
    return set(items.values_list("key", flat=True)) if keys else set()
