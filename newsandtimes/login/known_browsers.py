"""Remembers, in the browser itself, that somebody has logged in there."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "known_browser"
HOLDS_FOR = timedelta(days=180)
_SALT = "newsandtimes.login.known_browser"


def known_as(request: HttpRequest, account: str) -> str:
    """Return the name of this browser if ``account`` has logged in here before, else ""."""
    try:
        name, owner = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=HOLDS_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(name) if str(owner).lower() == account.strip().lower() else ""


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Let this browser know that ``account`` has logged in here."""
    name = known_as(request, account) or secrets.token_urlsafe(16)
    response.set_cookie(
        COOKIE,
        signing.dumps([name, account], salt=_SALT),
        max_age=HOLDS_FOR,
        path="/admin/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
