"""Remembers which rows the demo made, and tells whether one is still as it was made.

The memory is a file, not a table: a production database has no place for the demo. It counts only
for the database that it names, and its loss costs nothing but the second look that
newsandtimes.demo.load then takes.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import connection
from django.db.models import Model

from aggregator.models import Collection
from blog.models import Author, Category, Image, NavLink, Page, Post, SiteSettings, Tag

# What an editor would have changed to make a row theirs.
FIELDS: dict[type[Model], tuple[str, ...]] = {
    SiteSettings: tuple(f.attname for f in SiteSettings._meta.concrete_fields),
    NavLink: ("label", "target", "place", "position"),
    Author: ("slug", "name", "bio", "user_id"),
    Category: ("slug", "name", "description", "position"),
    Tag: ("slug", "name"),
    Page: ("slug", "title", "body", "language", "status"),
    Image: ("file", "alt", "caption", "credit"),
    Collection: ("slug", "title", "intro", "home_count", "position"),
    Post: (
        *("slug", "kind", "title", "standfirst", "body", "source_url", "outlet", "language"),
        *("status", "category_id"),
    ),
}


def declined_path() -> Path:
    """Return the file that says: the demo was taken away, so do not load it by itself again."""
    return Path(settings.DATA_DIR, "demo-declined")


def fingerprint(row: Model) -> str:
    """Return a short digest of what a reader or an editor sees of the row."""
    values = [str(getattr(row, name)) for name in FIELDS[type(row)]]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def database_name() -> str:
    """Return what tells this database from another one that shares the same data folder."""
    parts = [connection.vendor, *(connection.settings_dict.get(k, "") for k in ("HOST", "PORT"))]
    return " ".join(str(part) for part in [*parts, connection.settings_dict["NAME"]])


@dataclass(slots=True)
class Made:
    """The rows that a loading made: ``blog.post:12`` → fingerprint."""

    loaded_at: datetime
    rows: dict[str, str] = field(default_factory=dict)

    def add(self, row: Model) -> None:
        """Remember the row as it is now."""
        self.rows[f"{row._meta.label_lower}:{row.pk}"] = fingerprint(row)

    def present(self, model: type[Model]) -> list[Model]:
        """Return the rows of a model that are still there, changed or not."""
        label = model._meta.label_lower
        keys = [key.rpartition(":")[2] for key in self.rows if key.startswith(f"{label}:")]
        return list(model._default_manager.filter(pk__in=keys).order_by("pk"))

    def is_unchanged(self, row: Model) -> bool:
        """Whether the row still is what was made."""
        return self.rows.get(f"{row._meta.label_lower}:{row.pk}") == fingerprint(row)

    def has_unchanged_rows(self) -> bool:
        """Whether any row is still there as it was made."""
        return any(self.is_unchanged(row) for model in FIELDS for row in self.present(model))

    def write(self) -> None:
        """Keep this in the data folder."""
        data: dict[str, Any] = {
            "database": database_name(),
            "loaded_at": self.loaded_at.isoformat(),
            "rows": self.rows,
        }
        path = manifest_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(data, indent=1), "utf-8")
        draft.replace(path)

    @classmethod
    def read(cls) -> Self | None:
        """Return what was kept for this database, or None where nothing readable was."""
        try:
            data = json.loads(manifest_path().read_text("utf-8"))
            loaded_at = datetime.fromisoformat(data["loaded_at"])
            return cls(loaded_at, data["rows"]) if data["database"] == database_name() else None
        except (OSError, ValueError, KeyError, TypeError):
            return None


def manifest_path() -> Path:
    """Return where the memory of the last loading is kept."""
    path: Path = settings.DATA_DIR / "demo" / "manifest.json"
    return path
