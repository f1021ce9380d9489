"""The threads that hold the connections: each hands over one mail at a time and tells how it went.

They never touch the database: what they are given is marked there already, and what they tell is
written down by who gave it (newsletter.sending.sender).
"""

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from queue import SimpleQueue

from newsletter.sending.backends import Line
from newsletter.sending.claims import Errand
from newsletter.sending.message import Letter, Reader
from newsletter.sending.outcomes import Fate, Outcome

logger = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 60.0


class Order(Enum):
    """What a hand can be told to do besides a job."""

    OPEN = auto()
    REST = auto()
    END = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One mail to hand over."""

    errand: Errand
    letter: Letter
    reader: Reader
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a hand tells: how a job ended, and whether it can take another at once."""

    hand: "Hand"
    is_ready: bool
    errand: Errand | None = None
    outcome: Outcome | None = None


class Hand:
    """A connection and the thread that uses it."""

    def __init__(self, line: Line, told: "SimpleQueue[Told | None]") -> None:
        self._line = line
        self._told = told
        self._inbox: SimpleQueue[Job | Order] = SimpleQueue()
        self._is_ending = threading.Event()
        self._failures = 0
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def give(self, order: Job | Order) -> None:
        """Have it do something, after what it was told before."""
        if order is Order.END:
            self._is_ending.set()
        self._inbox.put(order)

    def join(self, timeout_s: float) -> None:
        """Wait until the connection is closed."""
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (order := self._inbox.get()) is not Order.END:
            if isinstance(order, Job):
                self._send(order)
            elif order is Order.REST:
                self._line.close()
            else:
                self._open()
        self._line.close()

    def _send(self, job: Job) -> None:
        try:
            outcome = self._line.send(job.letter, job.reader, now=job.now)
        except Exception as error:  # a fault of ours: nobody knows what left, and others go on
            logger.exception("Delivery %s broke off", job.errand.delivery_id)
            self._line.close()
            outcome = Outcome(fate=Fate.LOST, answer=repr(error)[:500])
        is_ready = self._line.is_open and outcome.fate is not Fate.POSTPONED
        if is_ready:
            self._failures = 0
        else:
            self._failures += 1
        self._told.put(Told(hand=self, is_ready=is_ready, errand=job.errand, outcome=outcome))
        if not is_ready:
            self._line.close()
            self._pause()
            self._open()

    def _open(self) -> None:
        """Connect, however long that takes, and say so; a server that is down is asked rarely."""
        while not self._is_ending.is_set():
            try:
                self._line.open()
            except OSError as error:
                logger.warning("The mail server is out of reach: %s", error)
                self._failures += 1
                self._pause()
            else:
                self._told.put(Told(hand=self, is_ready=True))
                return

    def _pause(self) -> None:
        if self._failures:
            pause_s = FIRST_PAUSE_S * 2 ** min(self._failures - 1, 10)
            self._is_ending.wait(min(pause_s, LONGEST_PAUSE_S))
