"""The door of the newsroom: second factors that are required, and the pages of one's security."""

from functools import update_wrapper
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _t

from blog.models import User
from newsandtimes.login import new_passwords, second_factor, sessions, views, way_on

WITHOUT_SECOND_FACTOR = frozenset({"logout", "jsi18n", "security", "end_session"})


class GuardedSite(admin.AdminSite):
    """An admin site each page of which asks for what the publisher demands of a login."""

    password_change_form = new_passwords.ChangeForm

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Add the pages of security, one's own and, for administrators, others'."""
        view = self.admin_view
        return [
            path("account/", view(views.security), name="security"),
            path("account/end/<int:pk>/", view(views.end_session), name="end_session"),
            path("account/end/", view(views.end_other_sessions), name="end_other_sessions"),
            path("account/of/<int:pk>/", view(views.security_of), name="security_of"),
            path(
                "account/of/<int:pk>/reset/",
                view(views.reset_second_factor),
                name="reset_second_factor",
            ),
            path("account/of/<int:pk>/end/", view(views.end_sessions_of), name="end_sessions_of"),
            *super().get_urls(),
        ]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Guard a page: who must have a second factor sets it up before anything else."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if self.has_permission(request):
                sessions.note_visit(request)
                if not _is_open_to_all(request):
                    if _lacks_second_factor(request):
                        return _lead_to_set_up(request)
                    way_on.forget(request)
            response: HttpResponseBase = view(request, *args, **kwargs)
            return response

        update_wrapper(guarded, view)
        return super().admin_view(guarded, cacheable)


def _is_open_to_all(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.url_name in WITHOUT_SECOND_FACTOR


def _lacks_second_factor(request: HttpRequest) -> bool:
    user, site = request.user, getattr(request, "publication", None)
    if site is None or not isinstance(user, User):
        return False
    return second_factor.is_required_for(user, site=site) and not second_factor.has_one(user)


def _lead_to_set_up(request: HttpRequest) -> HttpResponseBase:
    words = _t("Set up your second factor first: here nobody works without one.")
    if request.method != "GET" or "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"error": words}, status=403)
    messages.warning(request, words)
    way_on.keep(request)
    return redirect("mfa_activate_totp")
