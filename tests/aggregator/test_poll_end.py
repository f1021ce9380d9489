"""How a poller ends: stopped, signalled, killed, or out of its lease."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from aggregator.claims import LEASE
from aggregator.fetch import Limits
from aggregator.poll import Options, Poller
from tests.aggregator.serving import LOOPBACK, Answer, feed_at, rss
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


def test_a_failure_after_the_lease_was_renewed_is_kept(server, parse_pool):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(status=500)
    # With such a limit every lease is too short at once.
    limits = Limits(timeout_s=LEASE.total_seconds())
    options = Options(user_agent="Test", allowed_networks=LOOPBACK, limits=limits)
    assert Poller(options, pool=parse_pool).run().failed == 1
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.failures, feed.claimed_until) == ("failed", 1, None)


def test_stopping_gives_back_a_feed_whose_lease_was_renewed(server, poll):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(rss("A"), delay_s=1.5)

    def stop_soon(poller):
        threading.Timer(0.5, poller.stop).start()

    poll(before_start=stop_soon, limits=Limits(timeout_s=LEASE.total_seconds()))
    feed.refresh_from_db()
    assert (feed.claimed_until, feed.last_outcome) == (None, "never")


def test_a_loop_goes_on_until_it_is_stopped(server, poll):
    first = feed_at(server)
    later = feed_at(server, "/later", next_poll_at=timezone.now() + timedelta(seconds=1))
    server.answers = {"/feed": Answer(rss("A")), "/later": Answer(rss("B"))}

    def stop_after_both(poller):
        def wait():
            while len(server.asked) < 2:
                time.sleep(0.02)
            # Stopping gives back what is under way, so let the second be taken in.
            time.sleep(1)
            poller.stop()

        threading.Thread(target=wait, daemon=True).start()

    told = poll(forever=True, idle_s=0.05, before_start=stop_after_both)
    assert list(told) == [first.url, later.url]


def test_stopping_gives_back_what_is_under_way(server, poll):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(rss("A"), delay_s=30)

    def stop_soon(poller):
        threading.Timer(0.5, poller.stop).start()

    started = time.monotonic()
    assert poll(before_start=stop_soon, limits=Limits(timeout_s=60)) == {}
    assert time.monotonic() - started < 20
    feed.refresh_from_db()
    assert (feed.claimed_until, feed.last_outcome, feed.headlines.count()) == (None, "never", 0)


@pytest.fixture
def run(tmp_path, own_database):
    """Return a function that starts a command of a site with a database of its own."""
    environment = os.environ | {
        "DATABASE_URL": own_database.url,
        "DATA_DIR": str(tmp_path),
        "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
    }

    def run(*command, **popen):
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **popen,
        )

    return run


def finish(process):
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def test_a_killed_poller_loses_and_doubles_nothing(server, run):
    server.answers["/feed"] = [Answer(rss("A"), delay_s=20), Answer(rss("A"))]
    assert finish(run("add_feed", server.url()))[0] == 0
    killed = run("poll_feeds")
    wait_until(lambda: server.asked, patience_s=15)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()

    code, output = finish(run("poll_feeds"))
    assert (code, output.splitlines()[-1][:8]) == (0, "0 polled")
    end_leases = "from aggregator.models import *; Feed.objects.update(claimed_until='2026-01-01')"
    assert finish(run("shell", "-v0", "-c", end_leases))[0] == 0
    code, output = finish(run("poll_feeds"))
    assert "1 polled: 1 new headlines" in output
    assert len(server.asked) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_loop_cleanly(server, run, number):
    server.answers = {"/1": Answer(rss("A")), "/2": Answer(rss("B"), delay_s=20)}
    assert finish(run("add_feed", server.url("/1"), server.url("/2")))[0] == 0
    # In a process group of its own, all of which hears the signal, as from Ctrl-C or honcho.
    loop = run("poll_feeds", "--loop", start_new_session=True)
    assert loop.stdout.readline().endswith(f"{server.url('/1')}\n")
    wait_until(lambda: len(server.asked) == 2, patience_s=15)
    os.killpg(loop.pid, number)
    assert finish(loop) == (
        0,
        "1 polled: 1 new headlines, 0 changed; 0 feeds without news, 0 failed\n",
    )
    is_free = (
        "from aggregator.models import *; print(Feed.objects.filter(claimed_until=None).count())"
    )
    assert finish(run("shell", "-v0", "-c", is_free)) == (0, "2\n")
