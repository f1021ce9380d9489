"""Pages are kept in these tests, and what is written can count as committed."""

import pytest
import time_machine
from django.db import connection

from tests.newsandtimes.page_cache.asking import NOON


@pytest.fixture(autouse=True)
def _keeps_pages(settings):
    settings.PAGE_CACHE = True


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return a context in which what is written counts as committed."""

    def commit():
        connection.run_on_commit.clear()  # what the test's own data wait with, for no commit
        return django_capture_on_commit_callbacks(execute=True)

    return commit


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller
