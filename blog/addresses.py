"""The public addresses of our pages and files, as those outside the site must read them."""

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.encoding import escape_uri_path

BARE = frozenset({"page", "collection"})
"""The routes of a bare name (``/name/``)."""
name_takers: list[Callable[[str], bool]] = []
"""Who else puts something under a bare name: each says whether it has that one."""


def path_to(route: str, *arguments: str) -> str:
    """Return the path that a route leads to, as reverse() does.

    Lists name the same sections and authors again and again: paths are remembered.
    """
    return _path_to(get_script_prefix(), route, arguments)


@lru_cache(maxsize=4096)
def _path_to(_prefix: str, route: str, arguments: tuple[str, ...]) -> str:
    return reverse(route, args=arguments)


def absolute(path: str) -> str:
    """Return the public address of a path of this site; a full address stays as it is.

    The site's name comes from the settings and never from a request's Host header.
    """
    if path.startswith(("https://", "http://")):
        return path
    return f"{settings.SITE_URL}{escape_uri_path(path)}"


def uploads_base() -> str:
    """Return how the addresses of uploads begin: ``/media/``, or that of a bucket or its host."""
    return _beginning_in(storages["default"])


@lru_cache(maxsize=4)
def _beginning_in(storage: Storage) -> str:
    # A bucket has no address for an empty name, and takes its time to make up any.
    return storage.url("-").removesuffix("-")


def tag_uri(since: datetime, name: str) -> str:
    """Return a name for ever (RFC 4151) of something that this site has had since ``since``."""
    host = settings.FEED_ID_HOST or urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{since:%Y-%m-%d}:{name}"


def belongs_elsewhere(name: str) -> bool:
    """Whether ``/name/``, or what lies below it, is a fixed address of the site.

    Pages and collections come last among the addresses, and have no numbers right below them.
    Numbers are years.
    """
    return name.isdecimal() or _name_at(f"/{name}/") not in BARE or _name_at(f"/{name}/2/") != ""


def is_name_taken(name: str) -> bool:
    """Whether somebody else has something under ``/name/``."""
    return belongs_elsewhere(name) or any(has(name) for has in name_takers)


def _name_at(path: str) -> str:
    """Return the name of the route at ``path``, "unnamed" without one, "" for no route."""
    try:
        return resolve(path).url_name or "unnamed"
    except Resolver404:
        return ""
