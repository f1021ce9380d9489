"""Collections and picks in the newsroom."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aggregator.models import Collection, Feed, Pick
from blog.admin.lists import LongListAdmin
from blog.models import User


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
