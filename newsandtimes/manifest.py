"""The web app manifest: how a telephone names and paints the site among its apps."""

import json

from django.http import HttpRequest, HttpResponse

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
    """Serve the manifest (https://www.w3.org/TR/appmanifest/)."""
    site = site_of(request)
    said = {
        "name": site.title,
        "short_name": excerpt(site.title, max_length=SHORT_NAME_LENGTH),
        "description": site.description or site.tagline,
        "lang": site.language,
        "start_url": "/",
        "scope": "/",
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
