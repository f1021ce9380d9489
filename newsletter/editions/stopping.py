"""Takes the mails that have not left out of the ledger when an edition is cancelled on its way."""

from datetime import datetime

from newsletter.models import Delivery, Edition
from newsletter.sending.marking import CANCELLED

BATCH = 5_000


def drop_stopped(*, now: datetime) -> int:
    """Drop what is queued of cancelled editions, in small transactions; return how many rows."""
    stopped = Edition.objects.filter(
        state=Edition.State.CANCELLED, frozen_at__isnull=False, finished_at__isnull=True
    )
    return sum(_drop_all(pk, now=now) for pk in stopped.values_list("pk", flat=True))


def _drop_all(pk: int, *, now: datetime) -> int:
    queued = Delivery.objects.filter(edition=pk, state=Delivery.State.QUEUED)
    total = 0
    while rows := list(queued.values_list("pk", flat=True)[:BATCH]):
        total += Delivery.objects.filter(pk__in=rows, state=Delivery.State.QUEUED).update(
            state=Delivery.State.DROPPED, finished_at=now, answer=CANCELLED
        )
    Edition.objects.filter(pk=pk, state=Edition.State.CANCELLED).update(finished_at=now)
    return total
