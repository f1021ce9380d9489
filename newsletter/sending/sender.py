"""One sender: takes due mails, has its connections hand them over, and writes down the ends."""

import logging
import time
import uuid
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from newsletter.sending import claims, marking, watch
from newsletter.sending.claims import Claimant, Errand
from newsletter.sending.crew import Crew
from newsletter.sending.hands import Job
from newsletter.sending.ledger import Ledger
from newsletter.sending.letters import Letters
from newsletter.sending.outcomes import Fate, Result
from newsletter.sending.rounds import Rounds

logger = logging.getLogger(__name__)

IDLE_S = 1.0
THROTTLED_S = 0.2
GOODBYE_S = 90.0
DATABASE_PAUSE_S = 0.5
LONGEST_GATHERING_S = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a sender works."""

    connections: int
    batch: int
    lease: timedelta
    retry_after: Sequence[timedelta]

    @classmethod
    def from_settings(cls) -> "Options":
        """Return what the deployment has set."""
        return cls(
            connections=settings.MAIL_CONNECTIONS,
            batch=settings.MAIL_BATCH,
            lease=timedelta(seconds=settings.MAIL_LEASE_S),
            retry_after=[timedelta(minutes=minutes) for minutes in settings.MAIL_RETRY_MINUTES],
        )


class Sender:
    """Sends what is due, by several connections at once.

    The connections' threads know nothing of the database; all of it is written by the one thread
    that calls ``run``: what they tell meanwhile goes into one transaction with what they get next.
    """

    def __init__(self, options: Options) -> None:
        who = Claimant(sender=uuid.uuid4(), lease=options.lease)
        self._who = who
        self._batch = options.batch
        self._ledger = Ledger(who=who, retry_after=options.retry_after)
        self._rounds = Rounds(who)
        self._letters = Letters()
        self._crew = Crew(options.connections)
        self._stock: deque[Errand] = deque()
        self._results: list[Result] = []
        self._doubtful: list[Errand] = []
        self._claim_at = self._send_at = self._gather_s = 0.0
        self._is_dry = False
        self._is_looping = self._is_stopping = False
        self.counts: Counter[Fate] = Counter()

    def stop(self) -> None:
        """Finish what is being handed over, give back the rest, and end. Any thread may call it."""
        self._is_stopping = True
        self._crew.wake()

    def run(self, *, forever: bool) -> Counter[Fate]:
        """Send until stopped, or only what is due now; return how many attempts ended how."""
        self._is_looping = forever
        try:
            while not self._is_stopping and (forever or not self._is_done()):
                self._try(self._step)
        finally:
            self._wind_down()
        return self.counts

    def _is_done(self) -> bool:
        has_work = self._stock or self._results or self._doubtful or self._crew.busy
        return self._is_dry and not has_work

    def _try(self, step: Callable[[], None]) -> bool:
        """Do something with the database; where it is away, what is to be written waits."""
        try:
            step()
        except (DatabaseError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise  # it is the caller's to begin anew
            logger.warning("The database is away, nothing leaves until it is back: %s", error)
            connection.close()
            time.sleep(DATABASE_PAUSE_S)
            self._rounds.hurry()
            return False
        return True

    def _step(self) -> None:
        if self._doubtful:
            marking.take_back(self._who, self._doubtful)
            self._doubtful.clear()
        self._rounds.go(self._stock, now=timezone.now())
        self._refill()
        self._hear()
        self._exchange()

    def _refill(self) -> None:
        """Take as many mails as last for a while."""
        if len(self._stock) > self._batch // 2 or time.monotonic() < self._claim_at:
            return
        limit, editions = self._batch - len(self._stock), self._rounds.editions
        found = claims.claim_due(self._who, editions, now=timezone.now(), limit=limit)
        self._stock.extend(found)
        self._is_dry = not found
        if not found:
            self._claim_at = time.monotonic() + IDLE_S

    def _hear(self) -> None:
        """Wait until there is something to do, and learn how mails ended meanwhile."""
        self._crew.follow(has_work=bool(self._stock))
        can_send = self._stock and self._crew.free and time.monotonic() >= self._send_at
        is_leaving = self._is_done() and not self._is_looping
        is_in_haste = can_send or self._results or is_leaving
        timeout_s = 0 if is_in_haste else IDLE_S
        for told in self._crew.hear(timeout_s=timeout_s, gather_s=self._gather_s):
            if told.errand and told.outcome:
                self._results.append((told.errand, told.outcome))
                self.counts[told.outcome.fate] += 1

    def _exchange(self) -> None:
        """Write down what was heard; mark as many mails as there are free hands; let them go."""
        wanted = self._next() if time.monotonic() >= self._send_at else []
        if not wanted and not self._results:
            return
        now, began_at = timezone.now(), time.monotonic()
        try:
            letters = {errand: self._letters.of(errand.variant_id) for errand in wanted}
            marked = self._ledger.exchange(
                self._results, wanted, limits=self._rounds.limits, now=now
            )
        except BaseException:
            self._doubtful += wanted  # did not leave, whatever the ledger says
            raise
        self._results = []
        # Where a commit takes long, as many mails as possible shall share one.
        self._gather_s = min((time.monotonic() - began_at) / 2, LONGEST_GATHERING_S)
        for errand, reader in marked.leaving:
            self._crew.give(Job(errand=errand, letter=letters[errand], reader=reader, now=now))
        if marked.waiting:
            self._stock.extendleft(reversed(marked.waiting))
            self._send_at = time.monotonic() + THROTTLED_S

    def _next(self) -> list[Errand]:
        count = 0 if self._is_stopping else min(self._crew.free, len(self._stock))
        return [self._stock.popleft() for _ in range(count)]

    def _wind_down(self) -> None:
        self._is_stopping = True
        self._crew.end()
        give_up_at = time.monotonic() + GOODBYE_S
        while time.monotonic() < give_up_at:
            if self._try(self._wind_down_step) and not self._crew.busy and not self._results:
                return

    def _wind_down_step(self) -> None:
        if self._stock or self._doubtful:
            marking.take_back(self._who, self._doubtful)
            claims.give_back(self._who, self._stock)
            self._doubtful.clear()
            self._stock.clear()
        if self._crew.busy:
            self._hear()
        self._exchange()
        watch.finish(now=timezone.now())
