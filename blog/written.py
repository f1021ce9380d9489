"""Statements that Django writes once: asked again, only their values change.

For what every visit asks, Django takes longer to write the statement than the database to answer.
So that a query set can stay the one place that says what readers see, it is made with blanks for
values, put into SQL once, and the values are filled in each time.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from copy import copy
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import FETCH_ONE, Model, QuerySet
from django.db.models.query import ModelIterable

from blog.among import as_parameter

SOME_TIME = datetime(9999, 1, 1, tzinfo=UTC)
"""The blank for an instant."""
_UNLIKELY = -(2**62)
MANY_KEYS = (_UNLIKELY,)
"""The blank for the integers of an Among; for those of several see many_keys()."""
MANY_WORDS = ("many blanks",)
"""The blank for the texts of an Among."""


def some_keys(count: int) -> Iterator[int]:
    """Yield blanks for primary keys, each of which is another one."""
    return iter(range(_UNLIKELY, _UNLIKELY + count))


def many_keys(count: int) -> Iterator[tuple[int]]:
    """Yield blanks for the integers of several Among, each of which is another one."""
    return ((key,) for key in some_keys(count))


class Written[M: Model]:
    """A statement with blanks among its values, made from a query set."""

    def __init__(self, rows: QuerySet[M, Any]) -> None:
        self._compiler = rows.query.get_compiler(connection=connection)
        self._sql, values = self._compiler.as_sql()
        self._values = tuple((_hashable(value), value) for value in values)

    def rows(self, blanks: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Return the rows that it finds, as the database has them."""
        with connection.cursor() as cursor:
            cursor.execute(self._sql, self._filled(blanks))
            return list(cursor.fetchall())

    def values(self, blanks: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Return the rows that it finds, as the query set's values_list() would."""
        asked: Any = _Asked(self._compiler, self._sql, self._filled(blanks))
        return list(asked.get_compiler(DEFAULT_DB_ALIAS).results_iter(tuple_expected=True))

    def models(self, blanks: Mapping[Any, Any]) -> list[M]:
        """Return what it finds as models, with what was selected with them, but not prefetched."""
        asked: Any = _Asked(self._compiler, self._sql, self._filled(blanks))
        return list(ModelIterable(asked))

    def _filled(self, blanks: Mapping[Any, Any]) -> tuple[Any, ...]:
        known = {_hashable(_adapted(blank)): _adapted(value) for blank, value in blanks.items()}
        return tuple(known.get(key, value) for key, value in self._values)


class _Asked:
    """As much of a query set as Django's iterator asks for, with its SQL at hand."""

    _fetch_mode = FETCH_ONE
    _known_related_objects: Mapping[Any, Any] = {}

    def __init__(self, compiler: Any, sql: str, values: tuple[Any, ...]) -> None:
        self.query = self
        self.db = DEFAULT_DB_ALIAS
        self._compiler = copy(compiler)  # knows the columns; other threads use it, too
        self._compiler.as_sql = lambda: (sql, values)

    def get_compiler(self, using: str) -> Any:
        """Return the compiler, for this thread's connection."""
        self._compiler.connection = connections[using]
        return self._compiler


def _adapted(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    is_many = isinstance(value, Collection) and not isinstance(value, str)
    return as_parameter(value, connection) if is_many else value


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
