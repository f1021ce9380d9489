"""What the clock does for editions every minute, in steps that may each be cut off and repeated."""

import time
from datetime import datetime

from newsletter.editions.collecting import collect_all
from newsletter.editions.freezing import settle_due
from newsletter.editions.planning import plan_all
from newsletter.editions.preparing import Preparation
from newsletter.editions.singles import plan_singles
from newsletter.editions.stopping import drop_stopped
from newsletter.models import Edition
from newsletter.sending import watch

BUDGET_S = 45.0


def turn(*, now: datetime, budget_s: float = BUDGET_S) -> int:
    """Take every edition as far as it can go; return of how many the ledger was finished."""
    watch.going(now=now)  # what nobody has seen to for an hour is paused
    plan_singles(now=now)
    settle_due(now=now)
    plan_all(now=now)
    collect_all(now=now)
    drop_stopped(now=now)
    return prepare_all(now=now, budget_s=budget_s)


def prepare_all(*, now: datetime, budget_s: float) -> int:
    """Write the ledgers of what goes out, so far as the time lasts; return how many are done."""
    ends_at = time.monotonic() + budget_s
    unready = Edition.objects.filter(state=Edition.State.SENDING, prepared_at__isnull=True)
    complete = 0
    for edition in unready.select_related("digest").order_by("frozen_at", "pk"):
        complete += Preparation(edition).run(now=now, budget_s=ends_at - time.monotonic())
    return complete
