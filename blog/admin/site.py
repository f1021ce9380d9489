"""What the publisher says of the site."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from blog.admin.one_row import OneRowAdmin
from blog.admin.ordering import OrderedAdmin
from blog.models import NavLink, SiteSettings


@admin.register(SiteSettings)
class SiteSettingsAdmin(OneRowAdmin[SiteSettings]):
    """The one row of settings."""

    autocomplete_fields = ["icon"]
    fieldsets = [
        (None, {"fields": ["title", "tagline", "description", "footer", "icon"]}),
        (_("Publisher"), {"fields": ["publisher", "publisher_address", "sender"]}),
        (_("Pages"), {"fields": ["posts_per_page", "shows_outside_pictures"]}),
        (_("Feeds"), {"fields": ["feed_text", "feed_signature", "websub_hub", "shows_feeds"]}),
        (_("Outlets"), {"fields": ["outlet_share", "outlet_share_from"]}),
        (_("Language and time"), {"fields": ["language", "time_zone"]}),
        (_("Logging in"), {"fields": ["second_factor"]}),
    ]


@admin.register(NavLink)
class NavLinkAdmin(OrderedAdmin[NavLink]):
    """The rows of links around the page."""

    list_display = ["label", "target", "place", "order"]
    list_filter = ["place"]
    ordered_within = "place"
