"""What the database holds before the first test, brought back after each test that commits.

Django empties each table in that place, and has all apps begin anew: on PostgreSQL that makes a
hundred files and takes seconds. Nor does it bring back what migrations had left, so that a test
would begin with other rows than the same test run alone.
"""

import sqlite3
from contextlib import closing, contextmanager

from django.db import connection, transaction


@contextmanager
def kept():
    """Keep what the database holds now; yields a function without arguments that restores it."""
    if connection.vendor == "postgresql":
        yield _kept_beside()
        return
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.ensure_connection()
        connection.connection.backup(copy)
        yield lambda: _restore_from(copy)


def _restore_from(copy):
    connection.ensure_connection()
    copy.backup(connection.connection)


def _kept_beside():
    """Keep the few tables that are not empty in a schema of their own."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA pristine")
        tables = [one.name for one in connection.introspection.get_table_list(cursor)]
        statements = [sql for table in tables for sql in _restoring(cursor, table)]

    def restore():
        with transaction.atomic(), connection.cursor() as cursor:
            # Neither triggers nor foreign keys have a say until the transaction ends.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(";".join(statements))

    return restore


def _restoring(cursor, table):
    """Return the statements that restore a table, as text."""
    from psycopg.sql import SQL, Identifier

    def written(statement):
        names = {"rows": Identifier(table), "kept": Identifier("pristine", table)}
        return SQL(statement).format(**names).as_string()

    cursor.execute(written("SELECT EXISTS (SELECT FROM {rows})"))
    if cursor.fetchone() == (False,):
        return [written("DELETE FROM {rows}")]
    cursor.execute(written("CREATE TABLE {kept} AS TABLE {rows}"))
    return [
        written(
            "DELETE FROM {rows} one WHERE one::text NOT IN (SELECT other::text FROM {kept} other)"
        ),
        written(
            "INSERT INTO {rows} SELECT one.* FROM {kept} one"
            " WHERE one::text NOT IN (SELECT other::text FROM {rows} other)"
        ),
    ]
