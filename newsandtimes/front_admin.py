"""The blocks of the front page in the newsroom."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from blog.admin.ordering import OrderedAdmin
from newsandtimes.front import places_for
from newsandtimes.models import FrontBlock


@admin.register(FrontBlock)
class FrontBlockAdmin(OrderedAdmin[FrontBlock]):
    """What stands on the front page, from its top to its end; every collection has a block."""

    list_display = ["__str__", "place", "is_shown", "shows", "order"]
    list_display_links = ["__str__"]
    list_select_related = ["collection"]
    fields = ["is_shown", "place"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[FrontBlock]:
        """Leave out the blocks of collections that no reader of the site may see."""
        return super().get_queryset(request).exclude(collection__is_public=False)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Each block is there already; a new collection brings its own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A block is switched off, or goes with its collection."""
        return False

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[ModelForm[FrontBlock]]:
        """Offer the places in which this block can stand."""
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None and "place" in form.base_fields:
            places = [(place.value, place.label) for place in places_for(obj)]
            form.base_fields["place"].choices = places  # type: ignore[attr-defined]
        return form

    @admin.display(description=_("holds"), empty_value="–")
    def shows(self, block: FrontBlock) -> SafeString | None:
        """Say how many headlines of a collection stand there, and lead to where that is said."""
        if block.collection is None:
            return None
        count = block.collection.home_count
        words = ngettext("%(count)d headline", "%(count)d headlines", count) % {"count": count}
        address = reverse("admin:aggregator_collection_change", args=[block.collection.pk])
        return format_html('<a href="{}">{}</a>', address, words)
