"""Whether a post was made by one of our own pages, told without a cookie.

The sign-up form stands on every page, and every page is cached for everybody, so it can carry no
CSRF token. Browsers say themselves where a post comes from; one that does not say gets the form
again with a token.
"""

from typing import Any

from django.http import HttpRequest
from django.middleware.csrf import CsrfViewMiddleware


def is_same_origin(request: HttpRequest) -> bool:
    """Say whether the browser declares that one of this host's pages made the request."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site == "same-origin"
    host = request.get_host()
    return request.headers.get("Origin") in {f"https://{host}", f"http://{host}"}


def has_csrf_token(request: HttpRequest) -> bool:
    """Say whether the request passes Django's own CSRF check, by cookie and token."""
    return _CsrfCheck(_unused).process_view(request, _unused, (), {}) is None


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check without its page of refusal: ours shows the form again."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _unused(request: HttpRequest) -> Any:
    raise NotImplementedError
