"""Web app manifests: how a telephone names and paints site and newsroom among its apps."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from blog.caching import for_everyone
from blog.icons import MASKABLE, SIZES, icon_url
from blog.models import SiteSettings
from blog.text import excerpt
from blog.views import site_of

MAX_AGE_S = 3600
PAPER = "#fbfaf6"
"""As in static/css/tokens.css."""
SHORT_NAME_LENGTH = 20


@for_everyone
def manifest(request: HttpRequest) -> HttpResponse:
    """Serve the readers' manifest (https://www.w3.org/TR/appmanifest/)."""
    site = site_of(request)
    return _served(
        site,
        {
            "name": site.title,
            "short_name": excerpt(site.title, max_length=SHORT_NAME_LENGTH),
            "description": site.description or site.tagline,
            "start_url": "/",
            "scope": "/",
        },
    )


@for_everyone
def newsroom_manifest(request: HttpRequest) -> HttpResponse:
    """Serve the editors' manifest: with it, a telephone's share menu offers the newsroom.

    See https://w3c.github.io/web-share-target/.
    """
    site = site_of(request)
    home = reverse("admin:index")
    return _served(
        site,
        {
            # Translators: the name of the newsroom of a site, such as “The Review: Newsroom”.
            "name": _("%(site)s: Newsroom") % {"site": site.title},
            "short_name": _("Newsroom"),
            "id": home,
            "start_url": home,
            "scope": home,
            "share_target": {
                "action": reverse("admin:share"),
                "method": "GET",
                "enctype": "application/x-www-form-urlencoded",
                "params": {name: name for name in ("title", "text", "url")},
            },
        },
    )


def _served(site: SiteSettings, own: Mapping[str, Any]) -> HttpResponse:
    """Return a manifest with what is the same in both."""
    said = {
        **own,
        "lang": site.language,
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": _icons(site),
    }
    return HttpResponse(
        json.dumps({name: part for name, part in said.items() if part}, ensure_ascii=False),
        content_type="application/manifest+json; charset=utf-8",
        headers={"Cache-Control": f"public, max-age={MAX_AGE_S}"},
    )


def _icons(site: SiteSettings) -> list[dict[str, str]]:
    plain = [
        {"src": icon_url(site, name), "sizes": f"{size}x{size}", "type": "image/png"}
        for name, size in SIZES.items()
        if size >= SIZES["192"]
    ]
    maskable = {"src": icon_url(site, MASKABLE), "sizes": "512x512", "type": "image/png"}
    return [*plain, maskable | {"purpose": "maskable"}]
