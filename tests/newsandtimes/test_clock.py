"""The clock, of which one may work at a time."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
STARTED = "Starting scheduler"
# The last of Redis' databases, which no cache of the tests clears.
LOCK_URL = urlsplit(os.environ["CACHE_URL"])._replace(path="/15").geturl()


@pytest.fixture
def start_clock(tmp_path):
    clocks = []

    def start(name):
        log = (tmp_path / name).open("w")
        command = [sys.executable, "-u", "manage.py", "crontask", "--no-heartbeat"]
        environment = os.environ | {"CLOCK_LOCK_URL": LOCK_URL}
        clock = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        clocks.append((clock, log))
        return clock, tmp_path / name

    yield start
    for clock, log in clocks:
        clock.kill()
        clock.wait()
        log.close()


def wait_for(log, text, *, timeout_s=20):
    deadline = time.monotonic() + timeout_s
    while text not in log.read_text() and time.monotonic() < deadline:
        time.sleep(0.1)
    return text in log.read_text()


@pytest.mark.redis
def test_second_clock_waits_as_a_spare_and_takes_over(start_clock):
    first, first_log = start_clock("first")
    assert wait_for(first_log, STARTED)
    second, second_log = start_clock("second")
    assert wait_for(second_log, "Acquiring lock")
    time.sleep(1)
    assert STARTED not in second_log.read_text()
    assert second.poll() is None
    first.terminate()
    first.wait(timeout=10)
    assert wait_for(second_log, STARTED)
