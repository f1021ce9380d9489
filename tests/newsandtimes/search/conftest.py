"""What tests of the search lean on."""

import pytest

from newsandtimes.search import updating


@pytest.fixture
def indexed(db):
    """Return what puts everything that was written into the index, as the worker does."""
    return updating.update
