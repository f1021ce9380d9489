"""One decision after the other."""

from django.db import connection

_DECIDING = 0x4E_41_54_06  # names the advisory lock; any number that nobody else uses


def wait_for_turn() -> None:
    """Hold the Desk until the transaction ends: whoever decides sees what was decided before.

    Whoever needs the turn at the stories too (GroupingState) takes that first. SQLite has one
    writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_DECIDING])
