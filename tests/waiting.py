"""Waiting for what other processes do, without taking the processor from them."""

import time

PAUSE_S = 0.02


def wait_until(condition, *, running=(), patience_s=60):
    """Return as soon as a condition holds; fails if one of the running processes ends before."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        assert all(process.poll() is None for process in running), "a process has ended"
        time.sleep(PAUSE_S)
