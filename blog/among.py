"""One of many values, which reach the database as one parameter.

Django takes the values of ``in`` through its compiler one by one, and the statement is another one
for each number of them. This one is always the same, so it can be written once; see written.py.
"""

import json
from collections.abc import Collection
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Lookup


class Among(Lookup[Any]):
    """That a column has one of some values, integers or texts: ``filter(Among("pk", keys))``.

    Finds what ``filter(pk__in=keys)`` finds.
    """

    prepare_rhs = False

    def __init__(self, column: str, values: Collection[Any]) -> None:
        super().__init__(F(column), values)

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        """Return the comparison, and the values after what the column takes."""
        column, taken = self.process_lhs(compiler, connection)
        is_listed = (
            "= ANY(%s)" if _has_arrays(connection) else "IN (SELECT value FROM json_each(%s))"
        )
        return f"{column} {is_listed}", (*taken, as_parameter(self.rhs, connection))


def as_parameter(values: Collection[Any], connection: BaseDatabaseWrapper) -> list[Any] | str:
    """Return some values as the one parameter that the database takes."""
    return [*values] if _has_arrays(connection) else json.dumps([*values])


def _has_arrays(connection: BaseDatabaseWrapper) -> bool:
    return connection.vendor == "postgresql"
