"""Decisions on many headlines: step by step, what is much by the worker, each step a transaction.

Killed at any instant, the worker goes on where it was; a decision that was undone meanwhile ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.tasks import task
from django.utils import timezone

from aggregator import ruling
from aggregator.desk.filters import Filters
from aggregator.desk.listing import Cursor, before, behind
from aggregator.desk.turns import wait_for_turn
from aggregator.models import Decision, Headline, Pick
from aggregator.models.headline import WAITS
from aggregator.stories import keeping

STEP = 1_000
AT_ONCE = 2
"""So many steps are done while the editor waits."""

type Pairs = Sequence[tuple[int, datetime]]
"""Keys and times of headlines."""


@task(priority=10)
def go_on(decision_id: int) -> int:
    """Do what is left of a decision or of its undoing; return how many steps that took."""
    steps = 0
    while _do_step(decision_id):
        steps += 1
    return steps


@transaction.atomic
def _do_step(decision_id: int) -> bool:
    wait_for_turn()
    decision = Decision.objects.filter(pk=decision_id, is_going_on=True).first()
    if decision is None:
        return False
    work(decision, steps=1)
    return decision.is_going_on


def begin(decision: Decision) -> None:
    """Do the first steps of a decision, or of its undoing; the worker does the rest."""
    work(decision, steps=AT_ONCE)
    if decision.is_going_on:
        transaction.on_commit(partial(go_on.enqueue, decision.pk))


def work(decision: Decision, *, steps: int) -> None:
    """Do some steps of a decision, or of its undoing, and note whether that was all."""
    step = _put_back if decision.undone_at else _STEPS[Decision.Kind(decision.kind)]
    decision.is_going_on = True
    for _ in range(steps):
        if not step(decision):
            decision.is_going_on = False
            break
    decision.save(update_fields=["is_going_on", "before", "count"])


def _pass(decision: Decision) -> bool:
    """Mark the next headlines as seen; return whether there may be more."""
    kept, now = decision.before, timezone.now()
    filters, top = Filters.of(kept["filters"]), Cursor.of(kept["top"])
    if top is None:
        return False
    fitting = filters.apply(Headline.objects.all(), now=decision.at)
    above = fitting.order_by().filter(before(top), membership__story=OuterRef("membership__story"))
    rows = fitting.filter(Q(WAITS) & (behind(top) | Q(pk=top.pk)), ~Exists(above))
    pairs = _next(rows, decision)
    _take(decision, [pk for pk, _ in pairs], {"seen_at": now})
    return len(pairs) == STEP


def _mute(decision: Decision) -> bool:
    """Hide those of the next headlines that the rule drops; return whether there may be more."""
    pairs = _next(Headline.objects.waiting(now=decision.at), decision)
    hide(decision, [pk for pk, _ in pairs])
    return len(pairs) == STEP


def hide(decision: Decision, keys: Sequence[int]) -> None:
    """Hide those of some headlines that a mute drops; what an editor has picked stays."""
    picked = Pick.objects.filter(
        headline=OuterRef("pk"), picked_by__isnull=False, withdrawn_at__isnull=True
    )
    rule_id: int = decision.before["rule"]
    rulebook = ruling.load()
    dropped = [
        row.pk
        for row in Headline.objects.filter(~Exists(picked), pk__in=keys).order_by()
        if rulebook.decide(row, feed_id=row.feed_id).dropped_by == rule_id
    ]
    hidden = {"seen_at": timezone.now(), "is_hidden": True, "hidden_by": rule_id}
    _take(decision, dropped, hidden)
    keeping.refresh(keeping.stories_of(dropped))


def _put_back(decision: Decision) -> bool:
    """Let the next headlines wait again; return whether there may be more."""
    rows = Headline.objects.filter(decision=decision).order_by()
    keys = list(rows.values_list("pk", flat=True)[:STEP])
    waits: dict[str, Any] = {"seen_at": None, "decision": None}
    if decision.kind == Decision.Kind.MUTE:
        waits |= {"is_hidden": False, "hidden_by": None}
    _put_back_unless_decided(decision, keys, waits)
    if decision.kind == Decision.Kind.MUTE:
        keeping.refresh(keeping.stories_of(keys))
    return len(keys) == STEP


def _put_back_unless_decided(
    decision: Decision, keys: Sequence[int], waits: dict[str, Any]
) -> None:
    """Pass over what somebody has decided on since: that is now what keeps it from the Desk."""
    later = Decision.objects.standing().filter(pk__gt=decision.pk)
    later = later.filter(headline__in=keys).exclude(kind__in=LEAVE_IT)
    for pk, headline in later.order_by("pk").values_list("pk", "headline_id"):
        Headline.objects.filter(pk=headline, decision=decision).update(decision=pk)
    Headline.objects.filter(pk__in=keys, decision=decision).update(**waits)


LEAVE_IT = (
    *(Decision.Kind.STAR, Decision.Kind.WORDS, Decision.Kind.SPLIT, Decision.Kind.MERGE),
    Decision.Kind.MUTE,
)
"""Kinds that take nothing from the Desk by the headline that they are about."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What the worker is still at."""

    decision: int
    said: str
    count: int


def going_on() -> list[Progress]:
    """Return what the worker is still at, of all editors."""
    rows = Decision.objects.filter(is_going_on=True).order_by("pk")
    return [Progress(*row) for row in rows.values_list("pk", "said", "count")]


def _next(rows: Any, decision: Decision) -> Pairs:
    """Return the next headlines from the newest on, and note how far that is.

    What came in since the decision is none of its business.
    """
    rows = rows.filter(first_seen_at__lte=decision.at)
    reached = Cursor.of(decision.before.get("reached", ""))
    if reached is not None:
        rows = rows.filter(behind(reached))
    found = rows.order_by("-published_at", "-id").values_list("pk", "published_at")
    pairs: Pairs = list(found[:STEP])
    if pairs:
        decision.before["reached"] = str(Cursor(pairs[-1][1], pairs[-1][0]))
    return pairs


def _take(decision: Decision, keys: Sequence[int], values: dict[str, Any]) -> None:
    rows = Headline.objects.filter(WAITS, pk__in=keys)
    decision.count += rows.update(decision=decision, **values)


_STEPS = {Decision.Kind.SEEN: _pass, Decision.Kind.MUTE: _mute}
