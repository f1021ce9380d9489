"""A cache in a folder, shared by all processes of one machine: for sites without a Redis."""

from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.filebased import FileBasedCache
from django.core.files import locks


class FolderCache(FileBasedCache):
    """Django's own, but of those who add a key at the same time only one is told that it did."""

    def add(
        self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Set a key that is not there; return whether it was not."""
        self._createdir()  # type: ignore[attr-defined]  # missing from the stubs
        with Path(self._dir, "adding.lock").open("w") as turn:  # type: ignore[attr-defined]
            locks.lock(turn, locks.LOCK_EX)
            return super().add(key, value, timeout, version)
