"""Remembers, outside of the database, what went out: a restored one would send it again.

The memory is the shared cache, so it is as good as that: a site whose cache was emptied with its
database asks only about what is older than an edition may be late.
"""

from datetime import datetime, timedelta

from django.core.cache import cache

from newsletter.models import Edition

KEPT = timedelta(days=30)


def note_gone(edition: Edition) -> None:
    """Remember that an edition has begun to go out."""
    cache.set(_key(edition), edition.due_at, timeout=KEPT.total_seconds())


def has_gone(edition: Edition) -> bool:
    """Whether one that is open here is remembered to have gone out, or a later one of its kind.

    One that an editor lets go has a time of its own, later than what is remembered.
    """
    gone_at = cache.get(_key(edition))
    return isinstance(gone_at, datetime) and gone_at >= edition.due_at


def _key(edition: Edition) -> str:
    what = f"digest.{edition.digest_id}" if edition.digest_id else f"post.{edition.post_id}"
    return f"newsletter.gone.{edition.kind}.{what}"
