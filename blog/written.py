"""Statements that Django writes once: asked again, only their values change.

For what every visit asks, Django takes longer to write the statement than the database to answer.
So that a query set can stay the one place that says what readers see, it is made with blanks for
values, put into SQL once, and the values are filled in each time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from django.db import connection
from django.db.models import Expression, QuerySet
from django.db.models.sql.compiler import SQLCompiler

SOME_TIME = datetime(9999, 1, 1, tzinfo=UTC)
"""The blank for an instant."""
_UNLIKELY = -(2**62)


def some_keys(count: int) -> Iterator[int]:
    """Yield blanks for primary keys, each of which is another one."""
    return iter(range(_UNLIKELY, _UNLIKELY + count))


def some_words(count: int) -> Iterator[str]:
    """Yield blanks for texts."""
    return (f"blank {number}" for number in range(count))


class Found(Expression):
    """The rows that a statement finds, for a lookup with ``__in``."""

    def __init__(self, sql: str, values: tuple[Any, ...]) -> None:
        super().__init__()
        self.sql, self.values = sql, values

    def as_sql(self, _compiler: SQLCompiler, _connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the statement as it is."""
        return f"({self.sql})", self.values


@dataclass(frozen=True, slots=True)
class Written:
    """A statement with blanks among its values."""

    sql: str
    values: tuple[Any, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Self:
        """Put a query set into SQL."""
        sql, values = rows.query.sql_with_params()
        return cls(sql, tuple(values))

    def filled(self, blanks: Mapping[Any, Any]) -> Found:
        """Return what it finds with a value in the place of each blank, for a lookup."""
        return Found(self.sql, self._values(blanks))

    def rows(self, blanks: Mapping[Any, Any]) -> list[tuple[Any, ...]]:
        """Return the rows that it finds, as the database has them."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self._values(blanks))
            return list(cursor.fetchall())

    def _values(self, blanks: Mapping[Any, Any]) -> tuple[Any, ...]:
        known = {_adapted(blank): _adapted(value) for blank, value in blanks.items()}
        return tuple(known.get(value, value) for value in self.values)


def _adapted(value: Any) -> Any:
    is_instant = isinstance(value, datetime)
    return connection.ops.adapt_datetimefield_value(value) if is_instant else value
