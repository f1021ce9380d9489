"""The index on PostgreSQL: a table of word vectors for each model, made by us, under a GIN index.

Words of the title and the lead stand in the vector a second time under a sign of their place, so
that the index alone knows where they stand; weights would have each row opened to look.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from modelsearch.query import And, Not, Or, Phrase, PlainText, SearchQuery

from newsandtimes.search.backends import PLACES, Backend, Compiler, Index, Statement
from newsandtimes.search.documents import Document, span_of
from newsandtimes.search.query import Marked

_SIGNS = {"title": "#", "lead": "+", "text": ""}
_MARK = "="
_LAST_POSITION = 16_383
_PENDING_KB = 256
"""So much of what is new each search goes through, beside the index itself. PostgreSQL's own 4 MB
take tens of milliseconds, and have its planner rather walk through all rows by date."""
_LOOKED_AT = 5
"""So many times the wanted rows are looked at, as some may be invisible."""


def vector_of(document: Document) -> str:
    """Return a document as PostgreSQL writes its vectors; all stems are of ``[a-z0-9]``."""
    return " ".join(_lexemes(document))


def _lexemes(document: Document) -> Iterator[str]:
    position = 0
    for place, stems in zip(_SIGNS, document[2:5], strict=True):
        for stem in stems:
            position = min(position + 1, _LAST_POSITION)
            yield f"'{stem}':{position}"
            if place == "title":
                yield f"'#{stem}':{position}"
            if place != "text":
                yield f"'+{stem}':{position}"
        position += 1  # no phrase reaches from one place into the next
    yield from (f"'{_MARK}{mark}'" for mark in document.marks)


class PostgreSQLIndex(Index):
    """A row for each row of the model: its key, its date and its words."""

    def prepare(self) -> bool:
        """Make the table unless it is there."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self.table])
            is_new = bool(cursor.fetchone() != (True,))
            if is_new:
                self._make(cursor)
            cursor.execute(
                f'ALTER INDEX "{self.table}_words" SET (gin_pending_list_limit = {_PENDING_KB})'
            )
        return is_new

    def _make(self, cursor: Any) -> None:
        cursor.execute(
            f'CREATE TABLE "{self.table}" (id bigint PRIMARY KEY, '
            "at timestamptz NOT NULL, words tsvector NOT NULL)"
        )
        cursor.execute(f'CREATE INDEX "{self.table}_words" ON "{self.table}" USING gin (words)')
        cursor.execute(f'CREATE INDEX "{self.table}_newest" ON "{self.table}" (at DESC, id DESC)')

    def insert(self, documents: Sequence[Document]) -> None:
        """Put documents in that are not there."""
        with connection.cursor() as cursor:
            cursor.executemany(
                f'INSERT INTO "{self.table}" (id, at, words) VALUES (%s, %s, %s::tsvector)',  # noqa: S608
                [(document.pk, document.at, vector_of(document)) for document in documents],
            )

    def delete_keys(self, keys: Sequence[int]) -> None:
        """Take rows out by their primary keys."""
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{self.table}" WHERE id = ANY(%s)', [list(keys)])  # noqa: S608

    def forget_lost(self) -> int:
        """Take out what is no row of the model any more."""
        rows = self.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f'DELETE FROM "{self.table}" w WHERE NOT EXISTS '  # noqa: S608
                f'(SELECT 1 FROM "{rows}" r WHERE r.id = w.id)'
            )
            return int(cursor.rowcount)


class PostgreSQLCompiler(Compiler):
    """Writes PostgreSQL's query language."""

    def statements(self, table: str, *, most: int) -> list[Statement]:
        """Look up the newest visible rows for each place.

        With the OFFSET each is asked by its key. Without it, and without good statistics, all rows
        that may be seen would be joined to the few that were found.
        """
        visible, parameters = self.visible("w.id")
        span = self._span()
        dated = " AND at >= %s AND at < %s" if span else ""
        sql = (
            f'WITH w AS MATERIALIZED (SELECT id, at FROM "{table}" '  # noqa: S608  names of ours
            f"WHERE words @@ %s::tsquery{dated} ORDER BY at DESC, id DESC LIMIT %s) "
            f"SELECT id, at, %s::float FROM w WHERE EXISTS ({visible} OFFSET 0) "
            "ORDER BY at DESC, id DESC LIMIT %s"
        )
        places = PLACES if self.order_by_relevance else PLACES[-1:]
        return [
            (
                sql,
                [query_for(self.query, place), *span, most * _LOOKED_AT, worth, *parameters, most],
            )
            for place, worth in places
        ]

    def _span(self) -> tuple[datetime, ...]:
        """Return between which instants the rows lie where a year is asked for.

        Its mark tells which they are; but the newest rows would be walked through to reach it.
        """
        parts = self.query.subqueries if isinstance(self.query, And) else []
        spans = (span_of(part.mark) for part in parts if isinstance(part, Marked))
        return next((span for span in spans if span), ())


def query_for(query: SearchQuery, place: str) -> str:
    """Return the query in PostgreSQL's language; wanted words stand in a place or before it."""
    parts = query.subqueries if isinstance(query, And) else [query]
    return " & ".join(
        f"!{_term(part.subquery, '')}" if isinstance(part, Not) else _term(part, _SIGNS[place])
        for part in parts
    )


def _term(query: SearchQuery, sign: str) -> str:
    match query:
        case Marked():
            return f"'{_MARK}{query.mark}'"
        case PlainText():
            return f"'{sign}{query.query_string}'"
        case Phrase():
            words = query.query_string.split()
            return f"({' <-> '.join(f"'{sign}{word}'" for word in words)})"
        case Or():
            return f"({' | '.join(_term(part, sign) for part in query.subqueries)})"
    raise NotImplementedError(f"{query!r} is no query of ours")


class SearchBackend(Backend):
    """Searches in PostgreSQL."""

    index_class = PostgreSQLIndex
    query_compiler_class = PostgreSQLCompiler
