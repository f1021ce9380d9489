"""The backend that this site searches with: one for the process, as it may hold connections."""

from functools import cache
from typing import Any

from django.core.signals import setting_changed
from modelsearch.backends import get_search_backend

from blog.folding import VERSION


@cache
def engine() -> Any:
    """Return the backend that the settings name."""
    return get_search_backend()


def identity() -> str:
    """Return what tells the index of this backend and folding from others."""
    return f"{engine().identity} {VERSION}"


def _forget(**_changed: Any) -> None:
    engine.cache_clear()


setting_changed.connect(_forget)
