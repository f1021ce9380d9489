"""When it is, at the Desk of the tests."""

import pytest
import time_machine

from tests.aggregator.desk.desking import NOW


@pytest.fixture
def _now():
    with time_machine.travel(NOW, tick=False):
        yield
