"""Writes down, in one transaction, how mails ended and which leave next.

A row says ``unknown`` before the first byte of its mail leaves. So of a sender that is killed, no
more stays unknown than what it was handing over: one mail for each connection.
"""

import random
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from aggregator.statements import update_many
from newsletter.bounces import recording, report
from newsletter.models import Bounce, Delivery
from newsletter.sending import alarm, allowance, durability, marking
from newsletter.sending.allowance import Limits
from newsletter.sending.claims import Claimant, Errand
from newsletter.sending.message import Reader
from newsletter.sending.outcomes import Fate, Outcome, Result

State = Delivery.State

POSTPONED_BY = timedelta(seconds=5)
JITTER = 0.1
LONGEST_ANSWER = 500
FINAL = {Fate.ACCEPTED: State.SENT, Fate.REFUSED: State.FAILED, Fate.LOST: State.UNKNOWN}


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """What may leave now, and what has to wait because as many as allowed have left."""

    leaving: Sequence[tuple[Errand, Reader]]
    waiting: Sequence[Errand]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """One sender's hand in the ledger. ``retry_after``: the pauses before further tries."""

    who: Claimant
    retry_after: Sequence[timedelta]

    @transaction.atomic
    def exchange(
        self,
        results: Sequence[Result],
        wanted: Sequence[Errand],
        *,
        limits: Limits | None,
        now: datetime,
    ) -> Marked:
        """Write down how mails ended, and mark others as leaving now; return which may."""
        self._record_bounces(results, now=now)
        granted = wanted
        if limits and wanted:
            granted = wanted[: allowance.left(limits, now=now)]
        has_failures = any(outcome.fate in alarm.BAD for _, outcome in results)
        with nullcontext() if has_failures else durability.in_one_go():
            self._record(results, now=now)
            alarm.heed(results, now=now)
            readers = marking.mark_leaving(self.who, granted, now=now)
        if limits and readers:
            allowance.spend(len(readers), now=now)
        gone = [errand for errand in granted if errand.delivery_id not in readers]
        marking.put_aside(self.who, gone, now=now)
        return Marked(
            leaving=[(e, readers[e.delivery_id]) for e in granted if e.delivery_id in readers],
            waiting=wanted[len(granted) :],
        )

    def _record(self, results: Sequence[Result], *, now: datetime) -> None:
        update_many(
            Delivery,
            [
                (
                    # Ours even if its lease is over: late news of what was unknown.
                    {
                        "id": errand.delivery_id,
                        "claimed_by": self.who.sender,
                        "state": State.UNKNOWN.value,
                    },
                    self._row(errand, outcome, now=now),
                )
                for errand, outcome in results
            ],
        )

    def _record_bounces(self, results: Sequence[Result], *, now: datetime) -> None:
        """Before the rows themselves: who erases a subscriber locks her first, and then her rows.

        A full mailbox answers each try with 452: when the last has failed, that is a bounce too.
        """
        for errand, outcome in results:
            is_over = outcome.fate is Fate.REFUSED or self._is_given_up(errand, outcome)
            if is_over and outcome.is_about_reader:
                _record_bounce(errand, outcome, now=now)

    def _is_given_up(self, errand: Errand, outcome: Outcome) -> bool:
        is_deferred = outcome.fate is Fate.DEFERRED
        return is_deferred and _attempts(errand, outcome) > len(self.retry_after)

    def _row(self, errand: Errand, outcome: Outcome, *, now: datetime) -> Mapping[str, Any]:
        attempts = _attempts(errand, outcome)
        state, due_at = FINAL.get(outcome.fate, State.QUEUED), errand.due_at
        if outcome.fate is Fate.POSTPONED:
            due_at = now + POSTPONED_BY
        elif self._is_given_up(errand, outcome):
            state = State.EXPIRED
        elif outcome.fate is Fate.DEFERRED:
            pause = self.retry_after[attempts - 1]
            due_at = now + pause * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311
        return {
            "state": state.value,
            "due_at": due_at,
            "lease_until": None,
            "claimed_by": None,
            "attempts": attempts,
            "finished_at": now if state not in {State.QUEUED, State.UNKNOWN} else None,
            "code": outcome.code,
            "answer": outcome.answer[:LONGEST_ANSWER],
        }


def _attempts(errand: Errand, outcome: Outcome) -> int:
    return errand.attempts + (outcome.fate is not Fate.POSTPONED)


def _record_bounce(errand: Errand, outcome: Outcome, *, now: datetime) -> None:
    delivery = Delivery.objects.select_related("subscriber").get(pk=errand.delivery_id)
    answer = report.from_answer(
        delivery_id=delivery.pk, code=outcome.code or 0, answer=outcome.answer, at=now
    )
    recording.record(answer, delivery=delivery, source=Bounce.Source.SMTP, now=now)
