"""One feed's poll, from its turn at the host to its outcome in the database."""

import asyncio
import random
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from aggregator import claims, schedule, store
from aggregator.access import Access
from aggregator.bookkeeping import Visit
from aggregator.claims import Claim
from aggregator.errors import FeedError
from aggregator.fetch import Fetched, fetch
from aggregator.kit import Kit
from aggregator.models import Feed
from aggregator.outcomes import Polled
from aggregator.rules import Rulebook
from aggregator.writer import Writer


@dataclass(slots=True, kw_only=True)
class Errand:
    """A feed under way. Its claim is renewed when it has waited long."""

    claim: Claim
    kit: Kit
    writer: Writer
    slots: asyncio.Semaphore
    rulebook: Rulebook
    lease: timedelta = claims.LEASE
    took_s: float = 0
    fetched: Fetched | None = None

    @property
    def feed(self) -> Feed:
        """The feed as it was when it was claimed."""
        return self.claim.feed

    async def run(self) -> Polled:
        """Fetch the feed and keep what came; raises FeedError and LeaseLostError."""
        # The slot is held until the body is stored, so that bodies cannot pile up in memory; the
        # host is free again as soon as it has answered.
        async with AsyncExitStack() as slot:
            fetched = self.fetched = await self._fetch(slot)
            return await self._take_in(fetched)

    async def fail(self, error: FeedError) -> Polled:
        """Keep why it came to nothing; raises LeaseLostError."""
        outcome = await self.writer.run(store.keep_failure, self.claim, self._visit(), error)
        return Polled(feed=self.feed, outcome=outcome, reason=error.reason)

    async def _fetch(self, slot: AsyncExitStack) -> Fetched:
        feed = self.feed
        is_whole = schedule.is_whole_due(
            fetched_whole_at=feed.fetched_whole_at, now=self.kit.clock()
        )
        return await fetch(
            self.kit.session,
            feed.url,
            limits=self.kit.limits,
            etag="" if is_whole else feed.etag,
            last_modified="" if is_whole else feed.last_modified,
            access=_access_to(feed),
            turn=lambda host: self._turn(host, slot),
        )

    @asynccontextmanager
    async def _turn(self, host: str, slot: AsyncExitStack) -> AsyncIterator[None]:
        # Who waits at a host, for the next request after a redirect too, keeps nobody else from
        # talking to another one.
        await slot.aclose()
        async with self.kit.turn(host):
            await slot.enter_async_context(self.slots)
            await self._hold_on()
            started_at = time.perf_counter()
            try:
                yield
            finally:
                self.took_s += time.perf_counter() - started_at

    async def _hold_on(self) -> None:
        """Renew the claim if it could end before the answer is stored."""
        now = self.kit.clock()
        if now + timedelta(seconds=2 * self.kit.limits.timeout_s) >= self.claim.lease:
            self.claim = await self.writer.run(claims.renew, self.claim, now=now, lease=self.lease)

    async def _take_in(self, fetched: Fetched) -> Polled:
        body_hash = "" if fetched.is_unchanged else sha256(fetched.body).hexdigest()
        if fetched.is_unchanged or body_hash == self.feed.body_hash:
            await self.writer.nothing_new(self.claim, self._visit(), fetched)
            return Polled(feed=self.feed, outcome=Feed.Outcome.UNCHANGED)
        parsed = await self.kit.pool.parse(
            fetched.body, url=fetched.final_url, content_type=fetched.content_type
        )
        stored = await self.writer.run(
            store.keep_items,
            self.claim,
            self._visit(),
            fetched,
            parsed,
            body_hash=body_hash,
            rulebook=self.rulebook,
        )
        return Polled(feed=self.feed, outcome=stored.outcome, stored=stored, skipped=parsed.skipped)

    def _visit(self) -> Visit:
        return Visit(
            feed=self.feed,
            now=self.kit.clock(),
            took_s=self.took_s,
            chance=random.uniform(-1, 1),  # noqa: S311  spreads the load, hides nothing
            fetched=self.fetched,
        )


def _access_to(feed: Feed) -> Access | None:
    """Return how the publisher lets us in, where an editor has said so."""
    stored = getattr(feed, "access", None)
    if stored is None:
        return None
    return Access(
        user_agent=stored.user_agent,
        header_name=stored.header_name,
        header_value=stored.header_value,
        username=stored.username,
        password=stored.password,
        cookie=stored.cookie,
        proxy=stored.proxy,
    )
