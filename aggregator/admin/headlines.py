"""Headlines in the newsroom."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR, Action, ActionLocation
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aggregator import collecting
from aggregator.admin.story_views import StoryOfHeadline
from aggregator.admin.watch import SourceOfHeadline
from aggregator.models import Collection, Headline
from blog.admin.asking import ask_first
from blog.admin.filters import PickedFilter
from blog.admin.lists import LongListAdmin
from blog.models import User
from blog.templatetags import dates


@admin.register(Headline)
class HeadlineAdmin(StoryOfHeadline, SourceOfHeadline, LongListAdmin[Headline]):
    """What the feeds brought. Nothing is added or rewritten here; picks carry our own words."""

    list_display = ["title", "outlet", "feed", "dated", "is_hidden"]
    list_filter = ["is_hidden", ("feed", PickedFilter)]
    list_select_related = ["feed"]
    search_fields = ["title", "outlet"]
    actions = ["hide", "show"]
    readonly_fields = [
        *("feed", "title", "summary", "url", "author", "outlet", "language", "image_url"),
        *("dated_at", "first_seen_at", "published_at", "updated_at", "story"),
        "source",
    ]
    fields = [*readonly_fields, "is_hidden"]

    @admin.display(description=_("published"))
    def dated(self, headline: Headline) -> SafeString:
        """Tell its date in short."""
        return dates.short(headline.published_at)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Headlines come from feeds."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Headline | None = None) -> bool:
        """The next poll would bring it back as new; hiding holds."""
        return False

    def get_actions(
        self, request: HttpRequest, action_location: ActionLocation = ActionLocation.CHANGE_LIST
    ) -> dict[str, Action | None]:
        """Offer to pick into each collection."""
        actions = super().get_actions(request, action_location)
        if request.user.has_perm("aggregator.add_pick") and IS_POPUP_VAR not in request.GET:
            for collection in _collections(request):
                action = _pick_into(collection)
                actions[action.name] = action
        return actions

    @admin.action(description=_("Hide from readers"), permissions=["change"])
    def hide(self, request: HttpRequest, headlines: QuerySet[Headline]) -> TemplateResponse | None:
        """Take the chosen headlines from every public page."""
        question = _t("Hide all of these headlines from readers?")
        if asks := ask_first(self, request, headlines, question=question):
            return asks
        self._tell(request, headlines.update(is_hidden=True))
        return None

    @admin.action(description=_("Show to readers again"), permissions=["change"])
    def show(self, request: HttpRequest, headlines: QuerySet[Headline]) -> TemplateResponse | None:
        """Let the chosen headlines be seen again."""
        question = _t("Show all of these headlines to readers again?")
        if asks := ask_first(self, request, headlines, question=question):
            return asks
        self._tell(request, headlines.update(is_hidden=False))
        return None

    def _tell(self, request: HttpRequest, count: int) -> None:
        text = ngettext("%(count)d headline changed.", "%(count)d headlines changed.", count)
        self.message_user(request, text % {"count": count})


def _collections(request: HttpRequest) -> list[Collection]:
    """Ask for the collections once, however often the admin asks for its actions."""
    found: list[Collection] | None = getattr(request, "_collections", None)
    if found is None:
        found = list(Collection.objects.all())
        setattr(request, "_collections", found)  # noqa: B010  HttpRequest declares no such name
    return found


def _pick_into(collection: Collection) -> Action:
    def pick_into(
        model_admin: admin.ModelAdmin[Any], request: HttpRequest, headlines: QuerySet[Any]
    ) -> TemplateResponse | None:
        question = _t("Pick all of these headlines into “%(collection)s”?")
        question %= {"collection": collection}
        if asks := ask_first(model_admin, request, headlines, question=question):
            return asks
        editor = request.user if isinstance(request.user, User) else None
        count = collecting.pick_all(headlines, collection, by=editor, now=timezone.now())
        text = ngettext(
            "%(count)d headline stands in “%(collection)s”.",
            "%(count)d headlines stand in “%(collection)s”.",
            count,
        )
        values = {"count": count, "collection": collection}
        model_admin.message_user(request, text % values, messages.SUCCESS)
        return None

    # Django fills the names of the model into it.
    label = (_t("Pick into “%(collection)s”") % {"collection": collection}).replace("%", "%%")
    return Action(
        func=pick_into,
        name=f"pick_into_{collection.pk}",
        description=label,
        plural_description=label,
        locations=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )
