"""Answers at the Desk: to a plain form a page, to a script data."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from aggregator.desk import listing, rows, screens
from aggregator.desk.errors import ConflictError, DeskError, NotAllowedError
from aggregator.desk.filters import Filters
from blog.rights import user_of


def is_script(request: HttpRequest) -> bool:
    """Whether an answer is wanted as data and not as a page."""
    return "application/json" in request.headers.get("Accept", "")


def filters_of(request: HttpRequest) -> Filters:
    """Return what the editor looks at: named in the address or the form, or in the way back."""
    behind = QueryDict(urlsplit(_behind(request)).query)
    return Filters.of(behind.dict() | request.GET.dict())


def about(request: HttpRequest, headline: int | None) -> dict[str, Any]:
    """Return a headline's row as it is now, and how much is left; for scripts only."""
    if not is_script(request):
        return {}
    filters = filters_of(request)
    left = listing.left(filters, now=timezone.now())
    return {"row": _row(request, headline, filters), "left": listing.left_in_words(left)}


def done(request: HttpRequest, told: dict[str, Any], words: str) -> HttpResponse:
    """Say that it was done: as data, or in words above the list to which it leads back."""
    if is_script(request):
        return JsonResponse(told)
    messages.success(request, words)
    return redirect(_back(request))


def refused(request: HttpRequest, error: DeskError, headline: int | None = None) -> HttpResponse:
    """Say why it was not done; of a conflict with the row as it is now."""
    words = str(error)
    if not is_script(request):
        if isinstance(error, NotAllowedError):
            raise PermissionDenied(words)
        messages.warning(request, words)
        return redirect(_back(request))
    if isinstance(error, ConflictError):
        row = _row(request, headline, filters_of(request))
        told = {"conflict": True, "said": words, "row": row}
        return JsonResponse(told, status=HTTPStatus.CONFLICT)
    is_right = isinstance(error, NotAllowedError)
    status = HTTPStatus.FORBIDDEN if is_right else HTTPStatus.UNPROCESSABLE_ENTITY
    return JsonResponse({"error": words}, status=status)


def _row(request: HttpRequest, headline: int | None, filters: Filters) -> str:
    if not headline:
        return ""
    user = user_of(request)
    found = rows.one(headline, filters, now=timezone.now(), user=user)
    return screens.rows_of(request, [found], filters, user=user)[0] if found else ""


def _behind(request: HttpRequest) -> str:
    """Return where the form leads back to; an address that is none is left out."""
    text = request.POST.get("back", "")
    try:
        urlsplit(text)
    except ValueError:
        return ""
    return text


def _back(request: HttpRequest) -> str:
    """Return the Desk as the editor looked at it; another address is none of ours."""
    asked, desk = urlsplit(_behind(request)), reverse("admin:desk")
    is_ours = not asked.scheme and not asked.netloc and asked.path == desk
    query = Filters.of(QueryDict(asked.query).dict()).query if is_ours else ""
    return f"{desk}?{query}" if query else desk
