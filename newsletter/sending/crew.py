"""A sender's hands, and which of them are free."""

import contextlib
import time
from collections import deque
from queue import Empty, SimpleQueue

from newsletter.sending.backends import new_line
from newsletter.sending.hands import Hand, Job, Order, Told

REST_AFTER_S = 10.0
GOODBYE_S = 60.0


class Crew:
    """All connections of one sender. Not to be used by more than one thread, but for ``wake``."""

    def __init__(self, size: int) -> None:
        self._told: SimpleQueue[Told | None] = SimpleQueue()
        self._hands = [Hand(new_line(), self._told) for _ in range(size)]
        self._free: deque[Hand] = deque()
        self._is_resting = True
        self._worked_at = 0.0
        self.busy = 0

    @property
    def free(self) -> int:
        """How many connections are open and wait for a mail."""
        return len(self._free)

    def follow(self, *, has_work: bool) -> None:
        """Open all connections when there is work, close them when there was none for long."""
        if has_work:
            self._worked_at = time.monotonic()
            if self._is_resting:
                self._is_resting = False
                self._give_all(Order.OPEN)
        elif len(self._free) == len(self._hands) and self._is_idle_for_long():
            self._is_resting = True
            self._free.clear()
            self._give_all(Order.REST)

    def _is_idle_for_long(self) -> bool:
        return time.monotonic() - self._worked_at > REST_AFTER_S

    def give(self, job: Job) -> None:
        """Have the next free hand do a job."""
        self.busy += 1
        self._free.popleft().give(job)

    def hear(self, *, timeout_s: float, gather_s: float) -> list[Told]:
        """Return what hands have told; where that is nothing, wait so long for one to speak.

        Once one has spoken, others that are at work get ``gather_s`` to speak too.
        """
        heard: list[Told] = []
        until = time.monotonic() + timeout_s
        with contextlib.suppress(Empty):
            while True:
                left_s = until - time.monotonic()
                told = self._told.get(block=left_s > 0, timeout=max(left_s, 0))
                if told is None:
                    break
                self._note(told)
                heard.append(told)
                if len(heard) == 1:
                    until = time.monotonic() + gather_s
                if not self.busy:
                    until = 0.0
        return heard

    def _note(self, told: Told) -> None:
        self.busy -= told.outcome is not None
        if told.is_ready:
            self._free.append(told.hand)

    def wake(self) -> None:
        """End the wait of ``hear``. Any thread, and a signal's handler, may call it."""
        self._told.put(None)

    def end(self) -> None:
        """Have every connection closed once its mail is handed over."""
        self._give_all(Order.END)

    def _give_all(self, order: Order) -> None:
        for hand in self._hands:
            hand.give(order)
