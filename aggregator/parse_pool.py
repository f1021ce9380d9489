"""Runs the parser beside the event loop, on every core, with a limit in time."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import Self

from aggregator import errors
from aggregator.documents import ParsedFeed
from aggregator.parse import parse

PARSE_TIMEOUT_S = 20
_TASKS_PER_PROCESS = 5_000


class ParsePool:
    """Parser processes; a context manager. It replaces them when one of them dies."""

    def __init__(self, *, processes: int | None = None, timeout_s: float = PARSE_TIMEOUT_S) -> None:
        self._processes = processes or os.cpu_count() or 1
        self._timeout_s = timeout_s
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    async def parse(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        """Do what ``parse`` does; raises ParserGaveUp when the time is over or the parser dies."""
        try:
            return await self._submit(body, url, content_type)
        except BrokenProcessPool:
            # It may have been another body that brought the processes down.
            try:
                return await self._submit(body, url, content_type)
            except BrokenProcessPool as error:
                raise errors.ParserGaveUp(url) from error

    async def _submit(self, body: bytes, url: str, content_type: str) -> ParsedFeed:
        executor = self._executor or self._start()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(
                executor, parse_in_time, body, url, content_type, self._timeout_s
            )
        except BrokenProcessPool:
            if self._executor is executor:
                self._stop()
            raise

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["aggregator.parse"])
        self._executor = ProcessPoolExecutor(
            self._processes,
            mp_context=context,
            initializer=_settle_in,
            max_tasks_per_child=_TASKS_PER_PROCESS,
        )
        return self._executor

    def _stop(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = None


class _TimeIsOver(BaseException):
    """Not an Exception: the parsers below swallow those."""


def parse_in_time(body: bytes, url: str, content_type: str, timeout_s: float) -> ParsedFeed:
    """Parse in the main thread of a process; raises ParserGaveUp after ``timeout_s`` seconds."""
    try:
        with _alarm(timeout_s):
            return parse(body, url=url, content_type=content_type)
    except _TimeIsOver:
        raise errors.ParserGaveUp(url) from None


@contextlib.contextmanager
def _alarm(timeout_s: float) -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, timeout_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise _TimeIsOver


def _settle_in() -> None:
    """Live as long as the poller: its signals are not ours, its death is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()


def _leave_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(0)
