"""What the backends share: the parts of the library that do not depend on a database.

The library's own SQL joins one table for all models through a generic key and ranks every match;
at our sizes that takes seconds (docs/performance.md). So each index here is a table of one model,
in the order of time, and of very many matches the newest are looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from modelsearch.backends.base import (
    BaseIndex,
    BaseSearchBackend,
    BaseSearchQueryCompiler,
    BaseSearchResults,
)
from modelsearch.query import SearchQuery

from newsandtimes.search.documents import Document, Searched, documents_of

MOST_HITS = 400
"""So many of each kind and place are ranked: of more matches the newest."""
PLACES = (("title", 1.0), ("lead", 0.5), ("text", 0.2))
"""Where all wanted words stand, and what that is worth. Each includes the places before it."""


class SearchUnavailableError(Exception):
    """The server that searches cannot be asked at present."""


class Hit(NamedTuple):
    """A row that was found."""

    pk: int
    at: datetime
    worth: float
    """Of where its words stand, up to 1."""


class Index(BaseIndex):  # type: ignore[misc]  # the library has no types
    """The index of one model."""

    model: type[Searched]

    def __init__(self, backend: BaseSearchBackend, model: type[Searched]) -> None:
        super().__init__(backend)
        self.model = model
        self.table = f"search_{model._meta.concrete_model._meta.model_name}"

    def get_key(self) -> str:
        """Return what tells this index from others."""
        return self.table

    def prepare(self) -> bool:
        """Make what is missing in the database; return whether the index is new and empty."""
        raise NotImplementedError

    def add_items(self, _model: type[Model], items: Iterable[Searched]) -> None:
        """Put rows in, in the place of what was known of them."""
        documents = documents_of(items)
        with transaction.atomic():
            self.delete_keys([document.pk for document in documents])
            self.insert(documents)

    def delete_item(self, item: Model) -> None:
        """Take a row out."""
        self.delete_keys([item.pk])

    def insert(self, documents: Sequence[Document]) -> None:
        """Put documents in that are not there."""
        raise NotImplementedError

    def delete_keys(self, keys: Sequence[int]) -> None:
        """Take rows out by their primary keys; what is not there is passed over."""
        raise NotImplementedError

    def forget_lost(self) -> int:
        """Take out what is no row of the model any more; return how many."""
        raise NotImplementedError


type Statement = tuple[str, list[Any]]
"""SQL and its parameters."""


class Compiler(BaseSearchQueryCompiler):  # type: ignore[misc]  # the library has no types
    """Knows the rows among which is searched, and what for."""

    def visible(self, key: str) -> Statement:
        """Return SQL that has a row where the one with ``key`` may be seen, and its parameters."""
        rows = self.queryset.order_by().filter(pk=RawSQL(key, [])).values("pk")  # noqa: S611
        sql, parameters = rows.query.sql_with_params()
        return sql, list(parameters)

    def statements(self, table: str, *, most: int) -> list[Statement]:
        """Return what looks the hits up: rows of a key, what tells the date, and the worth."""
        raise NotImplementedError

    def check(self) -> None:
        """Accept any filter: the rows themselves are asked, not the index."""


class Results(BaseSearchResults):  # type: ignore[misc]  # the library has no types
    """What was found; looked up when it is asked for."""

    def _ordered(self) -> list[Hit]:
        (hits,) = self.backend.hits_of([self.query_compiler])
        hits = sorted(hits, key=lambda hit: (hit.at, hit.pk), reverse=True)
        if self.query_compiler.order_by_relevance:
            hits.sort(key=lambda hit: -hit.worth)
        return list(hits)

    def _do_search(self) -> Iterator[Model]:
        keys = [hit.pk for hit in self._ordered()[self.start : self.stop]]
        rows: QuerySet[Model] = self.query_compiler.queryset
        found = rows.in_bulk(keys)
        return (found[key] for key in keys if key in found)

    def _do_count(self) -> int:
        return len(self._ordered()[self.start : self.stop])


class Backend(BaseSearchBackend):  # type: ignore[misc]  # the library has no types
    """Makes an index for each model, and looks several of them up in one statement."""

    results_class = Results
    identity = "database"

    def get_index_for_model(self, model: type[Searched]) -> Index:
        """Return the index of a model."""
        index: Index = self.index_class(self, model)
        return index

    def find(
        self,
        query: SearchQuery,
        querysets: Sequence[QuerySet[Any]],
        *,
        by_relevance: bool,
        most: int = MOST_HITS,
    ) -> list[list[Hit]]:
        """Return what is found among each of the querysets: a list for each, in no order."""
        compilers = [
            self.query_compiler_class(rows, query, order_by_relevance=by_relevance)
            for rows in querysets
        ]
        return self.hits_of(compilers, most=most)

    def hits_of(self, compilers: Sequence[Compiler], *, most: int = MOST_HITS) -> list[list[Hit]]:
        """Look up what is found by each compiler: one query."""
        parts, parameters = [], []
        for number, compiler in enumerate(compilers):
            table = self.get_index_for_model(compiler.queryset.model).table
            for sql, own in compiler.statements(table, most=most):
                parts.append(f"SELECT {number}, q.* FROM ({sql}) q")  # noqa: S608  SQL of ours
                parameters += own
        rows = self.rows_of(" UNION ALL ".join(parts), parameters)
        return [
            best_of(self.read_hit(*row) for which, *row in rows if which == number)
            for number in range(len(compilers))
        ]

    def rows_of(self, sql: str, parameters: Sequence[Any]) -> list[Any]:
        """Return what SQL finds."""
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall())

    def read_hit(self, key: int, at: Any, worth: float) -> Hit:
        """Return the hit that a row of the database tells of."""
        return Hit(key, at, worth)


def best_of(found: Iterable[Hit]) -> list[Hit]:
    """Return each row once, as that of its hits which is worth most."""
    hits: dict[int, Hit] = {}
    for hit in found:
        if hit.pk not in hits or hits[hit.pk].worth < hit.worth:
            hits[hit.pk] = hit
    return list(hits.values())
