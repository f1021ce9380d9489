"""The index on SQLite: a table of FTS5 for each model, whose row numbers run with time.

A row's number is the minute of its date and its primary key, so that the newest matches are the
last of a list that SQLite reads backwards, as many as are wanted and no more.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from modelsearch.query import And, Not, Or, Phrase, PlainText, SearchQuery

from newsandtimes.search.backends import (
    PLACES,
    Backend,
    Compiler,
    Hit,
    Index,
    Statement,
)
from newsandtimes.search.documents import Document
from newsandtimes.search.query import Marked

_KEY_BITS = 32
_KEY = (1 << _KEY_BITS) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_AT_ONCE = 500


def number_of(document: Document) -> int:
    """Return the number of a document's row."""
    return ((document.at - _EPOCH) // _MINUTE << _KEY_BITS) | document.pk


def time_of(number: int) -> datetime:
    """Return the minute of a row's date."""
    return _EPOCH + (number >> _KEY_BITS) * _MINUTE


class SQLiteIndex(Index):
    """FTS5 holds the stems; a table beside it knows each row's number."""

    def prepare(self) -> bool:
        """Make the two tables unless they are there."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [self.table])
            if cursor.fetchone():
                return False
            cursor.execute(
                f'CREATE VIRTUAL TABLE "{self.table}" USING fts5(title, lead, text, marks, '
                "columnsize=0, tokenize='ascii')"
            )
            cursor.execute(
                f'CREATE TABLE IF NOT EXISTS "{self.table}_numbers" '
                "(id integer PRIMARY KEY, number integer NOT NULL)"
            )
        return True

    def insert(self, documents: Sequence[Document]) -> None:
        """Put documents in that are not there."""
        numbers = [(document.pk, number_of(document)) for document in documents]
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{self.table}" (rowid, title, lead, text, marks) '  # noqa: S608
                "VALUES (%s, %s, %s, %s, %s)",
                [
                    (number, *map(" ".join, document[2:]))
                    for document, (_, number) in zip(documents, numbers, strict=True)
                ],
            )
            cursor.executemany(
                f'INSERT INTO "{self.table}_numbers" (id, number) VALUES (%s, %s)',  # noqa: S608
                numbers,
            )

    def delete_keys(self, keys: Sequence[int]) -> None:
        """Take rows out by their primary keys."""
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            places = ", ".join(["%s"] * len(part))
            with connection.cursor() as cursor:
                cursor.execute(
                    f'DELETE FROM "{self.table}_numbers" WHERE id IN ({places}) '  # noqa: S608
                    "RETURNING number",
                    part,
                )
                numbers = cursor.fetchall()
                cursor.executemany(f'DELETE FROM "{self.table}" WHERE rowid = %s', numbers)  # noqa: S608

    def forget_lost(self) -> int:
        """Take out what is no row of the model any more."""
        rows = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT id FROM "{self.table}_numbers" '  # noqa: S608
                f'WHERE id NOT IN (SELECT id FROM "{rows}")'
            )
            lost = [key for (key,) in cursor.fetchall()]
        self.delete_keys(lost)
        return len(lost)


class SQLiteCompiler(Compiler):
    """Writes FTS5's query language."""

    def statements(self, table: str, *, most: int) -> list[Statement]:
        """Look up the newest visible rows for each place."""
        visible, parameters = self.visible(f"w.rowid & {_KEY}")
        sql = (
            f'SELECT w.rowid, 0, %s FROM "{table}" w '  # noqa: S608  names of ours
            f'WHERE w."{table}" MATCH %s AND EXISTS ({visible}) ORDER BY w.rowid DESC LIMIT %s'
        )
        places = PLACES if self.order_by_relevance else PLACES[-1:]
        return [
            (sql, [worth, match_for(self.query, columns), *parameters, most])
            for worth, columns in _widening(places)
        ]


def _widening(places: Sequence[tuple[str, float]]) -> list[tuple[float, str]]:
    names = [name for name, _ in PLACES]
    return [(worth, " ".join(names[: names.index(name) + 1])) for name, worth in places]


def match_for(query: SearchQuery, columns: str) -> str:
    """Return the query in FTS5's language; wanted words stand in ``columns``, unwanted nowhere.

    Every word is of ``[a-z0-9]`` (blog.folding), so nothing in it is an operator.
    """
    parts = query.subqueries if isinstance(query, And) else [query]
    wanted = [_term(part, columns) for part in parts if not isinstance(part, Not)]
    anywhere = " ".join(name for name, _ in PLACES)
    unwanted = [_term(part.subquery, anywhere) for part in parts if isinstance(part, Not)]
    found = " AND ".join(wanted)
    return f"({found}) NOT ({' OR '.join(unwanted)})" if unwanted else found


def _term(query: SearchQuery, columns: str) -> str:
    match query:
        case Marked():
            return f'{{marks}} : "{query.mark}"'
        case PlainText() | Phrase():
            return f'{{{columns}}} : "{query.query_string}"'
        case Or():
            return f"({' OR '.join(_term(part, columns) for part in query.subqueries)})"
    raise NotImplementedError(f"{query!r} is no query of ours")


class SearchBackend(Backend):
    """Searches in SQLite."""

    index_class = SQLiteIndex
    query_compiler_class = SQLiteCompiler

    def read_hit(self, key: int, at: Any, worth: float) -> Hit:
        """Return the hit that a row's number tells of."""
        return Hit(key & _KEY, time_of(key), worth)
