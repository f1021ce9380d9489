"""The editors' place: Django's admin under our name, with an index in the order of the work."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

APP_ORDER = ["blog", "aggregator", "newsletter", "auth"]


class Newsroom(admin.AdminSite):
    """The admin site of The News And Times."""

    site_header = _("The News And Times")
    site_title = _("Newsroom")
    index_title = _("Newsroom")

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """List the apps from the publication outward instead of by the alphabet."""
        apps = super().get_app_list(request, app_label)
        order = {label: position for position, label in enumerate(APP_ORDER)}
        return sorted(apps, key=lambda app: order.get(app["app_label"], len(order)))
