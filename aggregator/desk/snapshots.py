"""Rows as JSON: what they were before a decision, to the microsecond, and as it left them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Model

type Snapshot = dict[str, Any]
"""Values by the names of columns."""


def of(row: Model, names: Iterable[str]) -> Snapshot:
    """Return what a row says in some of its columns."""
    return {name: _plain(getattr(row, name)) for name in names}


def is_as(row: Model, snapshot: Mapping[str, Any]) -> bool:
    """Whether a row still says what a snapshot does."""
    return of(row, snapshot) == dict(snapshot)


def restore(row: Model, snapshot: Mapping[str, Any]) -> None:
    """Make a row say what a snapshot does, and store what is other by that."""
    columns = {field.attname: field for field in row._meta.concrete_fields}
    wanted = {name: columns[name].to_python(value) for name, value in snapshot.items()}
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if changed:
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=[columns[name].name for name in changed])


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
