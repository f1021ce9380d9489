"""Collections in the newsroom."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Field, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from aggregator.admin.arranging import CollectionOrder
from aggregator.admin.balance import BalancePage
from aggregator.clips import clip_url, embed_code
from aggregator.filling import filling_of
from aggregator.models import Collection, Feed, Pick
from blog.admin.lists import LongListAdmin
from blog.admin.ordering import OrderedAdmin
from blog.admin.widgets import ImageSelect

MOST_COUNTED = 100


@admin.register(Collection)
class CollectionAdmin(
    CollectionOrder, BalancePage, OrderedAdmin[Collection], LongListAdmin[Collection]
):
    """The public lists of headlines."""

    list_display = ["title", "desk_key", "is_public", "home_count", "order", "headlines", "feeds"]
    list_editable = ["home_count"]
    search_fields = ["title"]
    autocomplete_fields = ["image"]
    readonly_fields = ["clip", "sources"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "intro", "image"]}),
        (_("How it fills"), {"fields": ["sources", "desk_key", "keep_for_h"]}),
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
        without = {"clip"} if obj is None or not obj.is_public else set()
        without |= {"sources"} if obj is None else set()
        return [
            (name, {**section, "fields": [f for f in section["fields"] if f not in without]})
            for name, section in super().get_fieldsets(request, obj)
        ]

    def formfield_for_dbfield(self, db_field: Field[Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Let the picture be chosen in the library."""
        field = super().formfield_for_dbfield(db_field, *args, **kwargs)
        if db_field.name == "image" and isinstance(field, ModelChoiceField):
            field.widget = ImageSelect(db_field, self.admin_site, choices=field.choices)
        return field

    def get_view_on_site_url(self, obj: Any = None) -> str | None:
        """Lead to the page of a collection that has one."""
        has_page = obj is None or obj.is_public
        return super().get_view_on_site_url(obj) if has_page else None

    @admin.display(description=_("what comes in"))
    def sources(self, collection: Collection) -> SafeString:
        """Name what fills it: picks of editors, feeds, rules; each leads to its list."""
        return render_to_string(
            "admin/aggregator/collection/sources.html",
            {
                "collection": collection,
                "filling": filling_of(collection, now=timezone.now()),
            },
        )

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
    def headlines(self, collection: Collection) -> SafeString:
        """How many stand there, counted so far and no farther; leads to where they are ordered."""
        count = int(getattr(collection, "standing", 0))
        address = reverse("admin:aggregator_collection_order", args=[collection.pk])
        number = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
        return format_html('<a href="{}">{}</a>', address, number)

    @admin.display(description=_("feeds"))
    def feeds(self, collection: Collection) -> int:
        """How many feeds publish straight into it."""
        return int(getattr(collection, "filling", 0))


def _count(rows: QuerySet[Any]) -> Coalesce:
    all_of_them = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(all_of_them.annotate(count=Count("pk")).values("count")), 0)
