"""Finding rows by their words, at any size: full-text indexes of the database's own.

A row is found by words that begin as asked, upper and lower case alike in every script. On
PostgreSQL it is a GIN index over an expression, on SQLite an FTS5 table that triggers keep in
step. No model knows of them: they are made, and made anew where something took them away, after
each ``migrate``. (SQLite loses a table's triggers when Django rebuilds the table.)
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import AppConfig, apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet, signals
from django.db.models.expressions import RawSQL

MOST_FOUND = 500
"""Of more matches than these, the newest rows are looked at."""
MOST_WORDS = 8
_WORD = re.compile(r"[^\W_]+")
_NO_PREFIX_BELOW = 2
_QUICK_BEGINNINGS = "2 3 4 5"
"""Lengths of beginnings that SQLite looks up as it does words; longer ones are held by few rows."""
# What stands between words, as PostgreSQL's own parser sees hosts, paths and numbers in it.
_BETWEEN = "!\"#$%&''()*+,-./:;<=>?@[\\]^_`{|}~’“”«»…–—"


@dataclass(frozen=True, slots=True)
class WordIndex:
    """The columns of a model whose words are looked up."""

    model: type[Model]
    columns: tuple[str, ...]

    @property
    def table(self) -> str:
        """The table of the rows."""
        return self.model._meta.db_table

    @property
    def name(self) -> str:
        """What the database calls the index."""
        return f"{self.table}_words"

    @property
    def key(self) -> str:
        """The column of the primary key, a number."""
        return str(self.model._meta.pk.column)

    @property
    def vector(self) -> str:
        """PostgreSQL's expression for the words of a row."""
        text = " || ' ' || ".join(f"coalesce(\"{column}\", '')" for column in self.columns)
        spaces = " " * len(_BETWEEN.replace("''", "'"))
        return f"to_tsvector('simple', translate({text}, '{_BETWEEN}', '{spaces}'))"


_OWN = {
    "AuditEntry": ("user_name", "object_name", "words"),
    "Author": ("name",),
    "Category": ("name",),
    "Image": ("alt", "caption", "credit", "name"),
    "Page": ("title",),
    "Post": ("title",),
    "Tag": ("name",),
}
_indexes: dict[type[Model], WordIndex] = {}


def index_words(model: type[Model], *columns: str) -> None:
    """Have the words of some columns of a model indexed; to be called when the app is ready."""
    _indexes[model] = WordIndex(model, columns)


def is_indexed(model: type[Model]) -> bool:
    """Whether rows of a model can be found by their words."""
    return model in _indexes


def words_of(text: str) -> list[str]:
    """Return the words that are looked for, each once."""
    found = _WORD.findall(unicodedata.normalize("NFC", text).casefold())
    return list(dict.fromkeys(found))[:MOST_WORDS]


def find[M: Model](rows: QuerySet[M], text: str, *, most: int = MOST_FOUND) -> QuerySet[M]:
    """Return the rows that hold all words of ``text``, each as the beginning of one of theirs.

    Where more than ``most`` hold the words themselves, it is the newest of those; where more hold
    what begins so, the newest of those too. A text without a word finds nothing.
    """
    words = words_of(text)
    index = _indexes[rows.model]
    if not words:
        return rows.none()
    is_sqlite = connections[rows.db].vendor == "sqlite"
    matching, exact, begun = _on_sqlite(index, words) if is_sqlite else _on_postgresql(index, words)
    # What begins with a long and frequent word takes the database long to bring together: it is
    # looked for only where the word itself is rare.
    sql = f"""
        WITH exact AS ({matching})
        SELECT found FROM exact UNION ALL
        SELECT found FROM (SELECT COUNT(*) FROM exact HAVING COUNT(*) < %s) few
        CROSS JOIN ({matching}) begun
    """  # noqa: S608
    # The names come from our models; what was asked goes in as a parameter.
    return rows.filter(pk__in=RawSQL(sql, [exact, most, most, begun, most]))  # noqa: S611


def _on_sqlite(index: WordIndex, words: Sequence[str]) -> tuple[str, str, str]:
    sql = (
        f'SELECT rowid AS found FROM "{index.name}" WHERE "{index.name}" MATCH %s '  # noqa: S608
        "ORDER BY rowid DESC LIMIT %s"
    )
    exact = " AND ".join(f'"{word}"' for word in words)
    return sql, exact, " AND ".join(f'"{word}"{_star(word, "*")}' for word in words)


def _on_postgresql(index: WordIndex, words: Sequence[str]) -> tuple[str, str, str]:
    vector = index.vector.replace("%", "%%")
    sql = (
        f'SELECT "{index.key}" AS found FROM "{index.table}" '  # noqa: S608
        f"WHERE {vector} @@ to_tsquery('simple', %s) "
        f'ORDER BY "{index.key}" DESC LIMIT %s'
    )
    exact = " & ".join(f"'{word}'" for word in words)
    return sql, exact, " & ".join(f"'{word}'{_star(word, ':*')}" for word in words)


def _star(word: str, sign: str) -> str:
    return sign if len(word) >= _NO_PREFIX_BELOW else ""


def listen() -> None:
    """Have the publication's own words indexed, and every index made after a migration."""
    for name, columns in _OWN.items():
        index_words(apps.get_model("blog", name), *columns)
    signals.post_migrate.connect(build_after_migrate)


def build_after_migrate(
    *, sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **_options: Any
) -> None:
    """Take the signal that an app is migrated: make the indexes that it lacks."""
    own = [index for model, index in _indexes.items() if model._meta.app_config is sender]
    if own:
        connection = connections[using]
        build = _build_on_sqlite if connection.vendor == "sqlite" else _build_on_postgresql
        for index in own:
            build(connection, index)


def _has_columns(connection: BaseDatabaseWrapper, index: WordIndex) -> bool:
    """Whether the table is there as we know it: one may migrate back to before it was."""
    with connection.cursor() as cursor:
        if index.table not in connection.introspection.table_names(cursor):
            return False
        rows = connection.introspection.get_table_description(cursor, index.table)
    return set(index.columns) <= {row.name for row in rows}


def _build_on_sqlite(connection: BaseDatabaseWrapper, index: WordIndex) -> None:
    name, table, key = index.name, index.table, index.key
    names = ", ".join(f'"{column}"' for column in index.columns)
    new = ", ".join(f'new."{column}"' for column in index.columns)
    old = ", ".join(f'old."{column}"' for column in index.columns)
    put = f'INSERT INTO "{name}" (rowid, {names}) VALUES (new."{key}", {new});'  # noqa: S608
    take = (
        f'INSERT INTO "{name}" ("{name}", rowid, {names}) '  # noqa: S608
        f"VALUES ('delete', old.\"{key}\", {old});"
    )
    triggers = {
        f"{name}_insert": f'AFTER INSERT ON "{table}" BEGIN {put} END',
        f"{name}_delete": f'AFTER DELETE ON "{table}" BEGIN {take} END',
        f"{name}_update": f'AFTER UPDATE OF {names} ON "{table}" BEGIN {take} {put} END',
    }
    with connection.cursor() as cursor:
        is_built = _known(cursor, [name, *triggers]) == len(triggers) + 1
        if is_built or not _has_columns(connection, index):
            return
        cursor.execute(
            f'CREATE VIRTUAL TABLE IF NOT EXISTS "{name}" USING fts5({names}, '
            f"content='{table}', content_rowid='{key}', detail='none', columnsize=0, "
            f"prefix='{_QUICK_BEGINNINGS}', tokenize='unicode61 remove_diacritics 0')"
        )
        for trigger, body in triggers.items():
            cursor.execute(f'DROP TRIGGER IF EXISTS "{trigger}"')
            cursor.execute(f'CREATE TRIGGER "{trigger}" {body}')
        cursor.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'rebuild\')')  # noqa: S608


def _known(cursor: Any, names: Sequence[str]) -> int:
    places = ", ".join(["%s"] * len(names))
    cursor.execute(f"SELECT COUNT(*) FROM sqlite_master WHERE name IN ({places})", names)  # noqa: S608
    return int(cursor.fetchone()[0])


def _build_on_postgresql(connection: BaseDatabaseWrapper, index: WordIndex) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [index.name]
        )
        found = cursor.fetchone()
        if found == (True,) or not _has_columns(connection, index):
            return
        # Without locking out writers, which no transaction can; what broke off before is invalid.
        how = "" if connection.in_atomic_block else "CONCURRENTLY"
        if found:
            cursor.execute(f'DROP INDEX {how} "{index.name}"')
        cursor.execute(
            f'CREATE INDEX {how} "{index.name}" ON "{index.table}" USING gin (({index.vector}))'
        )
