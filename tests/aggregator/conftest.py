"""A server to poll, and a parser pool that the tests of one process share."""

import pytest

from aggregator.fetch import Limits
from aggregator.parse_pool import ParsePool
from aggregator.poll import Options, Poller
from tests.aggregator.serving import LOOPBACK, FeedServer


@pytest.fixture
def server():
    server = FeedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def parse_pool():
    with ParsePool(processes=1) as pool:
        yield pool


@pytest.fixture
def poll(parse_pool):
    """Poll what is due, once; return what was told of each feed, by address."""

    def poll(*, forever=False, before_start=lambda poller: None, **options):
        told = {}
        options = {
            "user_agent": "Test",
            "allowed_networks": LOOPBACK,
            "host_gap_s": 0,
            "limits": Limits(timeout_s=2),
        } | options
        poller = Poller(
            Options(**options),
            pool=parse_pool,
            on_polled=lambda polled: told.setdefault(polled.feed.url, polled),
        )
        before_start(poller)
        poll.report = poller.run(forever=forever)
        return told

    return poll
