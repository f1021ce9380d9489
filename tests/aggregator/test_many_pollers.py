"""Several pollers at once, some of which are killed: nothing is lost, nothing asked for twice."""

import json
import os
import random
import subprocess
import sys
from collections import Counter
from itertools import pairwise

import pytest

from tests.aggregator.serving import Answer, FeedServer, rss
from tests.waiting import wait_until

HOSTS = [f"127.0.0.{number}" for number in range(10, 16)]
FEEDS_PER_HOST = 5
GAP_S = 0.05
DELAY_S = 0.3
KILLS_AFTER = (4, 12, 20)  # requests in all


@pytest.fixture
def servers():
    servers = [FeedServer(host) for host in HOSTS]
    for server in servers:
        for number in range(FEEDS_PER_HOST):
            server.answers[f"/{number}"] = Answer(rss("A", "B"), delay_s=DELAY_S)
    yield servers
    for server in servers:
        server.close()


@pytest.fixture
def site(tmp_path, own_database):
    """Commands of a site with a database of its own, of the kind that the tests run on."""
    environment = os.environ | {
        "DATABASE_URL": own_database.url,
        "DATA_DIR": str(tmp_path),
        "FETCH_ALLOWED_NETWORKS": "127.0.0.0/8",
        "FETCH_HOST_GAP_S": str(GAP_S),
        "FETCH_TIMEOUT_S": "3",
        "FETCH_LEASE_S": "12",
    }
    return lambda *command: [[sys.executable, "manage.py", *command], environment]


def run(site, *command):
    command, environment = site(*command)
    return subprocess.run(
        command, env=environment, check=True, text=True, stdout=subprocess.PIPE
    ).stdout


def start(site, *command):
    command, environment = site(*command)
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


STATE = """
import json
from aggregator.models import *
print(json.dumps({
    "waiting": list(Feed.objects.filter(last_polled_at=None).values_list("url", flat=True)),
    "claimed": Feed.objects.filter(claimed_until__isnull=False).count(),
    "headlines": Headline.objects.count(),
}))
"""


def state(site):
    return json.loads(run(site, "shell", "-v0", "-c", STATE))


def asked_of(servers):
    """How often each feed was asked for."""
    return Counter(server.url(request.path) for server in servers for request in server.asked)


def test_three_pollers_killed_at_random_lose_nothing_and_ask_nothing_twice(site, servers):
    chance = random.Random(20261124)  # noqa: S311  the same victims in every run
    urls = [server.url(f"/{n}") for server in servers for n in range(FEEDS_PER_HOST)]
    run(site, "add_feed", *urls)
    pollers = [start(site, "poll_feeds", "--loop") for _ in range(3)]
    unstored = Counter()
    try:
        for number in KILLS_AFTER:
            wait_until(lambda number=number: asked_of(servers).total() >= number)
            victim = chance.randrange(3)
            pollers[victim].kill()
            pollers[victim].wait()
            pollers[victim] = start(site, "poll_feeds", "--loop")
            asked = asked_of(servers)
            unstored.update(asked.keys() & state(site)["waiting"])
        wait_until(lambda: not state(site)["waiting"])
    finally:
        for poller in pollers:
            poller.terminate()
        for poller in pollers:
            poller.wait(timeout=30)

    assert state(site) == {"waiting": [], "claimed": 0, "headlines": 2 * len(urls)}
    # Of whom a killed poller had no time to store the answer is asked once more; nobody else is.
    assert asked_of(servers) <= Counter(urls) + unstored
    assert set(asked_of(servers)) == set(urls)


def test_two_pollers_never_talk_to_one_host_at_once_nor_without_its_pause(site, servers):
    urls = [server.url(f"/{n}") for server in servers for n in range(FEEDS_PER_HOST)]
    run(site, "add_feed", *urls)
    pollers = [start(site, "poll_feeds", "--loop") for _ in range(2)]
    wait_until(lambda: not state(site)["waiting"])
    for poller in pollers:
        poller.terminate()
    for poller in pollers:
        poller.wait(timeout=30)
    for server in servers:
        assert len(server.asked) == FEEDS_PER_HOST
        assert server.most_at_once == 1
        starts = [asked.at for asked in server.asked]
        assert min(later - earlier for earlier, later in pairwise(starts)) >= GAP_S
