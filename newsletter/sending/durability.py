"""What is on the disk for sure when a power cut comes, and how to get there soon.

PostgreSQL syncs each commit. SQLite here does not (newsandtimes.environment): what was committed
survives every process, but of a machine that stops at once the last commits may be missing. For
mails that would mean: marked as leaving, left, and queued again. To sync each mark would cost more
than all the rest of sending, so only claims are synced. If the machine has been started since a
claim was made, nobody knows which of its mails left.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection

_SINCE_START = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


@contextmanager
def synced() -> Iterator[None]:
    """Have the transactions of the block, and all before, on the disk when it ends."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    _set("FULL")
    try:
        yield
    finally:
        _set("NORMAL")


@contextmanager
def in_one_go() -> Iterator[None]:
    """Send the statements of the block together, on PostgreSQL. No errors show before its end."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _set(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")


def lost_before(*, now: datetime) -> datetime | None:
    """Return when the machine was started: commits before may be lost. None where none ever is."""
    if connection.vendor != "sqlite":
        return None
    return now - timedelta(seconds=time.clock_gettime(_SINCE_START))
