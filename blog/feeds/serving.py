"""How a feed is answered: in three formats, and not at all to those who have it (RFC 9110)."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.http import http_date

from blog.addresses import absolute, uploads_base
from blog.caching import is_held
from blog.feeds import atom, json_feed, rss
from blog.feeds.item import Channel, Item, Person, fit_for_machines
from blog.icons import icon_url
from blog.models import SiteSettings
from blog.views import site_of

MAX_AGE_S = 300
RECIPE = 3
"""Raised when feeds of the same rows are written in another way: validators carry it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A format in which each feed can be had."""

    suffix: str
    """What the name of its route ends in."""
    path: str
    """What its address ends in."""
    name: str
    content_type: str
    write: Callable[[Channel], bytes]


RSS = Form(suffix="", path="feed/", name="RSS", content_type=rss.CONTENT_TYPE, write=rss.write)
ATOM = Form(
    suffix="-atom",
    path="feed/atom/",
    name="Atom",
    content_type=atom.CONTENT_TYPE,
    write=atom.write,
)
JSON = Form(
    suffix="-json",
    path="feed.json",
    name="JSON Feed",
    content_type=json_feed.CONTENT_TYPE,
    write=json_feed.write,
)
FORMS = (RSS, ATOM, JSON)


def feed_paths(below: str, view: Callable[..., HttpResponseBase], *, name: str) -> list[URLPattern]:
    """Return the routes of one list's feeds: ``name``, ``name-atom`` and ``name-json``."""
    return [
        path(f"{below}{form.path}", view, {"form": form}, name=f"{name}{form.suffix}")
        for form in FORMS
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a feed is the feed of."""

    title: str
    path: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The rows of a feed before anything is written of them."""

    rows: Sequence[object]
    """All that its text depends on; equal rows are an equal feed."""
    changed_at: datetime | None
    """When anything in it was last saved, be it a comma."""
    items: Callable[[], list[Item]]


def feed_response(
    request: HttpRequest, form: Form, listing: Listing, newest: Newest
) -> HttpResponseBase:
    """Return the feed, or 304 to those who have it, for whom nothing is written."""
    site = site_of(request)
    own_url = absolute(request.path)
    headers = _headers(site, form, own_url=own_url, newest=newest)
    if is_held(request, etag=headers["ETag"], last_modified=headers.get("Last-Modified")):
        return HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    channel = Channel(
        title=listing.title,
        url=absolute(listing.path),
        own_url=own_url,
        description=listing.description or site.description or site.tagline or site.title,
        language=site.language,
        publisher=Person(name=site.publisher, url=absolute("/")),
        items=newest.items(),
        hub_url=site.websub_hub,
        icon_url=absolute(icon_url(site, "180")),
    )
    body = form.write(fit_for_machines(channel))
    return HttpResponse(body, content_type=f"{form.content_type}; charset=utf-8", headers=headers)


def _headers(site: SiteSettings, form: Form, *, own_url: str, newest: Newest) -> dict[str, str]:
    bases = (RECIPE, own_url, settings.FEED_ID_HOST, uploads_base())
    headers = {
        "Cache-Control": f"public, max-age={MAX_AGE_S}",
        "ETag": f'"{_seal([*bases, site, *newest.rows])}"',
    }
    if newest.changed_at is not None:
        headers["Last-Modified"] = http_date(int(newest.changed_at.timestamp()))
    if site.websub_hub:
        headers["Link"] = f'<{site.websub_hub}>; rel="hub", <{own_url}>; rel="self"'
    return headers


def _seal(rows: Sequence[object]) -> str:
    """Return a short text that changes whenever anything in ``rows`` does."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(_values(row)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def _values(row: object) -> object:
    if not isinstance(row, Model):
        return row
    return [(name, value) for name, value in vars(row).items() if not name.startswith("_")]
