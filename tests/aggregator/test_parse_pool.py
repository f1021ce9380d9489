"""Parsers in processes of their own."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aggregator import errors
from aggregator.parse import parse
from aggregator.parse_pool import ParsePool, parse_in_time
from tests.aggregator.serving import rss

# Takes feedparser far longer than any test may: attributes cost it the square of their number.
BOMB = (
    b"<rss><channel><item><title>x</title><description "
    + b" ".join(b"a%d='x'" % number for number in range(50_000))
    + b">&nope;"
)


def test_the_pool_parses_as_the_parser_does(parse_pool):
    body = rss("Поїзд", "B")
    there = asyncio.run(parse_pool.parse(body, url="http://a.example/", content_type=""))
    assert there == parse(body, url="http://a.example/")


def test_errors_come_through_whole(parse_pool):
    with pytest.raises(errors.WebPage) as caught:
        asyncio.run(parse_pool.parse(b"<html>", url="http://a.example/", content_type="text/html"))
    assert caught.value.url == "http://a.example/"
    assert caught.value.reason == "The address leads to a web page, not to a feed."


def test_a_bomb_is_given_up_in_time_and_the_parser_lives_on():
    with ParsePool(processes=1, timeout_s=0.5) as pool:

        async def go():
            with pytest.raises(errors.ParserGaveUp):
                await pool.parse(BOMB, url="http://a.example/", content_type="")
            return await pool.parse(rss("A"), url="", content_type="")

        started = time.monotonic()
        assert len(asyncio.run(go()).items) == 1
    assert time.monotonic() - started < 5


def test_the_alarm_is_switched_off_again():
    before = signal.getsignal(signal.SIGALRM)
    assert len(parse_in_time(rss("A"), "", "", 0.2).items) == 1
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert signal.getsignal(signal.SIGALRM) is before


def test_a_parser_that_was_killed_is_replaced():
    with ParsePool(processes=1) as pool:

        async def go():
            await pool.parse(rss("A"), url="", content_type="")
            [process] = pool._executor._processes
            os.kill(process, signal.SIGKILL)
            return await pool.parse(rss("B"), url="", content_type="")

        assert [item.title for item in asyncio.run(go()).items] == ["B"]


ORPHANS = """
import asyncio, os, signal
from aggregator.parse_pool import ParsePool
if __name__ == "__main__":
    pool = ParsePool(processes=2)
    async def go():
        await asyncio.gather(*(pool.parse(b"{}", url="", content_type="") for _ in range(4)),
                             return_exceptions=True)
    asyncio.run(go())
    print(*pool._executor._processes, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_parsers_die_with_their_poller(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS)
    done = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    processes = [int(pid) for pid in done.stdout.split()]
    assert len(processes) in {1, 2}
    for _ in range(100):
        if not any(is_alive(process) for process in processes):
            return
        time.sleep(0.05)
    pytest.fail(f"{processes} live on")


def is_alive(process):
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
