"""A server to poll, and a parser pool that the tests of one process share."""

import pytest

from aggregator.parse_pool import ParsePool
from tests.aggregator.serving import FeedServer


@pytest.fixture
def server():
    server = FeedServer()
    yield server
    server.close()


@pytest.fixture(scope="session")
def parse_pool():
    with ParsePool(processes=1) as pool:
        yield pool
