"""What a poller does beside polling: looks at addresses, talks to hubs, takes in their news.

Editors wait for some of it; the rest is quiet work, each kind of which has a few places of its own.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db import DatabaseError, InterfaceError

from aggregator import glancing, probing, pushes, websub
from aggregator.kit import Kit, in_database
from aggregator.thumbnails import fetching
from aggregator.watch import looking

logger = logging.getLogger(__name__)

INTERVAL_S = 1.0
_AT_ONCE = 8
_QUIET_AT_ONCE = 3


class SideJob(Protocol):
    """A module that finds its own work in the database and keeps its outcomes there."""

    def claim_waiting(self, *, now: datetime, limit: int) -> Sequence[Any]:
        """Claim up to ``limit`` pieces of work, so that no other poller takes them."""

    async def attend(self, job: Any, kit: Kit) -> None:
        """Do one of them."""


JOBS: tuple[SideJob, ...] = (probing, glancing, websub, pushes)
QUIET_JOBS: tuple[SideJob, ...] = (fetching, looking)
"""Nobody waits for these; what takes long at slow sites keeps none of the others waiting."""


class SideWork:
    """Looks for work about once a second, until it is cancelled."""

    def __init__(
        self, kit: Kit, *, jobs: Sequence[SideJob] = JOBS, at_once: int = _AT_ONCE
    ) -> None:
        self._kit = kit
        self._jobs = jobs
        self._at_once = at_once
        self._running: set[asyncio.Task[None]] = set()

    @classmethod
    def all_of(cls, kit: Kit) -> "list[SideWork]":
        """Return all side work of a poller: what is waited for, and each kind of what is not."""
        quiet = (cls(kit, jobs=(job,), at_once=_QUIET_AT_ONCE) for job in QUIET_JOBS)
        return [cls(kit), *quiet]

    async def go_on(self) -> None:
        """Do what there is, again and again; ends only by being cancelled."""
        try:
            while True:
                await self.start_waiting()
                await asyncio.sleep(INTERVAL_S)
        finally:
            await self._stop()

    async def do_all(self) -> None:
        """Do what there is now, and return when it is done."""
        await self.start_waiting()
        while self._running:
            await asyncio.wait(self._running)

    async def start_waiting(self) -> None:
        """Start what waits, as far as there is room."""
        for job in self._jobs:
            room = self._at_once - len(self._running)
            if room <= 0:
                return
            try:
                found = await in_database(job.claim_waiting, now=self._kit.clock(), limit=room)
            except (DatabaseError, InterfaceError):
                logger.exception("The database does not answer; trying again in a moment")
                return
            for piece in found:
                task = asyncio.create_task(self._attend(job, piece))
                self._running.add(task)
                task.add_done_callback(self._running.discard)

    async def _attend(self, job: SideJob, piece: Any) -> None:
        try:
            await job.attend(piece, self._kit)
        except Exception:
            # Its claim runs out, and then it is tried again.
            logger.exception("%s failed in an unforeseen way", piece)

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._running, return_exceptions=True)
