"""The triggers that keep Place and Tally in step with what they are drawn from.

They see every write: a form's, an import's in bulk, an UPDATE over many rows, a deletion that
cascades. SQLite and PostgreSQL share the statements. After ``migrate`` what is missing is made, and
the places are looked over, since something may have been written meanwhile. On SQLite the triggers
go before a migration: it does not let a table be rebuilt that a trigger elsewhere speaks of.
"""
# ruff: noqa: S608  every name in these statements is our own

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import signals

from blog import places
from blog.models.places import ListKind
from blog.places import JOINS, Join

_PREFIX = "lists_"
_MONTH = "(SELECT MAX(starts_at) FROM blog_month WHERE starts_at <= {row}.published_at)"


@dataclass(frozen=True, slots=True)
class Trigger:
    """Statements to follow each row that is written to a table in a certain way."""

    about: str
    table: str
    event: str
    body: str

    @property
    def name(self) -> str:
        """What the database calls it; the name changes with what it does."""
        digest = sha256(f"{self.table} {self.event} {self.body}".encode()).hexdigest()[:8]
        return f"{_PREFIX}{self.about}_{digest}"


def triggers() -> Iterator[Trigger]:
    """Yield all of them."""
    yield from _of_posts()
    for join in JOINS:
        yield from _of_join(join)
    yield from _of_places()


def _of_posts() -> Iterator[Trigger]:
    stream = f"SELECT new.id, {ListKind.STREAM}, 0, new.published_at"
    others = " ".join(
        f"UNION SELECT {join.post}, {join.kind}, {join.other}, new.published_at "
        f"FROM {join.table} WHERE {join.post} = new.id AND new.status = 'published'"
        for join in JOINS
    )
    put = "INSERT INTO blog_place (post_id, kind, list_id, published_at)"
    yield Trigger(
        "place_post_insert",
        "blog_post",
        "INSERT",
        f"{put} {stream} WHERE new.status = 'published' {others};",
    )
    yield Trigger(
        "place_post_update",
        "blog_post",
        "UPDATE OF status, published_at",
        # What stays as it is keeps its places, and costs nothing.
        "DELETE FROM blog_place WHERE post_id = old.id AND (new.status <> 'published' "
        "OR published_at <> new.published_at); "
        f"{put} SELECT * FROM ({stream} AS published_at WHERE new.status = 'published' {others}) "
        "AS wanted WHERE NOT EXISTS (SELECT 1 FROM blog_place WHERE post_id = new.id);",
    )
    yield Trigger(
        "place_post_delete",
        "blog_post",
        "DELETE",
        "DELETE FROM blog_place WHERE post_id = old.id;",
    )


def _of_join(join: Join) -> Iterator[Trigger]:
    mine = "post_id = {row}.{post} AND kind = {kind} AND list_id = {row}.{other}"
    new, old = (
        mine.format(row=row, post=join.post, other=join.other, kind=join.kind)
        for row in ("new", "old")
    )
    put = (
        "INSERT INTO blog_place (post_id, kind, list_id, published_at) "
        f"SELECT new.{join.post}, {join.kind}, new.{join.other}, published_at FROM blog_place "
        f"WHERE post_id = new.{join.post} AND kind = {ListKind.STREAM} AND list_id = 0 "
        f"AND NOT EXISTS (SELECT 1 FROM blog_place WHERE {new});"
    )
    take = f"DELETE FROM blog_place WHERE {old};"
    name = f"place_{ListKind(join.kind).label}"
    yield Trigger(f"{name}_insert", join.table, "INSERT", put)
    yield Trigger(f"{name}_delete", join.table, "DELETE", take)
    yield Trigger(f"{name}_update", join.table, "UPDATE", f"{take} {put}")


def _of_places() -> Iterator[Trigger]:
    where = "kind = {row}.kind AND list_id = {row}.list_id AND starts_at = " + _MONTH
    new, old = where.format(row="new"), where.format(row="old")
    # No ON CONFLICT: on SQLite the statement that set off the trigger may bring one of its own.
    add = (
        "INSERT INTO blog_tally (kind, list_id, starts_at, count) "
        f"SELECT new.kind, new.list_id, {_MONTH.format(row='new')}, 0 "
        f"WHERE NOT EXISTS (SELECT 1 FROM blog_tally WHERE {new}); "
        f"UPDATE blog_tally SET count = count + 1 WHERE {new};"
    )
    less = (
        f"UPDATE blog_tally SET count = count - 1 WHERE {old}; "
        f"DELETE FROM blog_tally WHERE {old} AND count = 0;"
    )
    yield Trigger("tally_insert", "blog_place", "INSERT", add)
    yield Trigger("tally_delete", "blog_place", "DELETE", less)


def listen() -> None:
    """Have the triggers made after each migration, and taken away before one on SQLite."""
    signals.pre_migrate.connect(_before_migrate)
    signals.post_migrate.connect(_after_migrate)


def _before_migrate(
    *, sender: AppConfig, plan: Any = (), using: str = DEFAULT_DB_ALIAS, **_options: Any
) -> None:
    connection = connections[using]
    if sender.label == "blog" and plan and connection.vendor == "sqlite":
        drop(connection)


def _after_migrate(*, sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_options: Any) -> None:
    connection = connections[using]
    if sender.label == "blog" and places.are_there(connection):
        places.keep_months(places.zone_name())
        if build(connection):
            places.repair(connection)


def build(connection: BaseDatabaseWrapper) -> bool:
    """Make the triggers unless they are all there as we write them; return whether any was made."""
    wanted = list(triggers())
    if _known(connection) == {one.name for one in wanted}:
        return False
    drop(connection)
    make = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for one in wanted:
            make(cursor, one)
    return True


def drop(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away; what is written from then on is found by repair()."""
    what = "TRIGGER" if connection.vendor == "sqlite" else "FUNCTION"
    # On PostgreSQL a trigger goes with its function.
    how = "" if connection.vendor == "sqlite" else "() CASCADE"
    with connection.cursor() as cursor:
        for name in _known(connection):
            cursor.execute(f'DROP {what} IF EXISTS "{name}"{how}')


def _known(connection: BaseDatabaseWrapper) -> set[str]:
    if connection.vendor == "sqlite":
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s"
    else:
        sql = (
            "SELECT proname FROM pg_proc WHERE left(proname, %s) = %s "
            "AND pronamespace = current_schema()::regnamespace"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [len(_PREFIX), _PREFIX])
        return {str(name) for (name,) in cursor.fetchall()}


def _on_sqlite(cursor: Any, one: Trigger) -> None:
    cursor.execute(
        f'CREATE TRIGGER "{one.name}" AFTER {one.event} ON {one.table} BEGIN {one.body} END'
    )


def _on_postgresql(cursor: Any, one: Trigger) -> None:
    lock = f"PERFORM pg_advisory_xact_lock({places.LOCK});" if one.table == "blog_place" else ""
    cursor.execute(
        f'CREATE FUNCTION "{one.name}"() RETURNS trigger LANGUAGE plpgsql '
        f"AS $$ BEGIN {lock} {one.body} RETURN NULL; END $$"
    )
    cursor.execute(
        f'CREATE TRIGGER "{one.name}" AFTER {one.event} ON {one.table} '
        f'FOR EACH ROW EXECUTE FUNCTION "{one.name}"()'
    )
