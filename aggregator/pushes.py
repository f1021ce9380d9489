"""Takes in what hubs have sent: parsed beside the poller, stored like a poll. A side job."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from aggregator import store
from aggregator.claims import LeaseLostError
from aggregator.errors import ParseError
from aggregator.kit import Kit, in_database
from aggregator.models import Feed, HubPush

logger = logging.getLogger(__name__)

CLAIM = timedelta(minutes=5)


def claim_waiting(*, now: datetime, limit: int) -> Sequence[HubPush]:
    """Claim the documents that wait, oldest first."""
    with transaction.atomic():
        waiting = HubPush.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
        found = list(
            waiting.select_related("subscription")
            .order_by("received_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        keys = [push.pk for push in found]
        if keys:
            HubPush.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
    return found


async def attend(push: HubPush, kit: Kit) -> None:
    """Parse and store a document. One that cannot be read makes its feed due instead."""
    topic = push.subscription.topic_url
    try:
        parsed = await kit.pool.parse(bytes(push.body), url=topic, content_type=push.content_type)
        await in_database(store.keep_pushed, push.subscription.feed_id, parsed, now=kit.clock())
    except ParseError as error:
        logger.warning("What the hub of %s sent cannot be read: %s", topic, error.reason)
        await in_database(_make_due, push.subscription.feed_id, now=kit.clock())
    except LeaseLostError:
        pass
    await in_database(push.delete)


def _make_due(feed_id: int, *, now: datetime) -> None:
    Feed.objects.filter(pk=feed_id).update(next_poll_at=now)
