"""Gives django-allauth's pages under /admin/ the dress of the newsroom."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

PLACES = ("/admin/account/", "/admin/login/", "/admin/password_reset/")


def newsroom(request: HttpRequest) -> dict[str, Any]:
    """Return what the admin's own pages know of the site."""
    return admin.site.each_context(request) if request.path.startswith(PLACES) else {}
