"""The generation of what readers see: a number that grows with every change of it.

Whoever keeps a page keeps its generation beside it, and makes the page anew once the number has
moved. Every write goes through a database connection, so that is where we look: no save, no
update of many rows and no command can forget to tell. The number moves when the transaction has
been committed; whoever reads it before making a page never keeps an old one under a new number.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import F, Model

from blog.models import Generation

_WRITE = re.compile(r'(INSERT|UPDATE|DELETE)\b[A-Z ]*"(\w+)"')
_READ = f'SELECT number FROM "{Generation._meta.db_table}" WHERE id = 1'  # noqa: S608  a constant
_watched: dict[str, tuple[str, ...]] = {}
_is_unnoticed = ContextVar("is_unnoticed", default=False)


def watch(*models: type[Model], columns: tuple[str, ...] = ()) -> None:
    """Have writes to the tables of ``models``, and to those that join them, move the number.

    With ``columns`` only an update of one of these does: what else is written there, as by the
    poller, readers do not see at once.
    """
    for model in models:
        _watched[model._meta.db_table] = tuple(f'"{column}" =' for column in columns)
        if not columns:
            joins = (field.remote_field.through for field in model._meta.local_many_to_many)
            _watched.update({join._meta.db_table: () for join in joins if join})


def generation() -> int:
    """Return the number: one small query, cheap enough for every request."""
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_READ)
        row = cursor.fetchone()
    return int(row[0]) if row else 0


@contextmanager
def unnoticed() -> Iterator[None]:
    """Let what is written meanwhile reach readers within a minute, as pages grow old by then."""
    token = _is_unnoticed.set(True)
    try:
        yield
    finally:
        _is_unnoticed.reset(token)


def listen() -> None:
    """Look at what is written through every connection that this process opens from now on."""
    connection_created.connect(_look_at)


def _look_at(*, connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _note_write not in connection.execute_wrappers:
        connection.execute_wrappers.append(_note_write)


def _note_write(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Carry a statement out, and note if it changes what readers see."""
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and _is_seen(sql) and not _is_unnoticed.get():
        _move_after_commit(context["connection"])
    return result


def _is_seen(sql: str) -> bool:
    write = _WRITE.match(sql)
    if write is None or (columns := _watched.get(write[2])) is None:
        return False
    return not columns or (write[1] == "UPDATE" and any(column in sql for column in columns))


def _move_after_commit(connection: BaseDatabaseWrapper) -> None:
    waiting = (wanted[1] for wanted in connection.run_on_commit)
    if not any(isinstance(one, partial) and one.func is _move for one in waiting):
        transaction.on_commit(partial(_move, connection.alias), using=connection.alias)


def _move(alias: str) -> None:
    rows = Generation.objects.using(alias)
    if not rows.filter(pk=1).update(number=F("number") + 1):
        rows.bulk_create([Generation(pk=1, number=1)], ignore_conflicts=True)
