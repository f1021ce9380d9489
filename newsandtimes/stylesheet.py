"""The one stylesheet of the public site, made of the files in static/css: readers fetch one.

It is a finder of Django's static files, so `collectstatic`, the development server and the tests
all see it as ``css/site.css``, made anew whenever one of its parts has changed.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "css/site.css"
FIRST = ("tokens.css", "base.css", "layout.css")
"""In this order: the first one orders the layers, so that of the others need none."""
FOR_PAPER = "print.css"


class StylesheetFinder(BaseFinder):
    """Finds ``css/site.css`` and nothing else."""

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """Return where the file lies, made anew if need be."""
        if path != NAME:
            return []
        made = str(_made())
        return [made] if find_all else made

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield the one file."""
        _made()
        yield NAME, FileSystemStorage(location=_folder())


def _folder() -> Path:
    return Path(settings.DATA_DIR, "made")


def _made() -> Path:
    """Return the file, written in one stroke where a part is newer."""
    target = _folder() / NAME
    parts = _parts()
    newest = max(part.stat().st_mtime_ns for part in parts)
    if target.exists() and target.stat().st_mtime_ns > newest:
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=target.parent, delete=False) as new:
        new.write("".join(map(_text, parts)))
    made = Path(new.name)
    made.chmod(0o644)
    return made.replace(target)


def _parts() -> list[Path]:
    css = Path(settings.BASE_DIR, "static", "css")
    return [
        *(css / name for name in FIRST),
        *sorted((css / "components").glob("*.css")),
        css / FOR_PAPER,
    ]


def _text(part: Path) -> str:
    text = part.read_text()
    return f"@media print {{\n{text}}}\n" if part.name == FOR_PAPER else text
