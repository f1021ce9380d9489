"""Puts a text that an editor has just saved into the index, before the next request."""

import logging
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction

from blog.models import Page, Post
from newsandtimes.search import updating
from newsandtimes.search.models import Kind

logger = logging.getLogger(__name__)


def update_soon(*, instance: Post | Page, **_signal: Any) -> None:
    """Update the index once this transaction is done, where that touches no network.

    By then its tags and sections are saved, too. The key is taken now: a deleted row loses it.
    """
    if not settings.SEARCH_URL:
        kind = Kind.POST if isinstance(instance, Post) else Kind.PAGE
        transaction.on_commit(partial(_update, kind, instance.pk), robust=True)


def _update(kind: Kind, key: int) -> None:
    try:
        updating.update_one(kind, key)
    except DatabaseError:
        logger.exception("The worker will put %s %s into the search index", kind.name, key)
