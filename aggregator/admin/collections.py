"""Collections and picks in the newsroom."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from aggregator.admin.balance import BalancePage
from aggregator.admin.watch import WatchViews
from aggregator.clips import clip_url, embed_code
from aggregator.models import Collection, Feed, Headline, Pick
from blog import finding
from blog.admin.asking import ask_first
from blog.admin.filters import PickedFilter
from blog.admin.lists import LongListAdmin
from blog.admin.ordering import OrderedAdmin
from blog.models import User

MOST_COUNTED = 100


@admin.register(Collection)
class CollectionAdmin(BalancePage, OrderedAdmin[Collection], LongListAdmin[Collection]):
    """The public lists of headlines."""

    list_display = [
        *("title", "slug", "desk_key", "is_public", "home_count", "order", "headlines", "feeds"),
    ]
    list_editable = ["home_count"]
    search_fields = ["title"]
    raw_id_fields = ["image"]
    readonly_fields = ["clip"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "intro", "image"]}),
        (_("How it fills"), {"fields": ["desk_key", "keep_for_h"]}),
        (
            _("Where it shows"),
            {
                "fields": [
                    *("is_public", "home_count", "page_count", "feed_count", "clip_count"),
                    *("mail_count", "clip"),
                ]
            },
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Collection | None = None) -> Any:
        """Offer the clip of a collection that has one."""
        has_clip = obj is not None and obj.is_public
        return [
            (name, {**section, "fields": [f for f in section["fields"] if f != "clip" or has_clip]})
            for name, section in super().get_fieldsets(request, obj)
        ]

    @admin.display(description=_("clip for other sites"))
    def clip(self, collection: Collection) -> SafeString:
        """Show the code that puts the collection into other people's pages."""
        if not collection.slug:  # emptied in a form that was refused
            return SafeString("")
        return format_html(
            '<textarea class="vLargeTextField" rows="3" readonly aria-label="{}">{}</textarea>'
            '<div class="help">{} <a href="{}">{}</a></div>',
            _("code"),
            embed_code(collection),
            _("Whoever puts this code into a page shows the newest headlines there."),
            clip_url(collection),
            _("See the clip"),
        )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Collection]:
        """Count picks and feeds in the same query."""
        standing = Pick.objects.standing().filter(collection=OuterRef(OuterRef("pk")))
        some = Pick.objects.filter(pk__in=standing.order_by().values("pk")[: MOST_COUNTED + 1])
        feeds = Feed.objects.filter(collection=OuterRef("pk"))
        return super().get_queryset(request).annotate(standing=_count(some), filling=_count(feeds))

    @admin.display(description=_("headlines"))
    def headlines(self, collection: Collection) -> str:
        """How many readers see, counted so far and no farther."""
        count = int(getattr(collection, "standing", 0))
        return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)

    @admin.display(description=_("feeds"))
    def feeds(self, collection: Collection) -> int:
        """How many feeds publish straight into it."""
        return int(getattr(collection, "filling", 0))


def _count(rows: QuerySet[Any]) -> Coalesce:
    all_of_them = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(all_of_them.annotate(count=Count("pk")).values("count")), 0)


@admin.register(Pick)
class PickAdmin(WatchViews, LongListAdmin[Pick]):
    """What stands in the collections, newest first."""

    list_display = [
        *("shown_title", "collection", "picked_by", "placed_at", "is_pinned", "is_withdrawn"),
    ]
    list_filter = [
        ("collection", PickedFilter),
        "is_pinned",
        ("withdrawn_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["headline", "collection", "picked_by"]
    search_fields = ["title"]
    search_help_text = _("Words of the title, the outlet’s or ours, or how they begin.")
    ordering = ["-placed_at", "-id"]
    sortable_by = ["placed_at"]
    autocomplete_fields = ["collection", "headline"]
    readonly_fields = ["picked_by", "withdrawn_at", "source"]
    actions = ["withdraw"]
    fieldsets = [
        (None, {"fields": ["collection", "headline", "picked_by"]}),
        (
            _("Our words"),
            {
                "fields": [
                    *("title", "excerpt", "note", "title_language"),
                    *("translated_title", "translated_language"),
                ]
            },
        ),
        (_("Source"), {"fields": ["source", "former_title", "archived_url"]}),
        (
            _("Place"),
            {
                "fields": [
                    *("placed_at", "is_pinned", "pinned_until", "position", "is_breaking"),
                    *("until", "withdrawn_at"),
                ]
            },
        ),
    ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Pick], search_term: str
    ) -> tuple[QuerySet[Pick], bool]:
        """Find picks by the words of their headlines, and of our own titles."""
        if not search_term.strip():
            return queryset, False
        headlines = finding.find(Headline.objects.order_by(), search_term).values("pk")
        theirs = Pick.objects.order_by().filter(headline__in=headlines).values("pk")
        ours = finding.find(Pick.objects.order_by(), search_term).values("pk")
        return queryset.filter(pk__in=theirs.union(ours)), False

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
    def withdraw(self, request: HttpRequest, picks: QuerySet[Pick]) -> TemplateResponse | None:
        """Take the chosen picks out of their collections."""
        if asks := ask_first(self, request, picks, question=_t("Withdraw all of these picks?")):
            return asks
        now = timezone.now()
        count = picks.filter(withdrawn_at__isnull=True).update(withdrawn_at=now)
        text = ngettext("%(count)d pick withdrawn.", "%(count)d picks withdrawn.", count)
        self.message_user(request, text % {"count": count})
        return None
