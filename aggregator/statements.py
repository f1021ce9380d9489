"""Statements for many rows with values of their own, each prepared once.

bulk_create() and bulk_update() take a model through Django's query compiler value by value, which
is most of the cost of storing a feed; these do the same work with executemany().
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model, UUIDField

type Values = Mapping[str, Any]
"""Values of columns by the names of their fields."""


def insert_many(
    model: type[Model], rows: Sequence[Values], *, ignores_conflicts: bool = False
) -> None:
    """Insert rows; primary keys that they do not name the database gives, and nobody learns.

    Other columns that the rows do not name get their defaults; all rows must name the same. What
    pre_save() would compute must be among the values. With ``ignores_conflicts`` a row that a
    constraint says is there already is passed over.
    """
    if not rows:
        return
    columns = [
        column
        for column in model._meta.concrete_fields
        if not column.primary_key or column.attname in rows[0]
    ]
    names = ", ".join(_quoted(column) for column in columns)
    places = ", ".join(["%s"] * len(columns))
    read = [_reader(column, rows[0]) for column in columns]
    unless = " ON CONFLICT DO NOTHING" if ignores_conflicts else ""
    _execute(
        f"INSERT INTO {_table(model)} ({names}) VALUES ({places}){unless}",  # noqa: S608  our names
        [[value(row) for value in read] for row in rows],
    )


def update_many(model: type[Model], rows: Sequence[tuple[Values, Values]]) -> None:
    """Write to rows, each given by what it is found by and by what it is set to.

    All must name the same columns in the same order. What is not found is passed over.
    """
    if not rows:
        return
    by, to = ([_column(model, name) for name in part] for part in rows[0])
    setting = ", ".join(f"{_quoted(column)} = %s" for column in to)
    finding = " AND ".join(f"{_quoted(column)} = %s" for column in by)
    adapters = [(column.name, _adapter(column)) for column in to]
    keys = [(column.name, _adapter(column)) for column in by]
    _execute(
        f"UPDATE {_table(model)} SET {setting} WHERE {finding}",  # noqa: S608  names of ours
        [
            [
                *(adapt(fields[name]) for name, adapt in adapters),
                *(adapt(found[name]) for name, adapt in keys),
            ]
            for found, fields in rows
        ],
    )


def _execute(sql: str, rows: Sequence[Sequence[Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def _reader(column: "Field[Any, Any]", row: Values) -> Callable[[Values], Any]:
    """Return what takes a column's value out of a row like ``row``."""
    name, adapt = column.attname, _adapter(column)
    if name not in row:
        default = adapt(column.get_default())
        return lambda _: default
    if adapt is _as_it_is:
        return itemgetter(name)
    return lambda row: adapt(row[name])


def _as_it_is(value: Any) -> Any:
    return value


def _adapter(column: "Field[Any, Any]") -> Callable[[Any], Any]:
    """Return what makes a value of this column one that the database takes."""
    if isinstance(column, DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(column, JSONField | UUIDField):
        return lambda value: column.get_db_prep_save(value, connection)
    return _as_it_is


def _column(model: type[Model], name: str) -> "Field[Any, Any]":
    column = model._meta.get_field(name)
    if not isinstance(column, Field):
        raise TypeError(f"{model.__name__}.{name} has no column")
    return column


def _quoted(column: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(str(column.column))


def _table(model: type[Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
