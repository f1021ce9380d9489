"""What the clock does for editions every minute, in steps that may each be cut off and repeated."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import Case, When
from django.utils import translation

from blog.models import SiteSettings
from newsletter.editions.collecting import collect_all
from newsletter.editions.freezing import settle_due
from newsletter.editions.planning import plan_all
from newsletter.editions.preparing import Preparation
from newsletter.editions.singles import plan_singles
from newsletter.editions.stopping import drop_stopped
from newsletter.editions.trying import for_each
from newsletter.models import Edition
from newsletter.sending import watch

BUDGET_S = 45.0
BREAKING_FIRST = Case(When(kind=Edition.Kind.BREAKING, then=0), default=1)


def turn(*, now: datetime, budget_s: float = BUDGET_S) -> None:
    """Take every edition as far as it can go. What fails stops nothing else, and is raised then."""
    steps: list[Callable[..., int]] = [
        _see_to_going,
        plan_singles,
        settle_due,
        plan_all,
        collect_all,
        drop_stopped,
        partial(prepare_all, budget_s=budget_s),
    ]
    with translation.override(SiteSettings.load().language):  # reasons are put down in words
        for_each(steps, lambda step: step(now=now))


def _see_to_going(*, now: datetime) -> int:
    """Pause what nobody has seen to for an hour; put down that we see to the rest."""
    return len(watch.going(now=now))


def prepare_all(*, now: datetime, budget_s: float) -> int:
    """Write the ledgers of what goes out, so far as the time lasts; return how many are done."""
    ends_at = time.monotonic() + budget_s
    unready = Edition.objects.filter(state=Edition.State.SENDING, prepared_at__isnull=True)
    in_turn = unready.select_related("digest").order_by(BREAKING_FIRST, "frozen_at", "pk")

    def prepare(edition: Edition) -> bool:
        return Preparation(edition).run(now=now, budget_s=ends_at - time.monotonic())

    return sum(for_each(in_turn, prepare))
