"""The source watch in the newsroom: what outlets have changed, which links died, what to do."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from aggregator.models import Headline, HeadlineVersion, Pick, SourceWatch
from aggregator.thumbnails import telling
from aggregator.watch import settling
from aggregator.watch.settling import Choice
from blog.wording import Marked, marked_words

SHOWN = 50
STYLES = {"all": ["css/newsroom/texts.css", "css/newsroom/watch.css"]}
VERSIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Source:
    """What is shown of one source."""

    watch: SourceWatch
    picks: list[Pick]
    """Those that stand."""
    choices: list[Choice]
    marked: Marked | None
    """The title as the editor knows it and as it is now, where they differ."""


def sources(watches: Iterable[SourceWatch]) -> list[Source]:
    """Return what is shown of each: one query for all."""
    watches = list(watches)
    picks = defaultdict(list)
    standing = Pick.objects.filter(
        headline__in=[watch.headline_id for watch in watches], withdrawn_at__isnull=True
    )
    for pick in standing.select_related("collection", "headline").order_by("pk"):
        picks[pick.headline_id].append(pick)
    return [_source(watch, picks[watch.headline_id]) for watch in watches]


def _source(watch: SourceWatch, picks: list[Pick]) -> Source:
    marked = marked_words(watch.title, watch.headline.title) if watch.is_retitled else None
    return Source(watch, picks, settling.choices_for(watch, picks) if picks else [], marked)


def shown(headline: Headline, *, back: str) -> str:
    """Return the source of a headline as its pages show it; ``back`` is theirs."""
    watch = SourceWatch.objects.select_related("headline").filter(headline=headline).first()
    context = {
        "source": sources([watch])[0] if watch else None,
        "versions": HeadlineVersion.objects.filter(headline=headline)[:VERSIONS_SHOWN],
        "back": back,
    }
    return render_to_string("admin/aggregator/watch/source.html", context)


class WatchViews(admin.ModelAdmin[Pick]):
    """Mixed into the admin of picks: the page with all that asks, and what its buttons do."""

    class Media:
        css = STYLES

    def get_fieldsets(self, request: HttpRequest, obj: Pick | None = None) -> Any:
        """Leave the source out while there is none."""
        sets = super().get_fieldsets(request, obj)
        return [one for one in sets if obj is not None or "source" not in one[1]["fields"]]

    def get_urls(self) -> list[URLPattern]:
        """Add the two addresses."""
        view = self.admin_site.admin_view
        return [
            path("watch/", view(require_safe(self.watch_view)), name="aggregator_pick_watch"),
            path(
                "<int:pk>/settle/",
                view(require_POST(self.settle_view)),
                name="aggregator_pick_settle",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("source"))
    def source(self, pick: Pick) -> str:
        """Tell what became of the article."""
        return shown(pick.headline, back=reverse("admin:aggregator_pick_change", args=[pick.pk]))

    def watch_view(self, request: HttpRequest) -> HttpResponse:
        """Show what asks for a decision, the newest first, and how far the looks are."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        rows = list(settling.tasks(now=now)[: SHOWN + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Source watch"),
            "opts": self.opts,
            "sources": sources(rows[:SHOWN]),
            "has_more": len(rows) > SHOWN,
            "progress": settling.progress(now=now),
            "pictures": telling.progress(),
            "may_change": self.has_change_permission(request),
            "back": reverse("admin:aggregator_pick_watch"),
        }
        return TemplateResponse(request, "admin/aggregator/watch/watch.html", context)

    def settle_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do what an editor has chosen about the source of a pick."""
        pick: Any = get_object_or_404(Pick, pk=pk)
        if not self.has_change_permission(request, pick):
            raise PermissionDenied
        watch = SourceWatch.objects.select_related("headline").filter(headline=pick.headline_id)
        self._settle(request, pick, watch.first())
        return redirect(_way_back(request))

    def _settle(self, request: HttpRequest, pick: Pick, watch: SourceWatch | None) -> None:
        picks = list(settling.standing(watch)) if watch else []
        offered = settling.choices_for(watch, picks) if watch else []
        wish = request.POST.get("choice", "")
        choice = next((one for one in offered if one.name == wish), None)
        if watch is None or choice is None:
            text = _t("This has been decided already, or the source has changed back.")
            self.message_user(request, text, messages.WARNING)
            return
        seen = request.POST.get(f"seen-{watch.pk}", "")
        try:
            settling.settle(watch, choice, now=timezone.now(), seen_title=seen)
        except settling.ChangedAgainError:
            text = _t("The outlet has changed its headline once more. Look at the newest one.")
            self.message_user(request, text, messages.WARNING)
            return
        for one in picks:
            self.log_change(request, one, str(choice.said))
        self.message_user(request, str(choice.said), messages.SUCCESS)


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("back", "")
    is_ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if is_ours else reverse("admin:aggregator_pick_watch")


class SourceOfHeadline(admin.ModelAdmin[Headline]):
    """Shows on a headline's page what became of it."""

    class Media:
        css = STYLES

    @admin.display(description=_("source"))
    def source(self, headline: Headline) -> str:
        """Tell what its outlet has called it, and what its link does."""
        back = reverse("admin:aggregator_headline_change", args=[headline.pk])
        return shown(headline, back=back)
