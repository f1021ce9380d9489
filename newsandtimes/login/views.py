"""Pages of logging in and of one's own security. Those of second factors are django-allauth's."""

from http import HTTPStatus

from allauth.account.views import login as allauth_login
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from blog import audit, rights
from blog.audit import Kind
from blog.models import User
from blog.rights import user_of
from newsandtimes.login import second_factor, sessions


@never_cache
def log_in(request: HttpRequest) -> HttpResponseBase:
    """Show the login, or to those who are logged in and have no place here that it is so."""
    if request.user.is_authenticated and not admin.site.has_permission(request):
        return render(request, "admin/account/not_here.html", status=HTTPStatus.FORBIDDEN)
    answer: HttpResponseBase = allauth_login(request)
    return answer


@require_safe
def security(request: HttpRequest) -> HttpResponse:
    """Show somebody their own second factor and where they are logged in."""
    user = user_of(request)
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    context = {
        **admin.site.each_context(request),
        "title": _t("Security"),
        "has_second_factor": second_factor.has_one(user),
        "must_have_one": second_factor.is_required_for(user, site=request.publication),  # type: ignore[attr-defined]
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "sessions": sessions.sessions_of(user),
        "current": request.session.session_key,
    }
    return render(request, "admin/account/security.html", context)


@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    user = user_of(request)
    get_object_or_404(UserSession, pk=pk, user=user).end()
    audit.record(Kind.RIGHTS, by=user, obj=user, words=_t("A login ended."))
    messages.success(request, _t("That login has ended."))
    return redirect("admin:security")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user = user_of(request)
    count = sessions.end_all(user, but=request.session.session_key)
    audit.record(Kind.RIGHTS, by=user, obj=user, words=_t("All other logins ended."))
    messages.success(request, ngettext("%d login ended.", "%d logins ended.", count) % count)
    return redirect("admin:security")


@require_safe
def security_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an administrator somebody's second factor and logins."""
    other = _managed(request, pk)
    context = {
        **admin.site.each_context(request),
        "title": _t("Security of %s") % other,
        "other": other,
        "has_second_factor": second_factor.has_one(other),
        "sessions": sessions.sessions_of(other),
    }
    return render(request, "admin/account/security_of.html", context)


@require_POST
def reset_second_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody's second factor away, because the phone is lost; all their logins end."""
    other = _managed(request, pk)
    second_factor.reset(other)
    sessions.end_all(other)
    audit.record(Kind.RIGHTS, by=request.user, obj=other, words=_t("Second factor taken away."))
    messages.success(request, _t("“%s” now logs in with the password alone.") % other)
    return redirect("admin:security_of", pk)


@require_POST
def end_sessions_of(request: HttpRequest, pk: int) -> HttpResponse:
    """End all logins of somebody."""
    other = _managed(request, pk)
    count = sessions.end_all(other)
    audit.record(Kind.RIGHTS, by=request.user, obj=other, words=_t("All logins ended."))
    messages.success(request, ngettext("%d login ended.", "%d logins ended.", count) % count)
    return redirect("admin:security_of", pk)


def _managed(request: HttpRequest, pk: int) -> User:
    user = user_of(request)
    if not user.has_perm("blog.change_user"):
        raise PermissionDenied
    other = get_object_or_404(User, pk=pk)
    if not rights.may_manage(user, other):
        raise PermissionDenied
    return other
