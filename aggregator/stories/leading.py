"""Lets recent stories follow the list of preferred outlets when editors have changed it.

The list by which stories are led is noted as a digest: so no way of changing it can be forgotten,
and a worker that is killed on the way begins anew.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import batched

from django.db import transaction

from aggregator.models import GroupingState, PreferredOutlet, Story
from aggregator.stories import keeping

RECENT = timedelta(days=7)
"""Older stories keep the headline that they are known by."""
STEP = 500


def follow_list(*, now: datetime) -> Iterator[int]:
    """Choose the leads of recent stories anew if the list has changed; yield after each step.

    What is yielded is how many stories a step looked at. Each is a transaction, for which editors
    who decide on stories wait, or are waited for.
    """
    digest = _digest()
    if GroupingState.objects.filter(pk=1, led_by=digest).exists():
        return
    recent = Story.objects.filter(last_seen_at__gt=now - RECENT).order_by("-last_seen_at", "-pk")
    for part in batched(recent.values_list("pk", flat=True), STEP, strict=False):
        with transaction.atomic():
            GroupingState.objects.select_for_update().filter(pk=1).first()
            keeping.refresh(part)
        yield len(part)
    GroupingState.objects.filter(pk=1).update(led_by=digest)


def _digest() -> str:
    outlets = PreferredOutlet.objects.values_list("outlet", flat=True)
    return blake2b("\n".join(outlets).encode(), digest_size=16).hexdigest()
