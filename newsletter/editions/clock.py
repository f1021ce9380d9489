"""What the clock does for editions every minute, in steps that may each be cut off and repeated."""

import logging
from datetime import datetime

from newsletter.editions.abandoned import keep_alive, pause_abandoned
from newsletter.editions.collecting import collect_all
from newsletter.editions.freezing import settle_due
from newsletter.editions.planning import plan_all
from newsletter.editions.preparing import Preparation
from newsletter.editions.singles import plan_singles
from newsletter.editions.stopping import drop_stopped
from newsletter.models import Edition

logger = logging.getLogger(__name__)

BUDGET_S = 45.0


def turn(*, now: datetime, budget_s: float = BUDGET_S) -> int:
    """Take every edition as far as it can go; return for how many all rows are written."""
    pause_abandoned(now=now)
    keep_alive(now=now)
    plan_singles(now=now)
    settle_due(now=now)
    plan_all(now=now)
    collect_all(now=now)
    drop_stopped(now=now)
    return prepare_all(now=now, budget_s=budget_s)


def prepare_all(*, now: datetime, budget_s: float) -> int:
    """Write the ledgers of what is going out; return how many are complete."""
    unready = Edition.objects.filter(state=Edition.State.SENDING, prepared_at__isnull=True)
    complete = 0
    for edition in unready.select_related("digest").order_by("frozen_at", "pk"):
        if Preparation(edition).run(now=now, budget_s=budget_s):
            complete += 1
            logger.info("The ledger of edition %s is written", edition.pk)
    return complete
