"""What every request needs to know of the publication."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from blog.models import SiteSettings

WITHOUT_PUBLICATION = ("/media/", "/healthz")


def publication(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Load the site's settings once a request and speak its language in its time zone."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(WITHOUT_PUBLICATION):
            return get_response(request)
        site = SiteSettings.load()
        request.publication = site  # type: ignore[attr-defined]
        with translation.override(site.language), timezone.override(site.time_zone):
            response = get_response(request)
            response.headers.setdefault("Content-Language", site.language)
        return response

    return middleware
