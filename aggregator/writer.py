"""Brings the work of many polls to the database's thread together, since each way there costs."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aggregator import store
from aggregator.bookkeeping import Visit
from aggregator.claims import Claim
from aggregator.fetch import Fetched
from aggregator.kit import in_database

_MOST_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class _NothingNew:
    claim: Claim
    visit: Visit
    fetched: Fetched


type _Job = _NothingNew | Callable[[], object]
type _Result = object | Exception


class Writer:
    """What is handed in while the thread is busy goes there together when it is free.

    Each job has a transaction of its own; only feeds without news share one.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[_Job, asyncio.Future[object]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def nothing_new(self, claim: Claim, visit: Visit, fetched: Fetched) -> None:
        """Do what store.keep_nothing_new does."""
        await self._done(_NothingNew(claim, visit, fetched))

    async def run[**P, T](self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run ``work`` in the database's thread; raises what it raises."""
        return await self._done(partial(work, *args, **kwargs))  # type: ignore[return-value]

    async def close(self) -> None:
        """Wait until nothing is being written any more."""
        while self._writing:
            with contextlib.suppress(Exception):
                await asyncio.shield(self._writing)

    def _done(self, job: _Job) -> asyncio.Future[object]:
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return future

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = (
                    self._waiting[:_MOST_AT_ONCE],
                    self._waiting[_MOST_AT_ONCE:],
                )
                results = await in_database(_perform, [job for job, _ in batch])
                for (_, future), result in zip(batch, results, strict=True):
                    _settle(future, result)
        finally:
            self._writing = None


def _settle(future: asyncio.Future[object], result: _Result) -> None:
    if future.done():  # who asked has been stopped meanwhile
        return
    if isinstance(result, Exception):
        future.set_exception(result)
    else:
        future.set_result(result)


def _perform(jobs: list[_Job]) -> list[_Result]:
    together = [job for job in jobs if isinstance(job, _NothingNew)]
    common = _attempt(partial(_perform_together, together)) if together else None
    return [common if isinstance(job, _NothingNew) else _attempt(job) for job in jobs]


def _perform_together(jobs: list[_NothingNew]) -> None:
    store.keep_nothing_new([(job.claim, job.visit, job.fetched) for job in jobs])


def _attempt(work: Callable[[], object]) -> _Result:
    try:
        return work()
    except Exception as error:
        return error
