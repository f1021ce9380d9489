"""Puts what an editor has just saved into the index, before the next request."""

import logging

from django.conf import settings
from django.db import DatabaseError, transaction

from newsandtimes.search import updating

logger = logging.getLogger(__name__)

BUDGET_S = 0.5


def update_soon() -> None:
    """Update the index once this transaction is done, where that touches no network."""
    if not settings.SEARCH_URL:
        transaction.on_commit(_update, robust=True)


def _update() -> None:
    """Take what waits, texts first; what is left is the worker's."""
    try:
        updating.update(budget_s=BUDGET_S)
    except DatabaseError:
        logger.exception("The index is updated by the worker, as a save could not")
