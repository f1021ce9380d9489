"""The index on PostgreSQL: a table of word vectors for each model, made by us, under a GIN index.

Words of the title and the lead stand in the vector a second time under a sign of their place, so
that the index alone knows where they stand; weights would have each row opened to look.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from modelsearch.query import And, Not, Or, Phrase, PlainText, SearchQuery

from newsandtimes.search.backends import PLACES, Backend, Compiler, Index, Statement
from newsandtimes.search.documents import Document, span_of
from newsandtimes.search.query import Marked

_SIGNS = {"title": "#", "lead": "+", "text": ""}
_MARK = "="
_LAST_POSITION = 16_383
_STATISTICS = 500
"""Of ten times as many words PostgreSQL knows how frequent they are, and that all others are rarer.
With its own 100 it takes each rare word for one of thousands of rows.
"""
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
        """Make the table unless it is there, and set what an older one may lack."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [self.table])
            is_new = bool(cursor.fetchone() != (True,))
            if is_new:
                self._make(cursor)
            self._keep_all_in_the_index(cursor)
            self._know_frequent_words(cursor)
        return is_new

    def _make(self, cursor: Any) -> None:
        cursor.execute(
            f'CREATE TABLE "{self.table}" (id bigint PRIMARY KEY, '
            "at timestamptz NOT NULL, words tsvector NOT NULL)"
        )
        cursor.execute(f'CREATE INDEX "{self.table}_words" ON "{self.table}" USING gin (words)')
        cursor.execute(f'CREATE INDEX "{self.table}_newest" ON "{self.table}" (at DESC, id DESC)')

    def _keep_all_in_the_index(self, cursor: Any) -> None:
        """Have no heap of new words beside the index, through which each search would go."""
        index = f"{self.table}_words"
        cursor.execute(f'ALTER INDEX "{index}" SET (fastupdate = off)')
        cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])

    def _know_frequent_words(self, cursor: Any) -> None:
        """Have PostgreSQL's statistics tell more words apart, at once where there are rows."""
        cursor.execute(
            "SELECT attstattarget FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attname = 'words'",
            [self.table],
        )
        if cursor.fetchone() != (_STATISTICS,):
            cursor.execute(f'ALTER TABLE "{self.table}" ALTER words SET STATISTICS {_STATISTICS}')
            cursor.execute(f'ANALYZE "{self.table}"')

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
        """Look up the newest visible rows for each place, the widest first.

        What is in a place is in each wider one. So where few are in that, or all the newest of it
        are in the narrower one too, the index is not asked again: for several frequent words that
        takes tens of milliseconds.
        """
        wider = ""
        steps: list[str] = []
        parameters: list[Any] = []
        places = PLACES[::-1] if self.order_by_relevance else PLACES[-1:]
        for place, _ in places:
            words = query_for(self.query, place)
            sql, own = self._newest(table, words, most=most, wider=wider)
            if wider:
                sql = f"SELECT * FROM {wider} WHERE words @@ %s::tsquery UNION ALL ({sql})"  # noqa: S608
                own = [words, *own]
            wider = f"in_{place}"
            steps.append(f"{wider} AS MATERIALIZED ({sql})")
            parameters += own
        found = " UNION ALL ".join(
            f"SELECT id, at, %s::float FROM in_{place}"  # noqa: S608  names of ours
            for place, _ in places
        )
        parameters += [worth for _, worth in places]
        return [(f"WITH {', '.join(steps)} {found}", parameters)]

    def _newest(self, table: str, words: str, *, most: int, wider: str) -> Statement:
        """Return SQL for the newest visible rows with words, if ``wider`` does not have them all.

        Rare words are to be looked up, frequent ones walked to by date. PostgreSQL takes reading
        the words of a row for next to nothing, and would walk to rare ones too; so it is told that
        a row costs what asking whether it may be seen does. No key is negative: that is never
        asked there. It is asked of what was found, from the newest on until there is enough, and
        by the key: the OFFSET has no rows joined.
        """
        visible, parameters = self.visible("w.id")
        is_visible = f"EXISTS ({visible} OFFSET 0)"
        conditions = ["words @@ %s::tsquery"]
        values: list[Any] = [words]
        if span := self._span():
            conditions.append("at >= %s AND at < %s")
            values += span
        if wider:
            conditions.append(
                f"(SELECT count(*) >= %s AND NOT bool_and(words @@ %s::tsquery) FROM {wider})"  # noqa: S608
            )
            values += [most, words]
        conditions.append(f"(id >= 0 OR {is_visible})")
        sql = (
            f'SELECT id, at, words FROM (SELECT id, at, words FROM "{table}" w '  # noqa: S608  ours
            f"WHERE {' AND '.join(conditions)} ORDER BY at DESC, id DESC LIMIT %s) w "
            f"WHERE {is_visible} ORDER BY at DESC, id DESC LIMIT %s"
        )
        return sql, [*values, *parameters, most * _LOOKED_AT, *parameters, most]

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

    def rows_of(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        """Return what SQL finds, uncompiled: compiling it takes longer than running it."""
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")
            return super().rows_of(sql, parameters)
