"""What stands at a path of this site, asked as a reader would ask."""

from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve

from blog.models import SiteSettings

OURS = ("/admin/", "/media/", "/static/", "/healthz", "/websub/")
"""Where the site itself is at work: nothing else may stand there, page or not."""
_NOTHING = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}


def stands_at(path: str) -> bool:
    """Whether a reader finds something at a path; what only leads on from it counts for nothing."""
    if path.startswith(OURS):
        return True
    try:
        match = resolve(path)
    except Resolver404:
        return False
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", path, path
    request.user = AnonymousUser()
    request.META |= {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.publication = SiteSettings.load()  # type: ignore[attr-defined]
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return False
    return response.status_code not in _NOTHING
