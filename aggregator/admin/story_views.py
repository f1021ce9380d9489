"""The story on a headline's page: why it is there, and what an editor does about it."""

import re
from collections.abc import Mapping
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media, ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from aggregator.identity import article_key, canonical_url
from aggregator.models import Headline, Story, StoryMember
from aggregator.parse import web_address
from aggregator.stories import deciding
from blog.models import User

MOST_SHOWN = 200
CHOSEN, TYPED = "belongs_with", "belongs_with_address"
"""The field that looks headlines up, and the one for browsers without scripts."""
_OWN_PAGE = re.compile(r"/headline/(\d{1,18})/|^#?(\d{1,18})$")


def members_of(story: Story) -> QuerySet[StoryMember]:
    """Return a story's headlines in their order, with all that is shown of each."""
    shown = story.members.select_related("headline", "agrees_with", "decided_by")
    return shown.order_by("headline__first_seen_at", "pk")[:MOST_SHOWN]


def editor_of(request: HttpRequest) -> User | None:
    """Return who decides."""
    return request.user if isinstance(request.user, User) else None


class StoryOfHeadline(admin.ModelAdmin[Headline]):
    """Shows the story of a headline; one button takes it out, another puts two together."""

    @property
    def media(self) -> Media:
        """Bring what the field needs that looks headlines up."""
        return super().media + self._chooser().media

    def get_urls(self) -> list[URLPattern]:
        """Add what the buttons do."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/split/", view(self.split_view), name="aggregator_headline_split"),
            path("<int:pk>/merge/", view(self.merge_view), name="aggregator_headline_merge"),
            *super().get_urls(),
        ]

    def get_fields(self, request: HttpRequest, obj: Headline | None = None) -> Any:
        """Show the buttons to those who may press them."""
        may = self.has_change_permission(request, obj)
        return [
            "story_to_read" if one == "story" and not may else one
            for one in super().get_fields(request, obj)
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Headline | None = None) -> Any:
        """Let both ways to show the story be fields."""
        return [*super().get_readonly_fields(request, obj), "story_to_read"]

    @admin.display(description=_("story"))
    def story(self, headline: Headline) -> str:
        """Show what else tells of the event, why that is thought, and the buttons."""
        return _story(
            headline,
            chooser=self._chooser().render(CHOSEN, None, {"id": f"id_{CHOSEN}"}),
            chooser_id=f"id_{CHOSEN}",
            typed=TYPED,
        )

    @admin.display(description=_("story"))
    def story_to_read(self, headline: Headline) -> str:
        """Show the same to those who may only look."""
        return _story(headline)

    def _chooser(self) -> AutocompleteSelect:
        choices = ModelChoiceField(Headline.objects.none()).choices
        field = StoryMember._meta.get_field("agrees_with")
        return AutocompleteSelect(field, self.admin_site, choices=choices)

    def split_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take a headline out of its story."""
        return require_POST(self._split)(request, pk)

    def _split(self, request: HttpRequest, pk: int) -> HttpResponse:
        headline = self._changeable(request, pk)
        story = Story.objects.filter(members__headline=headline).first()
        by, now = editor_of(request), timezone.now()
        if story is None or not deciding.split(story, [pk], by=by, now=now):
            self.message_user(request, _t("It stands in no story with others."), messages.WARNING)
        else:
            words = _t("Taken out of the story “%(story)s”.") % {"story": story}
            self.log_change(request, headline, words)
            self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:aggregator_headline_change", pk)

    def merge_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a headline and its story together with another one and its."""
        return require_POST(self._merge)(request, pk)

    def _merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        headline = self._changeable(request, pk)
        other = _chosen(request.POST)
        if other is None:
            text = _t("Choose the headline with which it belongs together.")
            self.message_user(request, text, messages.ERROR)
        elif deciding.merge(headline, other, by=editor_of(request), now=timezone.now()) is None:
            self.message_user(request, _t("They are together already."), messages.WARNING)
        else:
            words = _t("Put together with “%(headline)s”.") % {"headline": other}
            self.log_change(request, headline, words)
            self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:aggregator_headline_change", pk)

    def _changeable(self, request: HttpRequest, pk: int) -> Headline:
        headline: Any = get_object_or_404(Headline, pk=pk)
        if not self.has_change_permission(request, headline):
            raise PermissionDenied
        return headline  # type: ignore[no-any-return]


def _story(headline: Headline, **buttons: Any) -> str:
    member = StoryMember.objects.select_related("story").filter(headline=headline).first()
    members = members_of(member.story) if member else []
    context = {"headline": headline, "member": member, "members": members, **buttons}
    return render_to_string("admin/aggregator/headline/story.html", context)


def _chosen(posted: Mapping[str, str]) -> Headline | None:
    """Return the headline that was looked up, or whose address was typed, here or elsewhere."""
    chosen, typed = posted.get(CHOSEN, ""), posted.get(TYPED, "").strip()[:4_000]
    if chosen.isdecimal() and len(chosen) < 19:
        return Headline.objects.filter(pk=chosen).first()
    if found := _OWN_PAGE.search(typed):
        return Headline.objects.filter(pk=found[1] or found[2]).first()
    key = article_key(canonical_url(web_address(typed)))
    same = Headline.objects.filter(article_key=key) if key else Headline.objects.none()
    return same.order_by("first_seen_at", "pk").first()
