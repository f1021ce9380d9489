"""Indexes that a migration adds to a table which may be full."""

from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class AddIndexInPeace(migrations.AddIndex):
    """Adds an index while others write: on PostgreSQL it locks nobody out.

    For migrations with ``atomic = False``. One that broke off leaves an invalid index behind, in
    whose place it is made anew.
    """

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Make the index."""
        if (
            schema_editor.connection.vendor != "postgresql"
            or schema_editor.connection.in_atomic_block
        ):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS "{self.index.name}"')
        schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]
