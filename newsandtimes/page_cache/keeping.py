"""The pages that are kept: near is the memory of a process, far the cache that all share."""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache

from blog import changes

MINUTE_S = 60
REMEMBERED_S = 3600
"""A page that no longer holds is remembered: when it is asked for again, others wait for it."""
NEAR_PAGES = 500
_NEVER = ("/admin/", "/media/", "/static/", "/healthz")
_IGNORED_QUERY = re.compile(
    r"(?:(?:utm_\w+|fbclid|gclid|msclkid|yclid|igshid|mc_cid|mc_eid|ref)(?:=[^&]*)?(?:&|$))*"
)

_near: dict[str, "KeptPage"] = {}


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A response as it is kept."""

    generation: int
    until_s: float
    headers: tuple[tuple[str, str], ...]
    body: bytes
    gzipped: bytes | None
    etag: str
    last_modified: str | None
    has_own_age: bool
    """Whether its headers say themselves how long it may be kept."""

    def holds(self, *, generation: int) -> bool:
        """Whether it is what would be made now."""
        return self.generation == generation and time.time() < self.until_s

    def body_for(self, accepted: str) -> tuple[bytes, list[tuple[str, str]]]:
        """Return the bytes for who accepts such encodings, and the headers that they need."""
        headers = [*self.headers]
        body = self.body
        if self.gzipped is not None and "gzip" in accepted:
            body = self.gzipped
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(body))))
        return body, headers + self._age()

    def headers_alone(self) -> list[tuple[str, str]]:
        """Return the headers for who has the body already."""
        return [header for header in self.headers if header[0] != "Content-Type"] + self._age()

    def _age(self) -> list[tuple[str, str]]:
        return [] if self.has_own_age else [("Cache-Control", self._cache_control())]

    def _cache_control(self) -> str:
        """Say how long a proxy of ours may keep it. Browsers ask each time, and get a 304."""
        most_s = settings.PROXY_CACHE_S
        left_s = max(0, min(most_s, int(self.until_s - time.time())))
        return f"public, max-age=0, s-maxage={left_s}, stale-while-revalidate={most_s}"


def key_for(environ: Mapping[str, str]) -> str | None:
    """Return the key of the page that a WSGI request asks for, None where none can be kept."""
    path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    if (
        not settings.PAGE_CACHE
        or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}
        or path.startswith(_NEVER)
        or not _IGNORED_QUERY.fullmatch(environ.get("QUERY_STRING", ""))
    ):
        return None
    # A digest is a key that any cache takes, whatever the path holds.
    return f"page:{hashlib.blake2b(path.encode('latin-1', 'replace'), digest_size=16).hexdigest()}"


def holding(key: str) -> KeptPage | None:
    """Return the page if one is kept that holds: in one query where this process has it."""
    generation = changes.generation()
    near = _near.get(key)
    if near is not None and near.holds(generation=generation):
        return near
    far: KeptPage | None = cache.get(key)
    if far is None:
        return None
    _keep_near(key, far)
    return far if far.holds(generation=generation) else None


def is_remembered(key: str) -> bool:
    """Whether the page was kept once, as ``holding`` has seen, and so is one of those."""
    return key in _near


def keep(key: str, page: KeptPage) -> None:
    """Keep a page for all processes."""
    cache.set(key, page, REMEMBERED_S)
    _keep_near(key, page)


def forget_near() -> None:
    """Forget what this process remembers."""
    _near.clear()


def _keep_near(key: str, page: KeptPage) -> None:
    _near.pop(key, None)
    while len(_near) >= NEAR_PAGES:
        _near.pop(next(iter(_near)), None)
    _near[key] = page
