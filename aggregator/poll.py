"""The poller: claims due feeds, fetches, parses and stores them, and plans their next turn.

The event loop only talks to the network. The database is asked in the thread that started the
poller, documents are parsed in processes of their own.
"""

import asyncio
import contextlib
import dataclasses
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from asgiref.sync import async_to_sync
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from aggregator import claims, ruling
from aggregator.claims import FEEDS_PER_HOST, LEASE, Claim, Claimant, LeaseLostError
from aggregator.errand import Errand
from aggregator.errors import FeedError
from aggregator.fetch import Limits, open_session
from aggregator.hosts import HostTurns
from aggregator.kit import Kit, in_database
from aggregator.outcomes import Polled, PollReport
from aggregator.parse_pool import ParsePool
from aggregator.rules import Rulebook
from aggregator.side_work import SideWork
from aggregator.writer import Writer

logger = logging.getLogger(__name__)

IDLE_S = 5.0
TIDY_EVERY = timedelta(minutes=5)
_IN_FLIGHT_PER_SLOT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a poller goes to work; seconds, bytes and counts."""

    user_agent: str
    allowed_networks: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    concurrency: int = 64
    host_gap_s: float = 2
    idle_s: float = IDLE_S
    lease: timedelta = LEASE

    @classmethod
    def from_settings(cls) -> "Options":
        """Return what the FETCH_* settings say."""
        return cls(
            user_agent=settings.FETCH_USER_AGENT,
            allowed_networks=tuple(settings.FETCH_ALLOWED_NETWORKS),
            limits=Limits(
                timeout_s=settings.FETCH_TIMEOUT_S,
                connect_timeout_s=settings.FETCH_CONNECT_TIMEOUT_S,
                max_bytes=settings.FETCH_MAX_BYTES,
                max_redirects=settings.FETCH_MAX_REDIRECTS,
            ),
            concurrency=settings.FETCH_CONCURRENCY,
            host_gap_s=settings.FETCH_HOST_GAP_S,
            lease=timedelta(seconds=settings.FETCH_LEASE_S),
        )


class Poller:
    """Polls due feeds, many hosts at once, each host one at a time."""

    def __init__(
        self,
        options: Options,
        *,
        pool: ParsePool,
        clock: Callable[[], datetime] = timezone.now,
        on_polled: Callable[[Polled], None] = lambda _: None,
    ) -> None:
        self._options = options
        self._pool = pool
        self._clock = clock
        self._on_polled = on_polled
        self._who = Claimant(
            poller=uuid.uuid4(),
            lease=options.lease,
            host_gap=timedelta(seconds=options.host_gap_s),
        )
        self._report = PollReport()
        self._errands: dict[asyncio.Task[None], Errand] = {}
        self._tidied_at: datetime | None = None
        self._rulebook = Rulebook()
        self._is_stopping = False
        self._wake: Callable[[], object] = lambda: None

    def run(self, *, forever: bool = False) -> PollReport:
        """Poll what is due now and return; or go on until ``stop`` is called."""
        self._report = PollReport()
        async_to_sync(self._run)(forever=forever)
        return self._report

    def stop(self) -> None:
        """End ``run`` soon and cleanly: nothing half stored, nothing left claimed.

        May be called from any thread and from a signal handler.
        """
        self._is_stopping = True
        self._wake()

    async def _run(self, *, forever: bool) -> None:
        loop = asyncio.get_running_loop()
        self._something_ended = asyncio.Event()
        self._wake = lambda: loop.call_soon_threadsafe(self._something_ended.set)
        self._slots = asyncio.Semaphore(self._options.concurrency)
        self._writer = Writer()
        async with open_session(
            user_agent=self._options.user_agent,
            allowed_networks=self._options.allowed_networks,
            limits=self._options.limits,
        ) as session:
            self._kit = Kit(
                session=session,
                limits=self._options.limits,
                turns=HostTurns(gap_s=self._options.host_gap_s),
                pool=self._pool,
                clock=self._clock,
            )
            try:
                await (self._work_on() if forever else self._work_once())
            finally:
                self._wake = lambda: None
                await self._put_down()

    async def _work_on(self) -> None:
        side_work = [asyncio.create_task(work.go_on()) for work in SideWork.all_of(self._kit)]
        try:
            await self._work(due_by=None)
        finally:
            for task in side_work:
                task.cancel()
            await asyncio.gather(*side_work, return_exceptions=True)

    async def _work_once(self) -> None:
        await asyncio.gather(*(work.do_all() for work in SideWork.all_of(self._kit)))
        await self._work(due_by=self._clock())

    async def _work(self, *, due_by: datetime | None) -> None:
        most = self._options.concurrency * _IN_FLIGHT_PER_SLOT
        while not self._is_stopping:
            room = most - len(self._errands)
            claimed = await self._claim(room, due_by)
            for claim in claimed:
                self._start(claim)
            if due_by and not self._errands:
                return
            # Claiming is worth a query when there is room again, or when more may be due.
            await self._wait(in_flight=most // 2 if len(claimed) == room else 0)

    async def _claim(self, room: int, due_by: datetime | None) -> list[Claim]:
        now = self._clock()
        try:
            if not due_by:
                await self._tidy(now)
            self._rulebook = await in_database(ruling.refreshed, self._rulebook)
            return await in_database(
                claims.claim_due,
                self._who,
                now=now,
                due_by=due_by or now,
                limit=room,
                busy_hosts=self._kit.turns.crowded(limit=FEEDS_PER_HOST),
            )
        except (DatabaseError, InterfaceError):
            if due_by:
                raise
            logger.exception("The database does not answer; trying again in a moment")
            return []

    async def _tidy(self, now: datetime) -> None:
        """At the start spread what a long stop has piled up; look after the times now and then."""
        if self._tidied_at is None and (late := await in_database(claims.spread_backlog, now=now)):
            logger.info("%s feeds are long overdue; they are spread over some minutes", late)
        if self._tidied_at is None or not timedelta() <= now - self._tidied_at < TIDY_EVERY:
            self._tidied_at = now
            await in_database(claims.mend_times, now=now)

    async def _wait(self, *, in_flight: int) -> None:
        """Wait until no more than ``in_flight`` feeds are, the idle time is over, or stop()."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._options.idle_s):
                while not self._is_stopping:
                    if 0 < len(self._errands) <= in_flight:
                        return
                    await self._something_ended.wait()
                    self._something_ended.clear()
                    if not self._errands:
                        return

    def _start(self, claim: Claim) -> None:
        errand = Errand(
            claim=claim,
            kit=self._kit,
            writer=self._writer,
            slots=self._slots,
            rulebook=self._rulebook,
            lease=self._options.lease,
        )
        task = asyncio.create_task(self._poll(errand))
        self._errands[task] = errand
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        # A task that was cancelled has not finished with its feed; _put_down gives that back.
        if not task.cancelled():
            del self._errands[task]
        self._something_ended.set()

    async def _put_down(self) -> None:
        """Stop what is under way and give the feeds back."""
        for task in self._errands:
            task.cancel()
        await asyncio.gather(*self._errands, return_exceptions=True)
        await self._writer.close()
        if held := [errand.claim for errand in self._errands.values()]:
            await in_database(claims.release, held)
        self._errands.clear()

    async def _poll(self, errand: Errand) -> None:
        started_at = time.perf_counter()
        try:
            polled = await self._poll_or_fail(errand)
        except LeaseLostError:
            logger.info("Somebody else has taken over %s", errand.feed.url)
        except Exception:
            # Its lease runs out, and then it is tried again.
            logger.exception("The outcome of %s could not be written", errand.feed.url)
        else:
            self._report.add(polled)
            took_s = time.perf_counter() - started_at
            self._on_polled(dataclasses.replace(polled, took_s=took_s))

    async def _poll_or_fail(self, errand: Errand) -> Polled:
        try:
            return await errand.run()
        except FeedError as error:
            return await errand.fail(error)
        except LeaseLostError:
            raise
        except Exception as error:
            logger.exception("Polling %s failed in an unforeseen way", errand.feed.url)
            unforeseen = FeedError(errand.feed.url)
            unforeseen.__cause__ = error
            return await errand.fail(unforeseen)
