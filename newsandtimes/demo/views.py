"""Serves the demo's feeds to this machine's own poller, as a polite outlet would."""

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import condition, require_safe

from newsandtimes.demo.feeds import feeds_folder, sample_feeds
from newsandtimes.demo.troubles import TROUBLES


def _etag(_request: HttpRequest, name: str) -> str | None:
    path = _path(name)
    return f'"{sha256(path.read_bytes()).hexdigest()[:32]}"' if path else None


def _last_modified(_request: HttpRequest, name: str) -> datetime | None:
    path = _path(name)
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) if path else None


@require_safe
@condition(etag_func=_etag, last_modified_func=_last_modified)
def feed(_request: HttpRequest, name: str) -> HttpResponse:
    """Answer with a sample feed's bytes, 304 where the caller has them, 404 without a demo."""
    path = _path(name)
    if path is None:
        return _trouble(name)
    sample = sample_feeds()[name]
    return HttpResponse(
        path.read_bytes(),
        content_type=sample.content_type,
        headers={"Content-Language": sample.text.language},
    )


def _trouble(name: str) -> HttpResponse:
    """Answer as a feed in trouble does, while the demo is loaded."""
    if not settings.DEVELOPMENT or name not in TROUBLES or not feeds_folder().is_dir():
        raise Http404
    return TROUBLES[name].answer(timezone.now())


def _path(name: str) -> Path | None:
    """Return the document of a known name, if the demo is loaded and this is its machine."""
    if not settings.DEVELOPMENT or name not in sample_feeds():
        return None
    path = feeds_folder() / name
    return path if path.is_file() else None
