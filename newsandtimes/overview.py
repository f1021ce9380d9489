"""What the newsroom's front page shows: the work in its order, to each what they may see.

Each block asks the admin of its model who may see which rows, so that what holds for the lists
holds here. Each is one query by an index, whatever the length of the archive.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Case, Count, Model, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aggregator.desk import listing
from aggregator.desk.deeds.families import MAY_LOOK
from aggregator.desk.filters import Filters
from aggregator.models import Feed, Pick
from aggregator.watch import settling
from blog.models import Post
from newsletter.models import Edition, Subscriber

SHOWN = 6
COUNT_SUBSCRIBERS = "newsletter.count_subscribers"
ASKING = (Edition.State.WAITING, Edition.State.LATE, Edition.State.PAUSED)
WELL = (Feed.Health.OK, Feed.Health.WAITING)


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the page: rows, what is said where there are none, where all of them are."""

    name: str
    title: str
    empty: str
    link: str
    rows: Sequence[Any]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class FeedLine:
    """A feed with the word for how it does, as its list shows it."""

    feed: Feed
    mark: SafeString


@dataclass(frozen=True, slots=True)
class Movement:
    """How many subscribers came and went in so many days."""

    days: int
    gained: int
    lost: int


def blocks(site: AdminSite, request: HttpRequest, *, now: datetime) -> list[Block]:
    """Return the blocks that this editor may see, in the order of the work."""
    return [
        *_of_posts(site, request, now),
        *_of_feeds(site, request),
        *_of_sources(site, request, now),
        *_of_editions(site, request),
    ]


def _rows_of(site: AdminSite, request: HttpRequest, model: type[Model]) -> QuerySet[Any] | None:
    """Return the rows that somebody sees in the admin's list; None for no list at all."""
    model_admin = site._registry.get(model)
    if model_admin is None or not model_admin.has_view_or_change_permission(request):
        return None
    return model_admin.get_queryset(request)


def _of_posts(site: AdminSite, request: HttpRequest, now: datetime) -> Iterator[Block]:
    posts = _rows_of(site, request, Post)
    if posts is None:
        return
    posts = posts.defer(None).defer("body", "standfirst", "summary").select_related("created_by")
    link = reverse("admin:blog_post_changelist")
    state = Post.Status
    touched = posts.order_by("-updated_at", "-id")
    yield _block(
        *("drafts", _("Drafts"), _("No drafts.")),
        f"{link}?state={state.DRAFT}",
        *_drafts(touched.filter(status=state.DRAFT), user_id=request.user.pk or 0),
    )
    yield _block(
        *("review", _("In review"), _("Nothing waits for a review.")),
        f"{link}?state={state.REVIEW}",
        touched.filter(status=state.REVIEW),
    )
    published = posts.filter(status=state.PUBLISHED)
    yield _block(
        *("scheduled", _("Scheduled next"), _("Nothing is scheduled.")),
        f"{link}?state=scheduled",
        published.filter(published_at__gt=now).order_by("published_at", "id"),
    )
    yield _block(
        *("published", _("Just published"), _("Nothing is published yet.")),
        f"{link}?state={state.PUBLISHED}",
        published.filter(published_at__lte=now).order_by("-published_at", "-id"),
    )


def _drafts(drafts: QuerySet[Post], *, user_id: int) -> tuple[QuerySet[Post], QuerySet[Post]]:
    """Return one's own, and those of others."""
    others = drafts.filter(~Q(created_by=user_id) | Q(created_by=None))
    return drafts.filter(created_by=user_id), others


def _of_feeds(site: AdminSite, request: HttpRequest) -> Iterator[Block]:
    feeds = _rows_of(site, request, Feed)
    if feeds is None:
        return
    ill = feeds.filter(Q(is_active=True) | Q(health=Feed.Health.GONE), health__gt=max(WELL))
    found = _block(
        *("feeds", _("Feeds in trouble"), _("All feeds are well.")),
        reverse("admin:aggregator_feed_changelist"),
        ill.order_by("-health", "title", "pk"),
    )
    mark: Any = site._registry[Feed]
    yield replace(found, rows=[FeedLine(feed, mark.state(feed)) for feed in found.rows])


def _of_sources(site: AdminSite, request: HttpRequest, now: datetime) -> Iterator[Block]:
    """Yield what outlets have changed since it was picked, and picked links that died."""
    if _rows_of(site, request, Pick) is None:
        return
    yield _block(
        *("watch", _("Source watch"), _("Nothing has changed since it was picked.")),
        reverse("admin:aggregator_pick_watch"),
        settling.tasks(now=now),
    )


def _of_editions(site: AdminSite, request: HttpRequest) -> Iterator[Block]:
    """Yield what asks for a decision, what goes out, what went out last, and what comes next."""
    editions = _rows_of(site, request, Edition)
    if editions is None:
        return
    editions = editions.select_related("digest", "post")
    state = Edition.State
    current = editions.filter(state__in=[*ASKING, state.SENDING, state.OPEN])
    rank = Case(When(state__in=ASKING, then=0), When(state=state.SENDING, then=1), default=3)
    rows = list(current.annotate(rank=rank).order_by("rank", "due_at", "id")[: SHOWN + 1])
    last = editions.filter(state=state.SENT).annotate(rank=Value(2)).order_by("-frozen_at")
    rows = sorted([*rows, *last[:1]], key=attrgetter("rank"))
    yield Block(
        *("editions", _("Editions"), _("No edition has been made yet.")),
        reverse("admin:newsletter_edition_changelist"),
        rows[:SHOWN],
        has_more=len(rows) > SHOWN,
    )


def _block(name: str, title: str, empty: str, link: str, *parts: QuerySet[Any]) -> Block:
    """Fill a block from its parts in turn: one query for each part."""
    rows: list[Any] = []
    for part in parts:
        rows += part[: SHOWN + 1]
    return Block(name, title, empty, link, rows[:SHOWN], has_more=len(rows) > SHOWN)


def waiting(request: HttpRequest, *, now: datetime) -> str:
    """Return how many stories wait at the Desk, "" for those who may not go there: one query."""
    if not request.user.has_perm(MAY_LOOK):
        return ""
    return listing.left_in_words(listing.left(Filters(), now=now))


def movements(
    site: AdminSite, request: HttpRequest, *, now: datetime
) -> tuple[list[Movement], str] | None:
    """Return how many subscribers came and went, and where they are listed, "" for nowhere.

    None for those who may not know. Two queries, by the days they came and went.
    """
    is_seen = site._registry[Subscriber].has_view_or_change_permission(request)
    if not (is_seen or request.user.has_perm(COUNT_SUBSCRIBERS)):
        return None
    week, month = now - timedelta(days=7), now - timedelta(days=30)
    gained = _two_counts(Subscriber.objects.filter(confirmed_at__gte=month), "confirmed_at", week)
    left = Subscriber.objects.filter(unsubscribed_at__gte=month, confirmed_at__isnull=False)
    lost = _two_counts(left, "unsubscribed_at", week)
    counts = [
        Movement(days, came, went) for days, came, went in zip((7, 30), gained, lost, strict=True)
    ]
    return counts, reverse("admin:newsletter_subscriber_changelist") if is_seen else ""


def _two_counts(rows: QuerySet[Subscriber], column: str, week: datetime) -> tuple[int, int]:
    counted = rows.order_by().aggregate(
        week=Count("pk", filter=Q(**{f"{column}__gte": week})), month=Count("pk")
    )
    return counted["week"], counted["month"]
