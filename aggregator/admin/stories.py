"""Stories in the newsroom: what tells of one event, and which outlets go first."""

from collections import defaultdict
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from aggregator.admin.story_views import editor_of, members_of
from aggregator.models import Headline, PreferredOutlet, Story, StoryMember
from aggregator.stories import deciding
from blog import finding
from blog.admin.lists import LongListAdmin
from blog.admin.ordering import OrderedAdmin

MOST_FOUND = 150
"""Of more headlines with the words than these, the stories of the newest are shown."""
MOST_NAMED = 6


class StoryList(ChangeList):
    """Loads outlets and reasons of all stories of the page in one query."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the stories of this page."""
        super().get_results(request)
        told = defaultdict(list)
        rows = StoryMember.objects.filter(story__in=[one.pk for one in self.result_list])
        for story, outlet, reason in rows.order_by("headline__first_seen_at", "pk").values_list(
            "story_id", "headline__outlet", "reason"
        ):
            told[story].append((outlet, reason))
        for story in self.result_list:
            story.told = told[story.pk]


@admin.register(Story)
class StoryAdmin(LongListAdmin[Story]):
    """What the worker has grouped, the newest first; an editor takes apart what is not one."""

    list_display = ["__str__", "count", "outlets", "reasons", "last_seen_at"]
    list_select_related = ["lead"]
    search_fields = ["lead__title"]
    search_help_text = _("Words of a headline, or how they begin.")
    fields = ["lead", "first_seen_at", "last_seen_at", "headlines"]
    readonly_fields = ["lead", "first_seen_at", "last_seen_at", "headlines", "headlines_to_read"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Stories come from headlines."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Story | None = None) -> bool:
        """A story goes with the last of its headlines."""
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the story; there is nothing to save in it, its button acts at once."""
        nothing = {"show_save": False, "show_save_and_continue": False}
        return super().change_view(
            request, object_id, form_url, {**nothing, **(extra_context or {})}
        )

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use our list."""
        return StoryList

    def get_urls(self) -> list[URLPattern]:
        """Add what the button of a story's page does."""
        view = self.admin_site.admin_view(self.split_view)
        return [path("<int:pk>/split/", view, name="aggregator_story_split"), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Story], search_term: str
    ) -> tuple[QuerySet[Story], bool]:
        """Find stories by the words of their headlines."""
        if not search_term.strip():
            return queryset, False
        found = finding.find(Headline.objects.order_by(), search_term, most=MOST_FOUND).values("pk")
        members = StoryMember.objects.order_by().filter(headline__in=found)
        return queryset.filter(pk__in=members.values("story_id")), False

    @admin.display(description=_("outlets"))
    def outlets(self, story: Story) -> str:
        """Name the outlets, the first that told of it first."""
        names = list(dict.fromkeys(outlet for outlet, _ in getattr(story, "told", []) if outlet))
        more = len(names) - MOST_NAMED
        return ", ".join(names[:MOST_NAMED]) + (f" + {more}" if more > 0 else "")

    @admin.display(description=_("reasons"))
    def reasons(self, story: Story) -> str:
        """Say why its headlines are together."""
        kinds = {reason for _, reason in getattr(story, "told", [])}
        labels = [one.label for one in StoryMember.Reason if one in kinds and one != "first"]
        return ", ".join(str(label) for label in labels)

    def get_fields(self, request: HttpRequest, obj: Story | None = None) -> Any:
        """Show the button to those who may press it."""
        may = self.has_change_permission(request, obj)
        return [
            "headlines_to_read" if one == "headlines" and not may else one
            for one in super().get_fields(request, obj)
        ]

    @admin.display(description=_("headlines"))
    def headlines(self, story: Story) -> str:
        """List the headlines with their reasons; chosen ones go out together."""
        return _headlines(story, may_choose=True)

    @admin.display(description=_("headlines"))
    def headlines_to_read(self, story: Story) -> str:
        """List the same for those who may only look."""
        return _headlines(story, may_choose=False)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take the chosen headlines out, together into a story of their own."""
        return require_POST(self._split)(request, pk)

    def _split(self, request: HttpRequest, pk: int) -> HttpResponse:
        story = get_object_or_404(Story.objects.select_related("lead"), pk=pk)
        if not self.has_change_permission(request, story):
            raise PermissionDenied
        chosen = [int(one) for one in request.POST.getlist("headline") if one.isdecimal()]
        count = deciding.split(story, chosen, by=editor_of(request), now=timezone.now())
        if count:
            text = ngettext(
                "%(count)d headline taken out of the story.",
                "%(count)d headlines taken out of the story, together.",
                count,
            )
            self.log_change(request, story, text % {"count": count})
            self.message_user(request, text % {"count": count}, messages.SUCCESS)
        else:
            text = _t("Choose some of the headlines, and not all.")
            self.message_user(request, text, messages.WARNING)
        return redirect("admin:aggregator_story_change", pk)


def _headlines(story: Story, *, may_choose: bool) -> str:
    context = {"story": story, "members": members_of(story), "may_choose": may_choose}
    return render_to_string("admin/aggregator/story/headlines.html", context)


@admin.register(PreferredOutlet)
class PreferredOutletAdmin(OrderedAdmin[PreferredOutlet]):
    """Whose headline leads a story: the first in this list, then whoever was first."""

    list_display = ["outlet", "order"]
    search_fields = ["outlet"]
