"""What the clock does for the feeds."""

import logging

from crontask import cron
from django.tasks import task
from django.utils import timezone

from aggregator import removal
from aggregator.retention import Terms, prune

logger = logging.getLogger(__name__)


@cron("17 2 * * *")  # type: ignore[untyped-decorator]
@task
def prune_headlines() -> None:
    """Throw away the headlines that nobody picked and whose time is over."""
    done = prune(Terms.from_settings(), now=timezone.now())
    logger.info(
        "%s headlines deleted, %s trimmed, %s fingerprints gone",
        *(done.deleted, done.trimmed, done.forgotten),
    )


@task
def remove_feed(feed_id: int) -> int:
    """Delete a feed that has brought very much; return how many rows went with it."""
    return removal.remove(feed_id)
