"""Where the form of a post asks what stands at an outside address."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from aggregator import glancing
from aggregator.models import Feed, Glance
from aggregator.parse import web_address

WRITERS = (
    *("blog.add_post", "blog.change_post", "blog.add_page", "blog.change_page"),
    *("aggregator.add_pick", "aggregator.change_headline"),  # who bring pages from elsewhere
)
POLLER_ANSWERS_WITHIN = timedelta(seconds=40)


class GlanceViews(admin.ModelAdmin[Feed]):
    """Mixed into the feeds' admin; for everybody who writes, with rights over feeds or without."""

    def get_urls(self) -> list[URLPattern]:
        """Add the two addresses: one to ask, one for the answer."""
        view = self.admin_site.admin_view
        return [
            path("glance/", view(ask), name="aggregator_glance"),
            path("glance/<int:pk>/", view(answer), name="aggregator_glance_answer"),
            *super().get_urls(),
        ]


@require_POST
def ask(request: HttpRequest) -> HttpResponseBase:
    """Take an address to look at; answer as for the look itself."""
    _refuse_others(request)
    address = web_address(request.POST.get("address", "")[:4000])
    if not address or "." not in address:
        return _failed(_t("This is no http or https address."), status=400)
    try:
        glance = glancing.ask(address, user_id=request.user.pk or 0, now=timezone.now())
    except glancing.TooManyGlancesError:
        sentence = _t("You have asked for many pages just now. Wait a few minutes and try again.")
        return _failed(sentence, status=429)
    return JsonResponse(_answer(glance))


@never_cache
@require_safe
def answer(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Say how far a look is, and what was found."""
    _refuse_others(request)
    return JsonResponse(_answer(get_object_or_404(Glance, pk=pk, asked_by=request.user)))


def _answer(glance: Glance) -> dict[str, str]:
    is_late = timezone.now() - glance.asked_at > POLLER_ANSWERS_WITHIN
    if glance.state == Glance.State.WAITING and is_late:
        sentence = _t("Nobody has looked there yet: is the poller running?")
        return {"state": Glance.State.FAILED, "sentence": sentence}
    look = reverse("admin:aggregator_glance_answer", args=[glance.pk])
    return {"state": glance.state, "look": look, "sentence": glance.error, **glance.facts}


def _failed(sentence: str, *, status: int) -> JsonResponse:
    return JsonResponse({"state": Glance.State.FAILED, "sentence": sentence}, status=status)


def _refuse_others(request: HttpRequest) -> None:
    if not any(request.user.has_perm(right) for right in WRITERS):
        raise PermissionDenied
