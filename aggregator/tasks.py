"""What the clock does for the feeds."""

import logging
from collections.abc import Container
from functools import partial

from crontask import cron
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from aggregator import announcing, removal
from aggregator.models import Pick
from aggregator.retention import Terms, prune
from aggregator.stories import grouping, keeping
from aggregator.thumbnails import sweeping, wanting
from aggregator.watch import titles
from blog.models import Correction, Post

logger = logging.getLogger(__name__)


@cron("17 2 * * *")  # type: ignore[untyped-decorator]
@task
def prune_headlines() -> None:
    """Throw away the headlines that nobody picked and whose time is over."""
    done = prune(Terms.from_settings(), now=timezone.now())
    keeping.mend()
    logger.info(
        "%s headlines deleted, %s trimmed, %s fingerprints gone",
        *(done.deleted, done.trimmed, done.forgotten),
    )


GROUPING_BUDGET_S = 100
"""A round ends before the next one begins."""


@cron("*/2 * * * *")  # type: ignore[untyped-decorator]
@task(priority=-50)
def group_headlines() -> int:
    """Group new headlines into stories; return how many were looked at."""
    return grouping.group(budget_s=GROUPING_BUDGET_S)


@cron("* * * * *")  # type: ignore[untyped-decorator]
@task(priority=-50)
def watch_sources() -> int:
    """Begin to watch the sources of what editors have picked; return how many picks."""
    return titles.take_up(now=timezone.now())


@cron("* * * * *")  # type: ignore[untyped-decorator]
@task(priority=-50)
def want_pictures() -> int:
    """Ask for the pictures that readers are to see beside headlines; return for how many."""
    return wanting.want_for_readers(now=timezone.now())


@cron("37 * * * *")  # type: ignore[untyped-decorator]
@task(priority=-50)
def sweep_pictures() -> int:
    """Delete the pictures of outside articles that nobody needs any more; return how many."""
    return sweeping.sweep(now=timezone.now())


@task
def remove_feed(feed_id: int) -> int:
    """Delete a feed that has brought very much; return how many rows went with it."""
    return removal.remove(feed_id)


@task
def announce_post(post_id: int, is_scheduled: bool = False) -> int:
    """Tell the hub of the feeds of a post that has changed in public; return of how many."""
    now = timezone.now()
    post = Post.objects.filter(pk=post_id).first()
    if post is not None:
        announcing.note_post(post, now=now, changed_at=None if is_scheduled else now)
    return announcing.tell(now=now)


@cron("*/2 * * * *")  # type: ignore[untyped-decorator]
@task
def tell_hub() -> int:
    """Tell the hub what has come by itself, and what it could not be told before."""
    now = timezone.now()
    if not announcing.hub_url():
        return 0
    announcing.look(now=now)
    return announcing.tell(now=now)


def wish_post(*, instance: Post, **_: object) -> None:
    """Take the signal that a post was saved: the hub is told now, or when its minute comes."""
    if not announcing.hub_url():
        return
    if instance.was_public:
        transaction.on_commit(partial(announce_post.enqueue, instance.pk))
    elif instance.is_public_status and announce_post.get_backend().supports_defer:
        later = announce_post.using(run_after=instance.published_at)
        transaction.on_commit(partial(later.enqueue, instance.pk, is_scheduled=True))


def wish_correction(*, instance: Correction, **_: object) -> None:
    """Take the signal that a correction was made."""
    if announcing.hub_url():
        transaction.on_commit(partial(announce_post.enqueue, instance.post_id))


def wish_pick(
    *, instance: Pick, created: bool, update_fields: Container[str] | None, **_: object
) -> None:
    """Take the signal that a pick was saved. New ones are found by looking."""
    is_seen = update_fields is None or any(name in update_fields for name in announcing.PICK_SHOWN)
    if is_seen and not created:
        note = partial(announcing.note_picks, [instance.pk], now=timezone.now())
        transaction.on_commit(note)
