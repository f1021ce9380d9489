"""Tells our hub which of our feeds have changed (https://www.w3.org/TR/websub/, section 6).

A feed is told anew when something in it has changed after it was told last: so nothing is told
twice, however often anybody asks for it, and nothing is lost while no worker runs.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import transaction
from django.db.models import Case, DateTimeField, Max, Q, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from aggregator.errors import FetchError
from aggregator.fetch import Limits, open_session, post_form
from aggregator.kit import in_database
from aggregator.models import Announcement, Collection, Pick
from blog.addresses import absolute
from blog.feeds.serving import FORMS
from blog.models import Correction, Post, SiteSettings

CLAIM = timedelta(minutes=5)
BATCH = 20
LIMITS = Limits(timeout_s=15, connect_timeout_s=5, max_bytes=64 * 1024, max_redirects=0)
# Before the second, third, … try.
DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440)]
LOOK_BACK = timedelta(days=1)
MOST_POSTS = 200
PICK_SHOWN = frozenset(
    {
        *("title", "title_language", "translated_title", "translated_language"),
        *("excerpt", "note", "is_breaking", "former_title", "archived_url"),
        *("withdrawn_at", "until"),
    }
)
"""Of these columns of a pick its feed shows something. When it was placed is looked for."""


def hub_url() -> str:
    """Return the address of the hub; "" where there is none."""
    return SiteSettings.load().websub_hub


def topics_of(post: Post) -> list[str]:
    """Return the paths of all feeds in which a post stands."""
    lists: list[tuple[str, tuple[str, ...]]] = [("feed", ())]
    lists += [("category-feed", (category.slug,)) for category in post.categories.all()]
    lists += [("tag-feed", (tag.slug,)) for tag in post.tags.all()]
    lists += [("author-feed", (author.slug,)) for author in post.authors.all()]
    return [path for route, arguments in lists for path in _paths(route, arguments)]


def _paths(route: str, arguments: tuple[str, ...]) -> Iterator[str]:
    for form in FORMS:
        yield reverse(route + form.suffix, args=arguments)


def note_post(post: Post, *, now: datetime, changed_at: datetime | None = None) -> int:
    """Want the feeds of a post told, if readers have seen it change; return how many.

    Without ``changed_at`` it has changed when it was saved, corrected or became visible last.
    """
    if not post.was_public:
        return 0
    instants = [post.updated_at, post.published_at, post.corrected_at]
    last = max((instant for instant in instants if instant and instant <= now), default=now)
    return want(topics_of(post), changed_at=changed_at or last, now=now)


@transaction.atomic
def want(topics: Iterable[str], *, changed_at: datetime, now: datetime) -> int:
    """Want feeds told that have changed then, unless the hub knows; return how many."""
    paths = list(topics)
    missing = [Announcement(topic=topic) for topic in paths]
    Announcement.objects.bulk_create(missing, ignore_conflicts=True)
    named = Announcement.objects.filter(topic__in=paths)
    news = named.filter(
        Q(wanted_at=None) | Q(wanted_at__lt=changed_at),
        Q(told_at=None) | Q(told_at__lt=changed_at),
    )
    # What waits for another try goes on waiting: the hub may be ill.
    return news.update(wanted_at=changed_at, next_try_at=Coalesce("next_try_at", Value(now)))


def note_picks(picks: Iterable[int], *, now: datetime) -> int:
    """Want told the feeds in which picks, given by their keys, have changed; return how many."""
    if not hub_url():
        return 0
    shown_in = Collection.objects.public().filter(picks__in=list(picks)).distinct()
    slugs = shown_in.values_list("slug", flat=True)
    return sum(want(_collection_paths(slug), changed_at=now, now=now) for slug in slugs)


def look(*, now: datetime) -> int:
    """Want told what has come by itself: scheduled posts, headlines. Return how many feeds."""
    found = sum(note_post(post, now=now) for post in _posts_changed(now=now))
    return found + sum(
        want(_collection_paths(slug), changed_at=changed_at, now=now)
        for slug, changed_at in _collections_changed(now=now).items()
    )


def _posts_changed(*, now: datetime) -> Iterable[Post]:
    """Return posts that changed in public after the hub was told of the site's feed.

    Those whose minute came, and those whose own announcement was lost.
    """
    since = max(_told_at(reverse("feed")) or now - LOOK_BACK, now - LOOK_BACK)
    corrected = Correction.objects.filter(made_at__gt=since).values("post")
    is_new = Q(published_at__gt=since) | Q(updated_at__gt=since) | Q(pk__in=corrected)
    was_public = Q(status__in=[Post.Status.PUBLISHED, Post.Status.WITHDRAWN], published_at__lte=now)
    changed = Post.objects.filter(is_new, was_public).order_by("-updated_at")
    return changed.defer("body").prefetch_related("categories", "tags", "authors")[:MOST_POSTS]  # type: ignore[misc]  # taggit has no types


def _collections_changed(*, now: datetime) -> Mapping[str, datetime]:
    """Return when something came into collections or left them, by slugs, if within a day."""
    since = now - LOOK_BACK
    public = Pick.objects.public(now=now).order_by()
    gone = Pick.objects.filter(collection__is_public=True).order_by()
    changes: dict[str, datetime] = {}
    for picks, column in (
        *((public, came) for came in ("placed_at", "headline__first_seen_at")),
        *((gone, went) for went in ("withdrawn_at", "until")),
    ):
        recent = picks.filter(**{f"{column}__gt": since, f"{column}__lte": now})
        newest = recent.values("collection__slug").annotate(newest=Max(column))
        for slug, at in newest.values_list("collection__slug", "newest"):
            changes[slug] = max(at, changes.get(slug, at))
    return changes


def _collection_paths(slug: str) -> Iterator[str]:
    return _paths("collection-feed", (slug,))


def _told_at(topic: str) -> datetime | None:
    told = Announcement.objects.filter(topic=topic).values_list("told_at", flat=True)
    return told.first()


def tell(*, now: datetime) -> int:
    """Tell the hub all that waits, and keep what came of it; return how many feeds it took."""
    hub = hub_url()
    told = 0
    while hub:
        batch = _claim(now=now)
        if not batch:
            break
        done = async_to_sync(_tell)(hub, batch)
        told += done
        if done < len(batch):
            break
    return told


def _claim(*, now: datetime) -> list[Announcement]:
    free = Q(claimed_until=None) | Q(claimed_until__lte=now)
    with transaction.atomic():
        waiting = Announcement.objects.filter(free, next_try_at__lte=now).order_by(
            "next_try_at", "pk"
        )
        batch = list(waiting.select_for_update(skip_locked=True)[:BATCH])
        keys = [announcement.pk for announcement in batch]
        Announcement.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
    return batch


async def _tell(hub: str, batch: list[Announcement]) -> int:
    """Tell of one feed after the other; a hub that fails is left alone for a while."""
    networks = settings.FETCH_ALLOWED_NETWORKS
    async with open_session(
        user_agent=settings.FETCH_USER_AGENT, allowed_networks=networks, limits=LIMITS
    ) as session:
        for done, announcement in enumerate(batch):
            started_at = timezone.now()
            form = {"hub.mode": "publish", "hub.url": absolute(announcement.topic)}
            try:
                await post_form(session, hub, form, limits=LIMITS)
            except FetchError as error:
                await in_database(_keep_failure, batch[done:], str(error), now=timezone.now())
                return done
            await in_database(_keep_success, announcement, at=started_at)
    return len(batch)


def _keep_success(announcement: Announcement, *, at: datetime) -> None:
    row = Announcement.objects.filter(pk=announcement.pk)
    # What has changed while the hub was told is told again, a little later.
    again = Case(
        When(wanted_at__gt=at, then=Value(at + DELAYS[0])),
        default=None,
        output_field=DateTimeField(),
    )
    row.update(told_at=at, failures=0, error="", claimed_until=None, next_try_at=again)


def _keep_failure(batch: list[Announcement], error: str, *, now: datetime) -> None:
    """Keep the first one's failure; the others wait with it. After the last try all give up."""
    failures = batch[0].failures + 1
    has_another = failures <= len(DELAYS)
    later = now + DELAYS[failures - 1] if has_another else None
    first, *others = (announcement.pk for announcement in batch)
    Announcement.objects.filter(pk=first).update(
        failures=failures if has_another else 0, error=error, next_try_at=later, claimed_until=None
    )
    Announcement.objects.filter(pk__in=others).update(
        error=error, next_try_at=later, claimed_until=None
    )
