"""What the publisher says of the site."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from blog.admin.ordering import OrderedAdmin
from blog.models import NavLink, SiteSettings


@admin.register(SiteSettings)
class SiteSettingsAdmin(admin.ModelAdmin[SiteSettings]):
    """The one row of settings: there is nothing to list, to add or to delete."""

    autocomplete_fields = ["icon"]
    fieldsets = [
        (None, {"fields": ["title", "tagline", "description", "footer", "icon"]}),
        (_("Publisher"), {"fields": ["publisher", "publisher_address", "sender"]}),
        (_("Pages"), {"fields": ["posts_per_page"]}),
        (_("Feeds"), {"fields": ["feed_text", "feed_signature", "websub_hub", "shows_feeds"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
        (_("Logging in"), {"fields": ["second_factor"]}),
    ]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """There is always exactly one row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """There is always exactly one row."""
        return False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead straight to the form, making the row on its first visit."""
        if not self.has_view_or_change_permission(request):
            return super().changelist_view(request, extra_context)  # answers 403
        return HttpResponseRedirect(reverse("admin:blog_sitesettings_change", args=[1]))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> SiteSettings | None:
        """Return the settings, with their defaults where none were saved yet."""
        return SiteSettings.load() if object_id == "1" else None


@admin.register(NavLink)
class NavLinkAdmin(OrderedAdmin[NavLink]):
    """The rows of links around the page."""

    list_display = ["label", "target", "place", "order"]
    list_filter = ["place"]
    ordered_within = "place"
