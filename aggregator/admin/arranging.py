"""The page on which an editor orders a collection: by dragging, by keys, by buttons."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aggregator import arranging
from aggregator.collecting import withdraw
from aggregator.desk.rewording import reword
from aggregator.models import Collection, Pick
from blog.rights import user_of

PINS_H = [
    (6, _("for 6 hours")),
    (24, _("for a day")),
    (72, _("for three days")),
    (168, _("for a week")),
    (0, _("until you unpin it")),
]
"""For how long a pick may be pinned, in hours; 0: for good."""


class WordsForm(forms.ModelForm[Pick]):
    """What we say in a pick, in the place where it stands."""

    class Meta:
        model = Pick
        fields = [
            *("title", "excerpt", "note", "title_language"),
            *("translated_title", "translated_language", "is_breaking"),
        ]
        widgets = {
            "excerpt": forms.Textarea(attrs={"rows": 3}),
            "note": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data: Any = None, *, instance: Pick) -> None:
        own = f"pick-{instance.pk}-%s"  # as each pick of the page has such a form
        super().__init__(data, instance=instance, auto_id=own, label_suffix="")


class CollectionOrder(admin.ModelAdmin[Collection]):
    """Mixed into the admin of collections."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page."""
        view = self.admin_site.admin_view(self.order_view)
        return [
            path("<int:pk>/order/", view, name="aggregator_collection_order"),
            *super().get_urls(),
        ]

    def order_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the picks in their order; do what a button, a key or a drag says."""
        return require_http_methods(["GET", "HEAD", "POST"])(self._order)(request, pk)

    def _order(self, request: HttpRequest, pk: int) -> HttpResponse:
        collection = self.get_object(request, str(pk))
        if collection is None:
            raise Http404
        right = "change" if request.method == "POST" else "view"
        if not request.user.has_perms([f"aggregator.{right}_pick", "aggregator.view_collection"]):
            raise PermissionDenied
        if request.method == "POST":
            return self._decide(request, collection)
        context = {
            **self.admin_site.each_context(request),
            "title": _t("Order of “%(collection)s”") % {"collection": collection},
            "opts": self.opts,
            "original": collection,
            **_list_of(collection, may_change=request.user.has_perm("aggregator.change_pick")),
        }
        return render(request, "admin/aggregator/collection/order.html", context)

    def _decide(self, request: HttpRequest, collection: Collection) -> HttpResponse:
        """Do one thing to one pick; answer with the list as it is then."""
        form: WordsForm | None = None
        status, said = HTTPStatus.OK, ""
        try:
            pick = _pick_of(collection, request.POST.get("pick", ""))
            said, form = _do(request, pick)
        except arranging.MovedAwayError:
            status = HTTPStatus.CONFLICT
            said = _t("The list has changed meanwhile. Here it is as it is now.")
        else:
            if form is not None and form.errors:
                status = HTTPStatus.UNPROCESSABLE_ENTITY
            elif said:
                self.log_change(request, pick, said)  # type: ignore[arg-type]  # any row will do
        if "application/json" in request.headers.get("Accept", ""):
            context = _list_of(collection, may_change=True, form=form)
            html = render_to_string("admin/aggregator/collection/_order.html", context, request)
            return JsonResponse({"said": said, "list": html}, status=status)
        level = messages.SUCCESS if status == HTTPStatus.OK else messages.ERROR
        if said:
            messages.add_message(request, level, said)
        page = reverse("admin:aggregator_collection_order", args=[collection.pk])
        return redirect(f"{page}#pick-{pick.pk}" if status == HTTPStatus.OK else page)


def _list_of(
    collection: Collection, *, may_change: bool, form: WordsForm | None = None
) -> dict[str, Any]:
    now = timezone.now()
    whole = arranging.arranged(collection, now=now)
    for pick in (*whole.pinned, *whole.others):
        is_refused = form is not None and form.instance == pick and form.errors
        pick.words = form if is_refused else WordsForm(instance=pick)  # type: ignore[attr-defined]
    return {
        "collection": collection,
        "groups": [
            (_t("Pinned to the top"), whole.pinned),
            (_t("By their order"), whole.others),
        ],
        "has_more": whole.below is not None,
        "withdrawn": arranging.withdrawn_lately(collection, now=now),
        "pins": PINS_H,
        "may_change": may_change,
    }


def _pick_of(collection: Collection, key: str) -> Pick:
    found = Pick.objects.filter(collection=collection).select_related("headline")
    pick = found.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 19 else None
    if pick is None:
        raise arranging.MovedAwayError
    return pick


def _do(request: HttpRequest, pick: Pick) -> tuple[str, WordsForm | None]:
    """Do what is asked for; return what was done in words, and the form if that was one of words.

    Raises MovedAwayError.
    """
    deed = request.POST.get("deed", "")
    if deed == "words":
        return _write(request, pick)
    act = _DEEDS.get(deed)
    return (act(request, pick, timezone.now()) if act else ""), None


def _write(request: HttpRequest, pick: Pick) -> tuple[str, WordsForm]:
    form = WordsForm(request.POST, instance=Pick.objects.get(pk=pick.pk))
    if not form.is_valid():
        return _t("Please correct the errors below."), form
    if not form.has_changed():
        return "", form
    store = partial(form.instance.save, update_fields=[*form.cleaned_data])
    reword(form.instance, store, by=user_of(request), now=timezone.now())
    return _t("Words changed: %s") % form.instance, form


def _move(request: HttpRequest, pick: Pick, now: datetime) -> str:
    before = request.POST.get("before", "")
    key = int(before) if before.isdecimal() and len(before) < 19 else None
    return _t("Moved: %s") % pick if arranging.move(pick, before=key, now=now) else ""


def _up(_request: HttpRequest, pick: Pick, now: datetime) -> str:
    return _t("Moved up: %s") % pick if arranging.shift(pick, -1, now=now) else ""


def _down(_request: HttpRequest, pick: Pick, now: datetime) -> str:
    return _t("Moved down: %s") % pick if arranging.shift(pick, 1, now=now) else ""


def _top(_request: HttpRequest, pick: Pick, now: datetime) -> str:
    is_moved = arranging.shift(pick, -arranging.MOST_ARRANGED, now=now)
    return _t("Moved to the top: %s") % pick if is_moved else ""


def _pin(request: HttpRequest, pick: Pick, now: datetime) -> str:
    offered = {str(hours): hours for hours, _words in PINS_H}
    hours = offered.get(request.POST.get("hours", ""), PINS_H[0][0])
    arranging.pin(pick, until=now + timedelta(hours=hours) if hours else None, now=now)
    return _t("Pinned: %s") % pick


def _unpin(_request: HttpRequest, pick: Pick, _now: datetime) -> str:
    arranging.unpin(pick)
    return _t("No longer pinned: %s") % pick


def _withdraw(_request: HttpRequest, pick: Pick, now: datetime) -> str:
    withdraw(pick, now=now)
    return _t("Withdrawn: %s") % pick


def _put_back(_request: HttpRequest, pick: Pick, _now: datetime) -> str:
    arranging.put_back(pick)
    return _t("Put back: %s") % pick


_DEEDS: dict[str, Callable[[HttpRequest, Pick, datetime], str]] = {
    "move": _move,
    "up": _up,
    "down": _down,
    "top": _top,
    "pin": _pin,
    "unpin": _unpin,
    "withdraw": _withdraw,
    "back": _put_back,
}
