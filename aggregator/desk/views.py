"""The addresses of the Desk. Each answers a plain form with a page, and a script with data."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aggregator.desk import answers, news, own_views, screens
from aggregator.desk.answers import filters_of, is_script
from aggregator.desk.balance import balance_view
from aggregator.desk.deciding import decide, name_of
from aggregator.desk.deeds.families import MAY_LOOK
from aggregator.desk.errors import DeskError
from aggregator.desk.filters import Filters
from aggregator.desk.forms import key_of, number_of, wish_of
from aggregator.desk.listing import Cursor
from aggregator.desk.passing import pass_over
from aggregator.desk.pictures import pictures_view
from aggregator.desk.undoing import undo
from aggregator.models import Decision
from blog.rights import user_of


def addresses(site: AdminSite) -> list[URLPattern]:
    """Return the addresses of the Desk for the site of the newsroom."""

    def page(request: HttpRequest) -> HttpResponse:
        return desk_view(request, site=site)

    def outlets(request: HttpRequest) -> HttpResponse:
        return balance_view(request, site=site)

    views: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
        "desk": ("", page),
        "desk_rows": ("rows/", rows_view),
        "desk_decide": ("decide/", decide_view),
        "desk_undo": ("undo/", undo_view),
        "desk_seen": ("seen/", seen_view),
        "desk_news": ("news/", news_view),
        "desk_pictures": ("pictures/", pictures_view),
        "desk_balance": ("outlets/", outlets),
        "desk_views": ("views/", save_view),
        "desk_view_delete": ("views/<int:pk>/delete/", forget_view),
    }
    return [
        path(f"desk/{route}", _guarded(site, view), name=name)
        for name, (route, view) in views.items()
    ]


def _guarded(site: AdminSite, view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in who may look at the Desk; a script without a login is told, and led nowhere."""

    def allowed(request: HttpRequest, **named: Any) -> HttpResponse:
        if not request.user.has_perm(MAY_LOOK):
            raise PermissionDenied
        return view(request, **named)

    inside = site.admin_view(never_cache(allowed))

    def guarded(request: HttpRequest, **named: Any) -> HttpResponse:
        if is_script(request) and not site.has_permission(request):
            words = _("You are no longer logged in. Log in again in another tab; nothing is lost.")
            return JsonResponse({"error": words}, status=HTTPStatus.UNAUTHORIZED)
        response: HttpResponse = inside(request, **named)
        return response

    return guarded


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
    try:
        wish = wish_of(request.POST, by=user_of(request), now=timezone.now())
        decision = decide(wish).decision
    except DeskError as error:
        return answers.refused(request, error, number_of(request.POST, "headline"))
    told = answers.about(request, decision.headline_id) | _told(decision)
    name = str(decision.headline) if decision.headline else ""
    return answers.done(request, told, f"{name}: {decision.said}")


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
        return answers.refused(request, error)
    told = answers.about(request, undone.decision.headline_id)
    told |= {"undone": undone.decision.pk, "said": undone.record.said}
    return answers.done(request, told, undone.record.said)


@require_POST
def seen_view(request: HttpRequest) -> HttpResponse:
    """Mark a row and all that is older as seen, within the filters."""
    try:
        decision = pass_over(
            key=key_of(request.POST),
            by=user_of(request),
            now=timezone.now(),
            filters=filters_of(request),
            top=Cursor.of(request.POST.get("before", "")),
        )
    except DeskError as error:
        return answers.refused(request, error)
    return answers.done(request, answers.about(request, None) | _told(decision), decision.said)


@require_safe
def news_view(request: HttpRequest) -> HttpResponse:
    """Tell what was decided since, what is new above the first row, and what is left."""
    filters, user = Filters.of(request.GET.dict()), user_of(request)
    told = news.since(
        number_of(request.GET, "since") or 0,
        Cursor.of(request.GET.get("top", "")),
        filters,
        now=timezone.now(),
        user=user,
    )
    html = screens.rows_of(request, list(told.rows.values()), filters, user=user)
    row_of = dict(zip(told.rows, html, strict=True))
    return JsonResponse(
        {
            "last": told.last,
            "decisions": [
                _news_of(one, row_of.get(one.headline_id or 0, ""), user.pk)
                for one in told.decisions
            ],
            "left": told.left,
            "new": told.new,
            "going_on": [
                {"decision": one.decision, "said": one.said, "count": one.count}
                for one in told.going_on
            ],
        }
    )


def _told(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.pk,
        "kind": decision.kind,
        "said": decision.said,
        "undoable": decision.undone_at is None,
    }


def _news_of(decision: Decision, row: str, user: int) -> dict[str, Any]:
    is_undo = decision.kind == Decision.Kind.UNDO
    return {
        "id": decision.pk,
        "headline": decision.headline_id,
        "story": decision.story_id,
        "by": name_of(decision.by),
        "is_own": decision.by_id == user,
        "kind": decision.undoes.kind if decision.undoes else decision.kind,
        "said": decision.said,
        "undone": is_undo or decision.undone_at is not None,
        "row": row,
    }


@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep the filters that are looked at under a name."""
    try:
        view = own_views.save(
            request.POST.get("name", ""), filters_of(request), by=user_of(request)
        )
    except DeskError as error:
        return answers.refused(request, error)
    told = {"view": view.pk, "name": view.name, "query": view.query}
    return answers.done(request, told, _("The view “%(name)s” is kept.") % {"name": view.name})


@require_POST
def forget_view(request: HttpRequest, *, pk: int) -> HttpResponse:
    """Delete one of the editor's views."""
    if not own_views.delete(pk, by=user_of(request)):
        raise Http404
    return answers.done(request, {"deleted": pk}, _("The view is deleted."))
