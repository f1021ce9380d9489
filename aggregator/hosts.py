"""Turns at hosts: one request at a time to each, with a pause between two."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_REMEMBERED_HOSTS = 10_000


class HostTurns:
    """Who may talk to which host, within one poller."""

    def __init__(self, *, gap_s: float) -> None:
        self._gap_s = gap_s
        self._locks: dict[str, asyncio.Lock] = {}
        self._queued: Counter[str] = Counter()
        self._free_at: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait until nobody talks to ``host`` and its pause is over, then hold it."""
        loop = asyncio.get_running_loop()
        lock = self._locks.setdefault(host, asyncio.Lock())
        self._queued[host] += 1
        try:
            async with lock:
                await asyncio.sleep(max(0, self._free_at.get(host, 0) - loop.time()))
                try:
                    yield
                finally:
                    self._free_at[host] = loop.time() + self._gap_s
        finally:
            self._leave(host, loop.time())

    def crowded(self, *, limit: int) -> list[str]:
        """Return the hosts at which ``limit`` or more wait or talk."""
        return [host for host, queued in self._queued.items() if queued >= limit]

    def _leave(self, host: str, now: float) -> None:
        self._queued[host] -= 1
        if not self._queued[host]:
            del self._queued[host], self._locks[host]
        if len(self._free_at) > _REMEMBERED_HOSTS:
            self._free_at = {name: at for name, at in self._free_at.items() if at > now}
