"""Waiting for what other processes do, without taking the processor from them."""

import time

PATIENCE_S = 120
PAUSE_S = 0.02


def wait_until(condition, *, running=()):
    """Return as soon as a condition holds; fails if one of the running processes ends before."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        assert all(process.poll() is None for process in running), "a process has ended"
        time.sleep(PAUSE_S)
