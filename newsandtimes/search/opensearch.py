"""The index on an OpenSearch server, where SEARCH_URL names one: the library's backend and index.

Documents hold the same stems as in a database, so spellings meet there too. The worker alone writes
them; a search asks for all kinds in one request. What the server says is only where rows may be
found: they are loaded, and thereby asked whether readers may see them, from the database.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from modelsearch.backends.elasticsearchbase import Field
from modelsearch.backends.opensearch3 import (
    OpenSearch3Index,
    OpenSearch3Mapping,
    OpenSearch3SearchBackend,
    OpenSearch3SearchQueryCompiler,
)
from modelsearch.index import FilterField
from modelsearch.query import And, Not, SearchQuery
from opensearchpy.exceptions import OpenSearchException
from opensearchpy.helpers import bulk, scan

from blog.folding import VERSION
from newsandtimes.search.backends import MOST_HITS, Hit, SearchUnavailableError
from newsandtimes.search.documents import Searched
from newsandtimes.search.query import Marked

_AT_LEAST = 100
"""So many of each kind are ranked anew by their age."""
_AT_ONCE = 1_000
_DATE = "search_at_filter"


class Mapping(OpenSearch3Mapping):  # type: ignore[misc]  # the library has no types
    """Names fields as documents do."""

    def get_field_column_name(self, field: Any) -> str:
        """Return a field's name; what is filtered by has one of its own."""
        name = str(field.get_attname(self.model))
        return f"{name}_filter" if isinstance(field, FilterField) else name


class OpenSearchIndex(OpenSearch3Index):  # type: ignore[misc]  # the library has no types
    """The index of one model; another folding has another index."""

    def __init__(self, backend: "SearchBackend", model: type[Searched]) -> None:
        concrete = model._meta.concrete_model or model
        name = f"{backend.index_prefix}{concrete._meta.model_name}-{VERSION}"
        super().__init__(backend, name)
        self.model = model

    def prepare(self) -> bool:
        """Leave the server alone: whoever migrates need not reach it."""
        return False

    def add_items(self, model: type[Model], items: Iterable[Searched]) -> None:
        """Put rows in, in the place of what was known of them."""
        self._make_sure()
        super().add_items(model, items)

    def delete_item(self, item: Model) -> None:
        """Take a row out."""
        self.delete_keys([item.pk])

    def delete_keys(self, keys: Sequence[int]) -> None:
        """Take rows out by their primary keys; what is not there is passed over."""
        actions = [{"_op_type": "delete", "_index": self.name, "_id": str(key)} for key in keys]
        if actions:
            self._make_sure()
            bulk(self.es, actions, raise_on_error=False)

    def forget_lost(self) -> int:
        """Take out what is no row of the model any more; return how many."""
        self._make_sure()
        lost, known = 0, [int(hit["_id"]) for hit in scan(self.es, index=self.name, _source=False)]
        for start in range(0, len(known), _AT_ONCE):
            keys = known[start : start + _AT_ONCE]
            there = set(self.model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
            gone = [key for key in keys if key not in there]
            self.delete_keys(gone)
            lost += len(gone)
        return lost

    def _make_sure(self) -> None:
        if self.name not in self.backend.made:
            if not self.exists():
                self.put()
                self.add_model(self.model)
            self.backend.made.add(self.name)


class OpenSearchCompiler(OpenSearch3SearchQueryCompiler):  # type: ignore[misc]  # as above
    """Writes OpenSearch's query language."""

    mapping_class = Mapping

    def check(self) -> None:
        """Accept any order: ours is by what was found, or by date."""

    def get_inner_query(self) -> dict[str, Any]:
        """Return the query: wanted words stand in one field, unwanted words in none."""
        parts = self.query.subqueries if isinstance(self.query, And) else [self.query]
        wanted = [part for part in parts if not isinstance(part, Not | Marked)]
        marks = [part for part in parts if isinstance(part, Marked)]
        unwanted = [part.subquery for part in parts if isinstance(part, Not)]
        everything = Field("_all_text")
        return {
            "bool": {
                "must": self._join_and_compile_queries(And(wanted), self.remapped_fields),
                "filter": [{"term": {"search_marks_filter": part.mark}} for part in marks],
                "must_not": [self._compile_query(part, everything) for part in unwanted],
            }
        }

    def get_sort(self) -> list[dict[str, str]]:
        """Return the order: the best first and the newest of equal ones, or the newest."""
        newest = [{_DATE: "desc"}, {"pk": "desc"}]
        return [{"_score": "desc"}, *newest] if self.order_by_relevance else newest

    def body(self, *, most: int) -> dict[str, Any]:
        """Return what is asked of the server."""
        return {
            "query": self.get_query(),
            "sort": self.get_sort(),
            "size": most,
            "_source": False,
            "track_scores": True,
            "stored_fields": ["pk"],
            "docvalue_fields": [{"field": _DATE, "format": "strict_date_time"}],
        }


class SearchBackend(OpenSearch3SearchBackend):  # type: ignore[misc]  # the library has no types
    """Searches on a server."""

    mapping_class = Mapping
    index_class = OpenSearchIndex
    query_compiler_class = OpenSearchCompiler

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.made: set[str] = set()

    @property
    def identity(self) -> str:
        """What tells this server's index from others, without a password."""
        places = ",".join(f"{host['host']}:{host['port']}" for host in self.hosts)
        return f"{places}/{self.index_prefix}"

    def get_index_for_model(self, model: type[Searched]) -> OpenSearchIndex:
        """Return the index of a model."""
        return OpenSearchIndex(self, model)

    def find(
        self,
        query: SearchQuery,
        querysets: Sequence[QuerySet[Any]],
        *,
        by_relevance: bool,
        most: int = MOST_HITS,
    ) -> list[list[Hit]]:
        """Return what is found among each of the querysets; raises SearchUnavailableError."""
        most = min(max(most, _AT_LEAST), MOST_HITS) if by_relevance else most
        lines: list[dict[str, Any]] = []
        for rows in querysets:
            compiler = OpenSearchCompiler(rows, query, order_by_relevance=by_relevance)
            lines += [{"index": self.get_index_for_model(rows.model).name}]
            lines += [compiler.body(most=most)]
        try:
            answers = self.es.msearch(body=lines)["responses"]
        except OpenSearchException as error:
            raise SearchUnavailableError(str(error)) from error
        return [_hits_in(answer) for answer in answers]


def _hits_in(answer: dict[str, Any]) -> list[Hit]:
    """Return the hits of one answer; an index that is not there yet has none."""
    if "error" in answer:
        if answer.get("status") == 404:
            return []
        raise SearchUnavailableError(str(answer["error"])[:500])
    found = answer["hits"]["hits"]
    best = max((hit["_score"] or 0 for hit in found), default=0) or 1
    return [
        Hit(
            int(hit["fields"]["pk"][0]),
            datetime.fromisoformat(hit["fields"][_DATE][0]),
            (hit["_score"] or 0) / best,
        )
        for hit in found
    ]
