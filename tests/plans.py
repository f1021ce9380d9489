"""What the database means to do for queries that were made."""

import re

from django.db import connection


def searched_by(query):
    """The columns by which SQLite or PostgreSQL searches an index for a captured query."""
    is_sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        if not is_sqlite:
            cursor.execute("ANALYZE")
        cursor.execute(f"EXPLAIN {'QUERY PLAN' if is_sqlite else ''} {query['sql']}")
        lines = [str(row[-1]) for row in cursor.fetchall()]
    if is_sqlite:
        return {name for line in lines for name in re.findall(r"(\w+)=\?", line)}
    conditions = [line for line in lines if "Index Cond:" in line]
    return {name for line in conditions for name in re.findall(r"\((\w+)\)?(?:::text)? =", line)}


def plan_of(query):
    """The steps that the database means to take for a captured query, as one text."""
    how = "QUERY PLAN" if connection.vendor == "sqlite" else ""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("ANALYZE")
            # As if the tables were long (rows are reckoned for each page of the file) …
            cursor.execute(
                "UPDATE pg_class SET relpages = 1, reltuples = 100000 "
                "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            # … and few rows of them were wanted.
            for way in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
                cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {how} {query['sql']}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
