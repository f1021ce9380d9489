"""The addresses of the Desk. Each answers a plain form with a page, and a script with JSON."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aggregator.desk import listing, rows, screens
from aggregator.desk.deciding import decide
from aggregator.desk.deeds.families import MAY_LOOK
from aggregator.desk.errors import ConflictError, DeskError, NotAllowedError
from aggregator.desk.filters import Filters
from aggregator.desk.forms import key_of, number_of, wish_of
from aggregator.desk.undoing import undo
from aggregator.models import Decision
from blog.rights import user_of

type View = Callable[[HttpRequest], HttpResponse]


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the Desk for the site of the newsroom."""

    def page(request: HttpRequest) -> HttpResponse:
        return desk_view(request, site=site)

    views: dict[str, tuple[str, View]] = {
        "desk": ("", page),
        "desk_rows": ("rows/", rows_view),
        "desk_decide": ("decide/", decide_view),
        "desk_undo": ("undo/", undo_view),
    }
    return [
        path(f"desk/{route}", _guarded(site, view), name=name)
        for name, (route, view) in views.items()
    ]


def _guarded(site: AdminSite, view: View) -> View:
    """Let in who may look at the Desk; a script without a login is told, and led nowhere."""

    def allowed(request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(MAY_LOOK):
            raise PermissionDenied
        return view(request)

    inside = site.admin_view(never_cache(allowed))

    def guarded(request: HttpRequest) -> HttpResponse:
        if is_script(request) and not site.has_permission(request):
            words = _("You are no longer logged in. Log in again in another tab; nothing is lost.")
            return JsonResponse({"error": words}, status=HTTPStatus.UNAUTHORIZED)
        response: HttpResponse = inside(request)
        return response

    return guarded


def is_script(request: HttpRequest) -> bool:
    """Whether an answer is wanted as data and not as a page."""
    return "application/json" in request.headers.get("Accept", "")


@require_safe
def desk_view(request: HttpRequest, *, site: AdminSite) -> HttpResponse:
    """Show the Desk."""
    filters = Filters.of(request.GET.dict())
    context = screens.page(request, filters, now=timezone.now(), user=user_of(request))
    whole = {**site.each_context(request), "title": _("Desk"), **context}
    return render(request, "admin/desk/desk.html", whole)


@require_safe
def rows_view(request: HttpRequest) -> HttpResponse:
    """Show the rows behind a cursor, and nothing around them."""
    filters = Filters.of(request.GET.dict())
    html = screens.more(request, filters, now=timezone.now(), user=user_of(request))
    return HttpResponse(html)


@require_POST
def decide_view(request: HttpRequest) -> HttpResponse:
    """Carry out a decision."""
    user = user_of(request)
    try:
        wish = wish_of(request.POST, by=user, now=timezone.now())
        decision = decide(wish).decision
    except DeskError as error:
        return _refused(request, error, number_of(request.POST, "headline"))
    told = _told(request, decision.headline_id) | {
        "decision": decision.pk,
        "kind": decision.kind,
        "said": decision.said,
        "undoable": True,
    }
    if post := decision.before.get("post"):
        told["open"] = reverse("admin:blog_post_change", args=[post])
    return _answer(request, told, decision)


@require_POST
def undo_view(request: HttpRequest) -> HttpResponse:
    """Take back the editor's newest decision, or one that is named."""
    try:
        undone = undo(
            key=key_of(request.POST),
            by=user_of(request),
            now=timezone.now(),
            decision_id=number_of(request.POST, "decision"),
        )
    except DeskError as error:
        return _refused(request, error, None)
    told = _told(request, undone.decision.headline_id)
    told |= {"undone": undone.decision.pk, "said": undone.record.said}
    return _answer(request, told, undone.record)


def _told(request: HttpRequest, headline: int | None) -> dict[str, Any]:
    """Return a headline's row as it is now, and how much is left; for scripts only."""
    if not is_script(request):
        return {}
    filters, now = filters_of(request), timezone.now()
    left = listing.left_in_words(listing.left(filters, now=now))
    return {"row": _row(request, headline, filters), "left": left}


def _row(request: HttpRequest, headline: int | None, filters: Filters) -> str:
    user = user_of(request)
    found = headline and rows.one(headline, filters, now=timezone.now(), user=user)
    return screens.row(request, found, filters, user=user) if found else ""


def filters_of(request: HttpRequest) -> Filters:
    """Return what the editor looks at: named in the address or the form, or in the way back."""
    behind = QueryDict(urlsplit(request.POST.get("back", "")).query)
    return Filters.of(behind.dict() | request.GET.dict())


def _answer(request: HttpRequest, told: dict[str, Any], decision: Decision) -> HttpResponse:
    if is_script(request):
        return JsonResponse(told)
    name = str(decision.headline) if decision.headline else ""
    messages.success(request, f"{name}: {decision.said}" if name else decision.said)
    return redirect(_back(request))


def _refused(request: HttpRequest, error: DeskError, headline: int | None) -> HttpResponse:
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


def _back(request: HttpRequest) -> str:
    """Return the Desk as the editor looked at it; another address is none of ours."""
    asked = urlsplit(request.POST.get("back", ""))
    desk = reverse("admin:desk")
    is_ours = not asked.scheme and not asked.netloc and asked.path == desk
    query = Filters.of(QueryDict(asked.query).dict()).query if is_ours else ""
    return f"{desk}?{query}" if query else desk
