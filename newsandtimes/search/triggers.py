"""Triggers that note each row whose words have changed, whoever writes and however.

The poller's statements, imports, ``bulk_create`` and ``update`` send no signals; and a note that
is written with the row itself is neither lost when something dies nor there too early.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection

from newsandtimes.search.models import Kind, Pending

_OWN_WORDS = ("title", "translated_title", "excerpt", "note")
_EVENTS = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Watched:
    """A table whose rows change what is found of a kind."""

    table: str
    kind: Kind
    key: str = "id"
    """The column that names the post, page or headline."""
    columns: tuple[str, ...] = ()
    """Those that matter when a row is updated."""
    worded: tuple[str, ...] = ()
    """Of a new or deleted row only one with something in any of these columns matters."""
    through: tuple[str, str] | None = None
    """Where it is words of many rows: the table that names them, and its column for this row."""

    def name(self, event: str) -> str:
        """Return what the trigger of an event is called."""
        return f"search_{self.table}_{event.lower()}"

    @property
    def events(self) -> tuple[str, ...]:
        """What is watched: a row of a relation only comes and goes, and a name is changed."""
        if self.through:
            return (_EVENTS[1],)
        return _EVENTS if self.columns else (_EVENTS[0], _EVENTS[2])


WATCHED = (
    Watched(
        "blog_post",
        Kind.POST,
        columns=("title", "standfirst", "body", "outlet", "status", "published_at"),
    ),
    Watched("blog_post_categories", Kind.POST, key="post_id"),
    Watched("blog_post_authors", Kind.POST, key="post_id"),
    Watched("blog_taggedpost", Kind.POST, key="content_object_id"),
    # Their names lead into the words of each of their posts.
    Watched(
        "blog_category",
        Kind.POST,
        key="post_id",
        columns=("name",),
        through=("blog_post_categories", "category_id"),
    ),
    Watched(
        "blog_author",
        Kind.POST,
        key="post_id",
        columns=("name",),
        through=("blog_post_authors", "author_id"),
    ),
    Watched(
        "blog_tag",
        Kind.POST,
        key="content_object_id",
        columns=("name",),
        through=("blog_taggedpost", "tag_id"),
    ),
    Watched("blog_page", Kind.PAGE, columns=("title", "body", "status")),
    Watched(
        "aggregator_headline",
        Kind.HEADLINE,
        columns=("title", "summary", "outlet", "author", "is_hidden"),
    ),
    # Editors' own words about a headline, as long as it stands where readers are. What a feed puts
    # into a collection has none: the poller's picks cost nothing here.
    Watched(
        "aggregator_pick",
        Kind.HEADLINE,
        key="headline_id",
        columns=(*_OWN_WORDS, "withdrawn_at", "collection_id"),
        worded=_OWN_WORDS,
    ),
    Watched(
        "aggregator_collection",
        Kind.HEADLINE,
        key="headline_id",
        columns=("is_public",),
        through=("aggregator_pick", "collection_id"),
    ),
)


def prepare() -> None:
    """Make the triggers anew: Django drops those of a table that it rebuilds."""
    statements = _on_sqlite if connection.vendor == "sqlite" else _on_postgresql
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
        # One may migrate back to before a table was.
        for watched in (one for one in WATCHED if one.table in tables):
            for event in watched.events:
                for statement in statements(watched, event):
                    cursor.execute(statement)


def _note(watched: Watched, row: str) -> str:
    into = f"INSERT INTO {Pending._meta.db_table} (kind, object_id)"
    if watched.through is None:
        return f"{into} VALUES ({watched.kind.value}, {row}.{watched.key});"
    table, column = watched.through
    return (
        f"{into} SELECT {watched.kind.value}, {watched.key} FROM {table} "  # noqa: S608  ours
        f"WHERE {column} = {row}.id ORDER BY {watched.key} DESC;"
    )


def _has_words(watched: Watched, row: str) -> str:
    return " OR ".join(f"{row}.{column} <> ''" for column in watched.worded)


def _on_sqlite(watched: Watched, event: str) -> Iterator[str]:
    row = "old" if event == "DELETE" else "new"
    changed = " OR ".join(f"old.{c} IS NOT new.{c}" for c in watched.columns)
    of = f" OF {', '.join(watched.columns)}" if event == "UPDATE" else ""
    matters = changed if event == "UPDATE" else _has_words(watched, row)
    when = f" WHEN {matters}" if matters else ""
    yield f"DROP TRIGGER IF EXISTS {watched.name(event)}"
    yield (
        f"CREATE TRIGGER {watched.name(event)} AFTER {event}{of} ON {watched.table}{when} "
        f"BEGIN {_note(watched, row)} END"
    )


def _on_postgresql(watched: Watched, event: str) -> Iterator[str]:
    """Yield a function and its trigger; a column that a trigger names could not be altered."""
    row = "OLD" if event == "DELETE" else "NEW"
    note = _note(watched, row)
    if event == "UPDATE":
        matters = " OR ".join(f"OLD.{c} IS DISTINCT FROM NEW.{c}" for c in watched.columns)
    else:
        matters = _has_words(watched, row)
    if matters:
        note = f"IF {matters} THEN {note} END IF;"
    name = watched.name(event)
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {note} RETURN NULL; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON {watched.table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
