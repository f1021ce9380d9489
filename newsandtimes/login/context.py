"""Gives django-allauth's pages under /admin/ the dress of the newsroom."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from newsandtimes.login.way_on import way_on

PLACES = ("/admin/account/", "/admin/login/", "/admin/password_reset/")


def newsroom(request: HttpRequest) -> dict[str, Any]:
    """Return what the admin's own pages know of the site, and where a second factor lets go on."""
    if not request.path.startswith(PLACES):
        return {}
    return admin.site.each_context(request) | {"way_on": way_on(request)}
