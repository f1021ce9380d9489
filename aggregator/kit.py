"""What every job of the poller works with: the network, the parser, the database, the time."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime

import aiohttp
from asgiref.sync import sync_to_async
from django.db import connection

from aggregator.fetch import Limits
from aggregator.hosts import HostTurns
from aggregator.parse_pool import ParsePool


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """Belongs to one run of one poller."""

    session: aiohttp.ClientSession
    limits: Limits
    turns: HostTurns
    pool: ParsePool
    clock: Callable[[], datetime]

    def turn(self, host: str) -> AbstractAsyncContextManager[None]:
        """Wait for this poller's turn at ``host``; the ``turn`` of a fetch."""
        return self.turns.turn(host)


async def in_database[**P, T](work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run ``work`` in the thread that started the poller, which owns the database connection."""

    def with_a_living_connection() -> T:
        # A connection is kept as long as it works: opening one costs more than most jobs.
        if connection.errors_occurred and not connection.in_atomic_block:
            connection.close()
        return work(*args, **kwargs)

    return await sync_to_async(with_a_living_connection)()
