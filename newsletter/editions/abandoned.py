"""Editions that were on their way when everything stopped: they wait for an editor's word.

So nothing old leaves by itself after a long outage or from a restored backup. Whoever sends, and
the clock, say every minute that an edition is looked after.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from newsletter.models import Edition

ABANDONED_AFTER = timedelta(hours=1)


def pause_abandoned(*, now: datetime) -> int:
    """Pause what has been going out without anybody looking after it; return how many."""
    old = now - ABANDONED_AFTER
    lonely = Edition.objects.filter(state=Edition.State.SENDING).filter(
        Q(alive_at__lt=old) | Q(alive_at__isnull=True, frozen_at__lt=old)
    )
    reason = _(
        "Nothing has been sent for an hour: the site stood still, or was restored from a backup. "
        "What went out meanwhile may be unknown here."
    )
    return lonely.update(state=Edition.State.PAUSED, reason=reason)


def keep_alive(*, now: datetime) -> int:
    """Say of everything that is going out that it is looked after; return how many."""
    return Edition.objects.filter(state=Edition.State.SENDING).update(alive_at=now)
