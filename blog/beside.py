"""What stands beside a post on its page: its neighbours, related posts, the newest ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from blog.lists import STREAM, PostList
from blog.models import ListKind, Place, Post, PostQuerySet, Tag

RECENT_COUNT = 5
RELATED_COUNT = 4
MOST_TAGS = 6
"""So many tags are asked for related posts, and of each so many of its newest posts."""
_NEWEST = 8
_SHOWN = ("title", "slug", "published_at", "language", "kind", "summary", "created_at")


@dataclass(frozen=True, slots=True)
class Beside:
    """The posts beside a post. None stands in two of the lists; neighbours may be among recent."""

    newer: Post | None
    older: Post | None
    related: Sequence[Post]
    recent: Sequence[Post]


def beside(post: Post, tags: Sequence[Tag], *, now: datetime) -> Beside:
    """Return what stands beside a public post: one query, the same for an archive of any length.

    Related are posts that share a tag or the category; more shared tags come first, then newer
    ones. Their authors are left to load_authors().
    """
    own = _lists_of(post, tags)
    wanted = [
        _neighbour(post, now=now, is_newer=True),
        _neighbour(post, now=now, is_newer=False),
        _newest(STREAM, now=now, count=RECENT_COUNT + RELATED_COUNT + 3),
        *(_newest(one, now=now, count=_NEWEST) for one in own),
    ]
    found = [one for one in _posts(wanted, own, now=now) if one.pk != post.pk]
    newer = [one for one in found if _order(one) > _order(post)]
    older = [one for one in found if _order(one) < _order(post)]
    neighbours = (min(newer, key=_order, default=None), max(older, key=_order, default=None))
    related = _related([one for one in found if one not in neighbours])
    recent = [one for one in found if one not in related]
    return Beside(*neighbours, related=related, recent=recent[:RECENT_COUNT])


def _lists_of(post: Post, tags: Sequence[Tag]) -> list[PostList]:
    own = [PostList.of(tag) for tag in tags[:MOST_TAGS]]
    return [*own, PostList(ListKind.CATEGORY, post.category_id)]


def _neighbour(post: Post, *, now: datetime, is_newer: bool) -> QuerySet[Place]:
    """Return the place before or after the post's in the stream."""
    side, order = ("gt", "") if is_newer else ("lt", "-")
    at = post.published_at
    beyond = Q(**{f"published_at__{side}": at}) | Q(
        published_at=at, **{f"post_id__{side}": post.pk}
    )
    # The first condition alone would do the same; the range lets the index start beside it.
    places = STREAM.places().filter(beyond, **{f"published_at__{side}e": at})
    places = places.filter(published_at__lte=now)
    return places.order_by(f"{order}published_at", f"{order}post_id")[:1]


def _newest(posts: PostList, *, now: datetime, count: int) -> QuerySet[Place]:
    return posts.places().filter(published_at__lte=now)[:count]


def _posts(
    wanted: Sequence[QuerySet[Place]], own: Sequence[PostList], *, now: datetime
) -> PostQuerySet:
    """Return the posts at some places, with what each shares with the post: ``shared``, ``also``.

    SQLite takes no LIMIT in the parts of a union, but does one level deeper.
    """
    parts = [
        Post.objects.order_by().filter(pk__in=places.values("post_id")).values("pk")
        for places in wanted
    ]
    keys = parts[0].union(*parts[1:])
    tags = [one.key for one in own if one.kind == ListKind.TAG]
    return (
        Post.objects.published_among(keys, now=now)
        .annotate(
            shared=_number_of(ListKind.TAG, tags),
            also=_number_of(ListKind.CATEGORY, [own[-1].key]),
        )
        .only(*_SHOWN)
    )


def _number_of(kind: ListKind, keys: Sequence[int]) -> Coalesce:
    """Count in how many of some lists a post stands."""
    places = Place.objects.filter(post_id=OuterRef("pk"), kind=kind, list_id__in=[*keys, 0])
    number = places.order_by().values("post_id").annotate(number=Count("list_id")).values("number")
    return Coalesce(Subquery(number), 0)


def _related(found: Sequence[Post]) -> list[Post]:
    def closeness(post: Post) -> tuple[int, int]:
        return getattr(post, "shared", 0), getattr(post, "also", 0)

    close = [post for post in found if any(closeness(post))]
    return sorted(close, key=closeness, reverse=True)[:RELATED_COUNT]


def _order(post: Post) -> tuple[datetime, int]:
    return post.published_at or post.created_at, post.pk
