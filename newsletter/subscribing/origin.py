"""Whether a post was made by one of our own pages, told without a cookie.

The sign-up form stands on every page, and every page is cached for everybody, so it can carry no
CSRF token. Browsers say themselves where a post comes from; one that does not say gets the form
again with a token.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware

ORIGIN = re.compile(r"https?://[A-Za-z0-9.\[\]:-]{1,180}")


def is_same_origin(request: HttpRequest) -> bool:
    """Say whether the browser declares that one of this host's pages made the request."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    host = request.get_host()
    return request.headers.get("Origin") in {f"https://{host}", f"http://{host}"}


def foreign_origin(request: HttpRequest) -> str:
    """Return the other site from which a browser says that a post comes, "" for ours or unknown."""
    origin = request.headers.get("Origin", "")
    is_one = ORIGIN.fullmatch(origin) is not None
    return "" if is_same_origin(request) or not is_one else origin


def is_allowed(origin: str) -> bool:
    """Say whether the forms of another site are as good as ours (SIGN_UP_ORIGINS)."""
    return bool(origin) and origin in settings.SIGN_UP_ORIGINS


def has_csrf_token(request: HttpRequest) -> bool:
    """Say whether the request passes Django's own CSRF check, by cookie and token."""
    return _CsrfCheck(_unused).process_view(request, _unused, (), {}) is None


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check without its page of refusal: ours shows the form again."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _unused(request: HttpRequest) -> Any:
    raise NotImplementedError
