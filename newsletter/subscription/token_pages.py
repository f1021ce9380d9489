"""Pages that a signed token alone opens.

They need no CSRF token: whoever can make a browser post to such an address holds the secret in it
and could as well post it himself; one-click unsubscribing (RFC 8058) comes from the mailbox's
servers, without cookies and without a page before it; and these pages send no referrer, so that
browsers give "null" as their origin, which Django's check would refuse.

GET changes nothing: scanners open every link of a mail.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from newsletter.tokens import InvalidTokenError

SEE_OTHER = 303

TokenView = Callable[[HttpRequest, str], HttpResponse]


def token_page(view: TokenView) -> TokenView:
    """Make a page that its token alone opens: private, unlinked, one answer to every bad token."""

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answer(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except InvalidTokenError:
            response = render(request, "newsletter/bad_link.html", status=404)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "private, no-store"
        return response

    return answer
