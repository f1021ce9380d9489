"""Sees to it that editions go out, and stop when they are done or something is wrong."""

from datetime import datetime, timedelta

from django.db.models import Case, Exists, OuterRef, Q, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from newsletter.models import Delivery, Edition

FORGOTTEN_AFTER = timedelta(hours=1)
"""Nobody saw to an edition for so long: the site was away, or comes out of a backup."""
TOUCHED_EVERY = timedelta(seconds=30)
MAX_REASON = 300


def pause_forgotten(*, now: datetime) -> int:
    """Pause editions that nobody has sent for an hour; return how many.

    Their ledger may be that of an old backup, which does not know what left since: an editor
    decides. To be called before anything is sent or prepared of an edition that is going out.
    """
    sending = Edition.objects.filter(state=Edition.State.SENDING)
    seen = sending.alias(seen_at=Coalesce("alive_at", "frozen_at", "due_at"))
    reason = _(
        "Nothing was sent for an hour: the site stood still or comes out of a backup. Mails that "
        "left since then would leave again."
    )
    return seen.filter(seen_at__lt=now - FORGOTTEN_AFTER).update(
        state=Edition.State.PAUSED, reason=reason[:MAX_REASON]
    )


def going(*, now: datetime) -> list[int]:
    """Return the editions that go out, the most urgent first, and put down that we see to them."""
    pause_forgotten(now=now)
    sending = Edition.objects.filter(state=Edition.State.SENDING)
    sending.filter(Q(alive_at=None) | Q(alive_at__lt=now - TOUCHED_EVERY)).update(alive_at=now)
    breaking_first = Case(When(kind=Edition.Kind.BREAKING, then=0), default=1)
    return list(sending.order_by(breaking_first, "due_at", "pk").values_list("pk", flat=True))


def finish(*, now: datetime) -> int:
    """Call editions sent of which every mail has its end; return how many."""
    deliveries = Delivery.objects.filter(edition=OuterRef("pk"))
    under_way = deliveries.filter(state__in=[Delivery.State.QUEUED, Delivery.State.CLAIMED])
    being_handed_over = deliveries.filter(state=Delivery.State.UNKNOWN, lease_until__isnull=False)
    done = Edition.objects.filter(
        ~Exists(under_way),
        ~Exists(being_handed_over),
        state=Edition.State.SENDING,
        prepared_at__isnull=False,
    )
    return done.update(state=Edition.State.SENT, finished_at=now)


def pause(edition_id: int, *, reason: str) -> bool:
    """Stop an edition that is going out, with a reason for editors; return whether it was."""
    going_out = Edition.objects.filter(pk=edition_id, state=Edition.State.SENDING)
    return bool(going_out.update(state=Edition.State.PAUSED, reason=reason[:MAX_REASON]))
