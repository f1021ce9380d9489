"""The buttons of an edition: each is a POST, kept in the audit; the grave ones ask first."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from blog.rights import user_of
from newsletter.editions import audience, deeds
from newsletter.models import Delivery, Edition

LISTED_UNKNOWN = 200


class ScheduleForm(forms.Form):
    """Another time for an edition, by the site's clock."""

    due_at = forms.DateTimeField(
        label=_("Another time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class EditionDeeds(admin.ModelAdmin[Edition]):
    """Mixed into the admin of editions."""

    def get_urls(self) -> list[URLPattern]:
        """Add an address for each button."""
        view = self.admin_site.admin_view
        plain = {
            "approve": self._approve,
            "schedule": self._schedule,
            "pause": self._pause,
            "resume": self._resume,
        }
        return [
            path("<int:pk>/send/", view(self.send_view), name="newsletter_edition_send"),
            path("<int:pk>/cancel/", view(self.cancel_view), name="newsletter_edition_cancel"),
            path("<int:pk>/unknown/", view(self.unknown_view), name="newsletter_edition_unknown"),
            path(
                "<int:pk>/items/<int:item>/<str:way>/",
                view(require_POST(self._move)),
                name="newsletter_edition_move",
            ),
            *(
                path(
                    f"<int:pk>/{name}/", view(require_POST(deed)), name=f"newsletter_edition_{name}"
                )
                for name, deed in plain.items()
            ),
            *super().get_urls(),
        ]

    def edition_for(self, request: HttpRequest, pk: int, *, to_change: bool = True) -> Edition:
        """Return an edition that this editor may change, or look at."""
        edition: Edition | None = self.get_object(request, str(pk))
        if edition is None:
            raise Http404
        may = self.has_change_permission if to_change else self.has_view_or_change_permission
        if not may(request, edition):
            raise PermissionDenied
        return edition

    def send_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let an edition go, after the editor has seen to how many."""
        edition = self.edition_for(request, pk)
        if request.method != "POST":
            count = audience.size_of(edition, now=timezone.now())
            items = edition.items.filter(is_dropped=False).count()
            return self.ask(request, "send", edition, count=count, items=items)
        done = deeds.send_now(edition, by=user_of(request), now=timezone.now())
        return self.done(request, edition, done, _t("Goes out within a minute."))

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stop an edition, after a question: what becomes of what it holds?"""
        edition = self.edition_for(request, pk)
        if request.method != "POST":
            left = edition.deliveries.filter(state=Delivery.State.QUEUED).count()
            return self.ask(request, "cancel", edition, left=left)
        done = deeds.cancel(
            edition,
            with_items="with_items" in request.POST,
            by=user_of(request),
            now=timezone.now(),
        )
        return self.done(request, edition, done, _t("Cancelled."))

    def unknown_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """List mails of which nobody heard whether they arrived; take an editor's word on them."""
        edition = self.edition_for(request, pk)
        if request.method == "POST":
            count = deeds.decide_unknown(
                edition,
                [int(key) for key in request.POST.getlist("delivery") if key.isdecimal()],
                has_arrived=request.POST.get("fate") != "again",
                now=timezone.now(),
            )
            self.done(request, edition, count > 0, _t("Unknown mails decided: %d.") % count)
            return redirect("admin:newsletter_edition_unknown", pk)
        unknown = edition.deliveries.filter(
            state=Delivery.State.UNKNOWN, lease_until__isnull=True
        ).order_by("handed_over_at", "pk")
        return self.ask(request, "unknown", edition, rows=unknown[:LISTED_UNKNOWN])

    def _move(self, request: HttpRequest, pk: int, item: int, way: str) -> HttpResponse:
        edition = self.edition_for(request, pk)
        found = get_object_or_404(edition.items, pk=item)
        words = {
            "up": _t("Moved up: %s"),
            "down": _t("Moved down: %s"),
            "top": _t("Moved to the top: %s"),
            "drop": _t("Left out: %s"),
            "restore": _t("Put back: %s"),
        }
        if way not in words:
            raise Http404
        if way in {"drop", "restore"}:
            done = deeds.leave_out(found, is_dropped=way == "drop")
        else:
            done = deeds.move(found, way=way)
        if done:
            self.log_change(request, edition, words[way] % found)
        return redirect(f"{self.page_of(edition)}#item-{found.pk}")

    def _approve(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.edition_for(request, pk)
        done = deeds.approve(edition, by=user_of(request), now=timezone.now())
        return self.done(request, edition, done, _t("Approved."))

    def _schedule(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.edition_for(request, pk)
        form = ScheduleForm(request.POST)
        now = timezone.now()
        if not form.is_valid() or not deeds.is_soon(form.cleaned_data["due_at"], now=now):
            messages.error(request, _t("Give a day and an hour to come, within a year."))
            return redirect(self.page_of(edition))
        done = deeds.schedule(edition, at=form.cleaned_data["due_at"])
        return self.done(request, edition, done, _t("Goes out at another time."))

    def _pause(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.edition_for(request, pk)
        is_going = edition.state == Edition.State.SENDING
        done = is_going and deeds.pause(edition, by=user_of(request))
        return self.done(request, edition, done, _t("Paused."))

    def _resume(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self.edition_for(request, pk)
        is_paused = edition.state == Edition.State.PAUSED
        done = is_paused and deeds.resume(edition, now=timezone.now())
        return self.done(request, edition, done, _t("Goes on."))

    def done(
        self, request: HttpRequest, edition: Edition, is_done: bool, words: str
    ) -> HttpResponse:
        """Keep a deed and say so; or say that there was nothing to do any more."""
        if is_done:
            self.log_change(request, edition, words)
            messages.success(request, words)
        else:
            text = _t("Nothing was changed: it has come farther meanwhile, or you pressed twice.")
            messages.warning(request, text)
        return redirect(self.page_of(edition))

    def ask(
        self, request: HttpRequest, page: str, edition: Edition, **context: Any
    ) -> HttpResponse:
        """Render ``admin/newsletter/edition/<page>.html``."""
        whole = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": edition,
            "title": str(edition),
            **context,
        }
        return render(request, f"admin/newsletter/edition/{page}.html", whole)

    def page_of(self, edition: Edition) -> str:
        """Return the path of an edition's own page."""
        return reverse("admin:newsletter_edition_change", args=[edition.pk])
