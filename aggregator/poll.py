"""The poller: claims due feeds, fetches, parses and stores them, and plans their next turn.

The event loop only talks to the network. The database is asked in the thread that started the
poller, documents are parsed in processes of their own.
"""

import asyncio
import contextlib
import dataclasses
import logging
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

import aiohttp
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from aggregator import schedule, store
from aggregator.documents import ParsedFeed
from aggregator.errors import BadStatus, FeedError
from aggregator.fetch import Fetched, Limits, fetch, open_session
from aggregator.hosts import HostTurns
from aggregator.models import Feed
from aggregator.outcomes import Polled, PollReport
from aggregator.parse_pool import ParsePool
from aggregator.store import Claim, LeaseLostError, Plan

logger = logging.getLogger(__name__)

IDLE_S = 5.0
_CROWD = 20
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
            ),
            concurrency=settings.FETCH_CONCURRENCY,
            host_gap_s=settings.FETCH_HOST_GAP_S,
        )


@dataclass(slots=True)
class _Errand:
    """A feed under way. Its claim is renewed when it has waited long."""

    claim: Claim


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
        self._report = PollReport()
        self._errands: dict[asyncio.Task[None], _Errand] = {}
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
        self._turns = HostTurns(gap_s=self._options.host_gap_s)
        self._slots = asyncio.Semaphore(self._options.concurrency)
        async with open_session(
            user_agent=self._options.user_agent,
            allowed_networks=self._options.allowed_networks,
            limits=self._options.limits,
        ) as session:
            try:
                await self._work(session, due_by=None if forever else self._clock())
            finally:
                self._wake = lambda: None
                await self._put_down()

    async def _work(self, session: aiohttp.ClientSession, *, due_by: datetime | None) -> None:
        most = self._options.concurrency * _IN_FLIGHT_PER_SLOT
        while not self._is_stopping:
            room = most - len(self._errands)
            claims = await self._claim(room, due_by)
            for claim in claims:
                self._start(claim, session)
            if due_by and not self._errands:
                return
            # Claiming is worth a query when there is room again, or when more may be due.
            await self._wait(in_flight=most // 2 if len(claims) == room else 0)

    async def _claim(self, room: int, due_by: datetime | None) -> list[Claim]:
        now = self._clock()
        try:
            return await _in_database(
                store.claim_due,
                now=now,
                due_by=due_by or now,
                limit=room,
                busy_hosts=self._turns.crowded(limit=_CROWD),
            )
        except (DatabaseError, InterfaceError):
            if due_by:
                raise
            logger.exception("The database does not answer; trying again in a moment")
            return []

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

    def _start(self, claim: Claim, session: aiohttp.ClientSession) -> None:
        errand = _Errand(claim)
        task = asyncio.create_task(self._poll(errand, session))
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
        if claims := [errand.claim for errand in self._errands.values()]:
            await _in_database(store.release, claims)
        self._errands.clear()

    async def _poll(self, errand: _Errand, session: aiohttp.ClientSession) -> None:
        started_at = time.perf_counter()
        url = errand.claim.feed.url
        try:
            polled = await self._poll_or_fail(errand, session)
        except LeaseLostError:
            logger.info("Somebody else has taken over %s", url)
        except Exception:
            # Its lease runs out, and then it is tried again.
            logger.exception("The outcome of %s could not be written", url)
        else:
            self._report.add(polled)
            took_s = time.perf_counter() - started_at
            self._on_polled(dataclasses.replace(polled, took_s=took_s))

    async def _poll_or_fail(self, errand: _Errand, session: aiohttp.ClientSession) -> Polled:
        url = errand.claim.feed.url
        try:
            return await self._fetch_and_take_in(errand, session)
        except FeedError as error:
            return await self._fail(errand.claim, error)
        except LeaseLostError:
            raise
        except Exception as error:
            logger.exception("Polling %s failed in an unforeseen way", url)
            unforeseen = FeedError(url)
            unforeseen.__cause__ = error
            return await self._fail(errand.claim, unforeseen)

    async def _fetch_and_take_in(self, errand: _Errand, session: aiohttp.ClientSession) -> Polled:
        feed = errand.claim.feed
        # The slot is held until the body is stored, so that bodies cannot pile up in memory; the
        # host is free again as soon as it has answered.
        async with AsyncExitStack() as slot:
            fetched = await fetch(
                session,
                feed.url,
                limits=self._options.limits,
                etag=feed.etag,
                last_modified=feed.last_modified,
                turn=lambda host: self._turn(host, errand, slot),
            )
            return await self._take_in(errand.claim, fetched)

    @asynccontextmanager
    async def _turn(self, host: str, errand: _Errand, slot: AsyncExitStack) -> AsyncIterator[None]:
        # Who waits at a host, for the next request after a redirect too, keeps nobody else from
        # talking to another one.
        await slot.aclose()
        async with self._turns.turn(host):
            await slot.enter_async_context(self._slots)
            errand.claim = await self._still_ours(errand.claim)
            yield

    async def _still_ours(self, claim: Claim) -> Claim:
        now = self._clock()
        if now + timedelta(seconds=2 * self._options.limits.timeout_s) < claim.lease:
            return claim
        return await _in_database(store.renew, claim, now=now)

    async def _take_in(self, claim: Claim, fetched: Fetched) -> Polled:
        feed = claim.feed
        body_hash = sha256(fetched.body).hexdigest()
        if fetched.is_unchanged or body_hash == feed.body_hash:
            await _in_database(store.keep_unchanged, claim, fetched, self._plan(claim, fetched))
            return Polled(feed=feed, outcome=Feed.Outcome.UNCHANGED)
        parsed = await self._pool.parse(
            fetched.body, url=fetched.final_url, content_type=fetched.content_type
        )
        plan = self._plan(claim, fetched, parsed)
        stored = await _in_database(
            store.keep_items, claim, fetched, parsed, plan, body_hash=body_hash
        )
        return Polled(feed=feed, outcome=stored.outcome, stored=stored, skipped=parsed.skipped)

    def _plan(self, claim: Claim, fetched: Fetched, parsed: ParsedFeed | None = None) -> Plan:
        now = self._clock()
        ttl_s = parsed.ttl_s if parsed else claim.feed.ttl_s
        since = now - schedule.RHYTHM_WINDOW
        listed = sum(
            item.dated_at is None or since < item.dated_at <= now
            for item in (parsed.items if parsed else ())
        )
        next_poll_at = schedule.after_success(
            now=now,
            items_in_window=max(claim.recent_items, listed),
            wishes=schedule.Wishes(fresh_for_s=fetched.fresh_for_s, ttl_s=ttl_s),
            chance=_chance(),
        )
        return Plan(now=now, next_poll_at=next_poll_at)

    async def _fail(self, claim: Claim, error: FeedError) -> Polled:
        now = self._clock()
        next_poll_at = schedule.after_failure(
            now=now,
            failures=claim.feed.failures + 1,
            retry_after_s=error.retry_after_s if isinstance(error, BadStatus) else None,
            chance=_chance(),
        )
        plan = Plan(now=now, next_poll_at=next_poll_at)
        outcome = await _in_database(store.keep_failure, claim, error, plan)
        return Polled(feed=claim.feed, outcome=outcome, reason=error.reason)


def _chance() -> float:
    return random.uniform(-1, 1)  # noqa: S311  spreads the load, hides nothing


async def _in_database[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in the thread that started the poller, which owns the database connection."""

    def with_a_living_connection() -> T:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return work(*args, **kwargs)

    return await sync_to_async(with_a_living_connection)()
