"""Indexes for the list of background work; see newsandtimes.task_list.

The table belongs to django_tasks_db, and no migration of ours may change it, so they are made after
each ``migrate`` where they are missing.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

INDEXES = {
    "task_newest": '"enqueued_at" DESC, "id" DESC',
    "task_newest_in_state": '"status", "enqueued_at" DESC, "id" DESC',
}


def build_after_migrate(*, using: str = DEFAULT_DB_ALIAS, **_options: Any) -> None:
    """Take the signal that the queue's app is migrated."""
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415  the app's ready() calls us

    connection = connections[using]
    table = DBTaskResult._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        is_atomic = connection.in_atomic_block
        how = "CONCURRENTLY" if connection.vendor == "postgresql" and not is_atomic else ""
        for name, columns in INDEXES.items():
            cursor.execute(f'CREATE INDEX {how} IF NOT EXISTS "{name}" ON "{table}" ({columns})')
