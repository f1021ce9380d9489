"""Feeds that are deleted with all they ever brought: in small steps, by the worker.

Killed at any instant, it has done whole steps; the feed's row goes last, so that deleting it once
more goes on with what is left.
"""

from collections.abc import Iterable

from django.db import transaction

from aggregator.models import Feed, Fingerprint, Headline, HeadlineVersion, Pick
from aggregator.stories import keeping

AT_ONCE = 500
"""Headlines that go in one transaction; a feed with no more goes at once."""


def is_large(feed: Feed) -> bool:
    """Whether a feed holds too much to go while somebody waits."""
    return Headline.objects.filter(feed=feed).order_by()[AT_ONCE:].exists()


def retire(feeds: Iterable[Feed]) -> None:
    """Ask for nothing more of feeds that are about to go."""
    Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(is_active=False)


def remove(feed_id: int) -> int:
    """Delete a feed with its headlines and their fingerprints; return how many of these."""
    removed = 0
    while count := _remove_some(feed_id):
        removed += count
    with transaction.atomic():
        Feed.objects.filter(pk=feed_id).delete()
    return removed


@transaction.atomic
def _remove_some(feed_id: int) -> int:
    headlines = Headline.objects.filter(feed=feed_id).order_by()
    keys = list(headlines.values_list("pk", flat=True)[:AT_ONCE])
    if keys:
        stories = keeping.stories_of(keys)
        for model in (Pick, HeadlineVersion):
            model._base_manager.filter(headline__in=keys).delete()
        Headline.objects.filter(pk__in=keys).delete()
        keeping.refresh(stories)
        return len(keys)
    prints = Fingerprint.objects.filter(feed=feed_id).order_by()
    left = list(prints.values_list("pk", flat=True)[:AT_ONCE])
    Fingerprint.objects.filter(pk__in=left).delete()
    return len(left)
