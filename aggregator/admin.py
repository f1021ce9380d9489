"""Feeds, headlines and collections in the newsroom."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR, Action, ActionLocation
from django.core.paginator import Paginator
from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aggregator import collecting, steering
from aggregator.models import Collection, Feed, FeedQuerySet, Headline, Pick
from blog.models import User

COUNTED_AT_MOST = 10_000


class CappedPaginator(Paginator[Any]):
    """Counts so far and no farther: what is older is found by searching, not by leafing."""

    @cached_property
    def count(self) -> int:
        """How many rows there are, up to COUNTED_AT_MOST."""
        rows = self.object_list
        if isinstance(rows, QuerySet):
            return rows.order_by()[:COUNTED_AT_MOST].count()
        return len(rows)


class LongListAdmin[M: Model](admin.ModelAdmin[M]):
    """A list that grows without end, counted so far and no farther."""

    list_per_page = 50
    paginator = CappedPaginator
    show_full_result_count = False

    def response_action(
        self,
        request: HttpRequest,
        queryset: QuerySet[M],
        action_location: ActionLocation = ActionLocation.CHANGE_LIST,
    ) -> HttpResponse | None:
        """Refuse to act on "all" where that is more than the number that the editor was shown."""
        is_for_all = forms.BooleanField().to_python(request.POST.get("select_across"))
        if is_for_all and queryset.order_by()[COUNTED_AT_MOST:].exists():
            text = _t(
                "There are more than %(count)d rows, too many to change at once. Nothing has been "
                "changed. Search or filter for fewer, or choose rows page by page."
            )
            self.message_user(request, text % {"count": COUNTED_AT_MOST}, messages.ERROR)
            return None
        return super().response_action(request, queryset, action_location)


@admin.register(Feed)
class FeedAdmin(admin.ModelAdmin[Feed]):
    """What we poll, and how each feed does."""

    list_display = ["__str__", "state", "collection", "last_polled_at", "next_poll_at"]
    list_filter = ["is_active", "last_outcome", "collection"]
    list_select_related = ["collection"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["title", "url"]
    autocomplete_fields = ["collection"]
    actions = ["poll_now"]
    readonly_fields = (
        *("state", "last_status", "last_polled_at", "last_succeeded_at", "next_poll_at"),
        "created_at",
    )
    fieldsets = [
        (None, {"fields": ["url", "title", "site_url", "language", "collection", "is_active"]}),
        (_("How it does"), {"fields": readonly_fields}),
    ]

    @admin.display(description=_("state"), ordering="failures")
    def state(self, feed: Feed) -> str | Promise:
        """Say how the feed does, in words."""
        if feed.last_outcome == Feed.Outcome.GONE and not feed.is_active:
            return _t("Gone: %(error)s") % {"error": feed.last_error}
        if not feed.is_active:
            return _("Switched off")
        if feed.failures:
            return ngettext(
                "Failed: %(error)s", "Failed %(count)d times: %(error)s", feed.failures
            ) % {"count": feed.failures, "error": feed.last_error}
        if feed.last_outcome == Feed.Outcome.NEVER:
            return _("Waiting for its first poll")
        return _("OK")

    def save_model(
        self, request: HttpRequest, obj: Feed, form: ModelForm[Feed], change: bool
    ) -> None:
        """Write only what the editor changed: a poller may be writing the rest just now."""
        if change:
            steering.save_changes(obj, changed=form.changed_data, now=timezone.now())
        else:
            super().save_model(request, obj, form, change)

    def get_deleted_objects(
        self, objs: QuerySet[Feed] | Sequence[Feed], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Let headlines go with their feed, though nobody deletes them one by one."""
        rows, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        if request.user.has_perm("aggregator.delete_headline"):
            forbidden = forbidden - {Headline._meta.verbose_name}
        return rows, counts, forbidden, protected

    @admin.action(description=_("Poll now"), permissions=["change"])
    def poll_now(self, request: HttpRequest, feeds: FeedQuerySet) -> None:
        """Make the chosen feeds due."""
        count = steering.poll_now(feeds, now=timezone.now())
        text = ngettext(
            "%(count)d feed will be polled in a moment.",
            "%(count)d feeds will be polled in a moment.",
            count,
        )
        self.message_user(request, text % {"count": count})


@admin.register(Headline)
class HeadlineAdmin(LongListAdmin[Headline]):
    """What the feeds brought. Nothing is added or rewritten here; picks carry our own words."""

    list_display = ["title", "outlet", "feed", "published_at", "is_hidden"]
    list_filter = ["is_hidden", "feed__collection"]
    list_select_related = ["feed"]
    search_fields = ["title", "outlet"]
    actions = ["hide", "show"]
    readonly_fields = [
        *("feed", "title", "summary", "url", "author", "outlet", "language", "image_url"),
        *("dated_at", "first_seen_at", "published_at", "updated_at"),
    ]
    fields = [*readonly_fields, "is_hidden"]

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
    def hide(self, request: HttpRequest, headlines: QuerySet[Headline]) -> None:
        """Take the chosen headlines from every public page."""
        self._tell(request, headlines.update(is_hidden=True))

    @admin.action(description=_("Show to readers again"), permissions=["change"])
    def show(self, request: HttpRequest, headlines: QuerySet[Headline]) -> None:
        """Let the chosen headlines be seen again."""
        self._tell(request, headlines.update(is_hidden=False))

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
    ) -> None:
        editor = request.user if isinstance(request.user, User) else None
        count = collecting.pick_all(headlines, collection, by=editor, now=timezone.now())
        text = ngettext(
            "%(count)d headline stands in “%(collection)s”.",
            "%(count)d headlines stand in “%(collection)s”.",
            count,
        )
        values = {"count": count, "collection": collection}
        model_admin.message_user(request, text % values, messages.SUCCESS)

    # Django fills the names of the model into it.
    label = (_t("Pick into “%(collection)s”") % {"collection": collection}).replace("%", "%%")
    return Action(
        func=pick_into,
        name=f"pick_into_{collection.pk}",
        description=label,
        plural_description=label,
        locations=[ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM],
    )


@admin.register(Collection)
class CollectionAdmin(admin.ModelAdmin[Collection]):
    """The public lists of headlines."""

    list_display = ["title", "slug", "home_count", "position", "headlines", "feeds"]
    list_editable = ["home_count", "position"]
    search_fields = ["title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        """Count picks and feeds in the same query."""
        standing = Pick.objects.public().filter(collection=OuterRef("pk"))
        feeds = Feed.objects.filter(collection=OuterRef("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(headline_count=_count(standing), feed_count=_count(feeds))
        )

    @admin.display(description=_("headlines"))
    def headlines(self, collection: Collection) -> int:
        """How many readers see."""
        return int(getattr(collection, "headline_count", 0))

    @admin.display(description=_("feeds"))
    def feeds(self, collection: Collection) -> int:
        """How many feeds publish straight into it."""
        return int(getattr(collection, "feed_count", 0))


def _count(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("collection").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


@admin.register(Pick)
class PickAdmin(LongListAdmin[Pick]):
    """What stands in the collections, newest first."""

    list_display = [
        *("shown_title", "collection", "picked_by", "placed_at", "is_pinned", "is_withdrawn"),
    ]
    list_filter = ["collection", "is_pinned", ("withdrawn_at", admin.EmptyFieldListFilter)]
    list_select_related = ["headline", "collection", "picked_by"]
    search_fields = ["title", "headline__title"]
    ordering = ["-placed_at", "-id"]
    autocomplete_fields = ["collection", "headline"]
    readonly_fields = ["picked_by", "withdrawn_at"]
    actions = ["withdraw"]
    fieldsets = [
        (None, {"fields": ["collection", "headline", "picked_by"]}),
        (_("Our words"), {"fields": ["title", "translated_title", "excerpt", "note"]}),
        (_("Place"), {"fields": ["placed_at", "is_pinned", "position", "until", "withdrawn_at"]}),
    ]

    @admin.display(description=_("title"))
    def shown_title(self, pick: Pick) -> str:
        """Show what readers see."""
        return pick.shown_title

    @admin.display(description=_("withdrawn"), boolean=True, ordering="withdrawn_at")
    def is_withdrawn(self, pick: Pick) -> bool:
        """Whether it was taken out again."""
        return pick.withdrawn_at is not None

    def save_model(
        self, request: HttpRequest, obj: Pick, form: ModelForm[Pick], change: bool
    ) -> None:
        """Sign a new pick with the editor's name."""
        if not change and isinstance(request.user, User):
            obj.picked_by = request.user
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, picks: QuerySet[Pick]) -> None:
        """Take the chosen picks out of their collections."""
        now = timezone.now()
        count = picks.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
        text = ngettext("%(count)d pick withdrawn.", "%(count)d picks withdrawn.", count)
        self.message_user(request, text % {"count": count})
