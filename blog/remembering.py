"""What each process remembers of small tables that every page needs.

It is made anew when anything that readers see has changed (blog.changes), and each minute in any
case, should somebody have written to the database by another way than through this code.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection

from blog import changes

MOST_S = 60

_held: dict[str, tuple[int, float, Any]] = {}


def remembered[T](name: str, make: Callable[[], T]) -> T:
    """Return what ``make`` returns, made once as long as it is the same: one tiny query.

    It is shared by threads and requests: nobody may change it. Within a transaction, whose own
    writes nobody else knows of yet, it is made each time.
    """
    if connection.in_atomic_block:
        return make()
    # Read first: what changes while it is made makes it an old one.
    generation, now_s = changes.generation(), time.monotonic()
    held = _held.get(name)
    if held is None or held[0] != generation or now_s > held[1]:
        held = (generation, now_s + MOST_S, make())
        _held[name] = held
    value: T = held[2]
    return value


def forget() -> None:
    """Forget everything that this process remembers."""
    _held.clear()
