"""The editors' place: Django's admin under our name, with an index in the order of the work."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aggregator.desk import views as desk
from aggregator.desk.deeds.families import MAY_LOOK
from blog.models import SiteSettings
from newsandtimes import calendar_pages, everything, overview, share_pages
from newsandtimes.alarms import alarms
from newsandtimes.login.guarded_site import GuardedSite
from newsandtimes.manifest import newsroom_manifest
from newsandtimes.recording import Recorded

APP_ORDER = ["blog", "newsandtimes", "aggregator", "newsletter", "auth"]


class Newsroom(GuardedSite):
    """The admin site of The News And Times."""

    site_header = _("The News And Times")
    site_title = _("Newsroom")
    index_title = _("Newsroom")

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[admin.ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Keep in the audit whatever is done on the pages of a model, other apps' too."""
        base: type[admin.ModelAdmin[Any]] = admin_class or admin.ModelAdmin
        recorded = type(base.__name__, (Recorded, base), {"__module__": base.__module__})
        super().register(model_or_iterable, recorded, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Lead to public pages by an address of our own in the place of Django's."""
        theirs = [one for one in super().get_urls() if getattr(one, "name", "") != "view_on_site"]
        address = "r/<int:content_type_id>/<path:object_id>/"
        return [
            path(address, self.admin_view(self.on_site), name="view_on_site"),
            path("search/", self.admin_view(self.search), name="search"),
            path("calendar/", self.admin_view(self.calendar), name="calendar"),
            path("calendar/move/", self.admin_view(self.move), name="calendar_move"),
            *desk.addresses(self),
            path("share/", self.admin_view(self.share), name="share"),
            # Browsers ask for it without saying who they are; it tells nothing.
            path("manifest.webmanifest", newsroom_manifest, name="manifest"),
            *theirs,
        ]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Tell every page whose newsroom it is, and where its keys lead."""
        can_write = self.has_permission(request) and request.user.has_perm("blog.add_post")
        new_post = reverse("admin:blog_post_add") if can_write else ""
        at_desk = self.has_permission(request) and request.user.has_perm(MAY_LOOK)
        more = {"new_post_url": new_post, "has_desk": at_desk}
        whole = super().each_context(request) | more
        site: SiteSettings | None = getattr(request, "publication", None)
        return whole | {"site_header": site.title} if site else whole

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the work in its order, and below it everything that there is to open."""
        now = timezone.now()
        whole = {
            "blocks": overview.blocks(self, request, now=now),
            "movements": overview.movements(self, request, now=now),
            "alarms": alarms(now=now),
            "waiting": overview.waiting(request, now=now),
            "may_share": share_pages.may_share(request.user),
            "now": now,
        }
        return super().index(request, {**whole, **(extra_context or {})})

    def search(self, request: HttpRequest) -> HttpResponse:
        """Search everything."""
        return everything.search_view(request, site=self)

    def calendar(self, request: HttpRequest) -> HttpResponse:
        """Show what was and will be published, by month or by week."""
        return calendar_pages.calendar_view(request, site=self)

    def move(self, request: HttpRequest) -> HttpResponse:
        """Move a scheduled post to another day or time."""
        return calendar_pages.move_view(request, site=self)

    def share(self, request: HttpRequest) -> HttpResponse:
        """Take in a page from elsewhere."""
        return share_pages.share_view(request, site=self)

    def on_site(
        self, request: HttpRequest, content_type_id: int, object_id: str
    ) -> HttpResponseRedirect:
        """Lead to the page of something that one may see here.

        Django's own view tells the address of any object, of others' drafts and of secret links.
        """
        model = get_object_or_404(ContentType, pk=content_type_id).model_class()
        model_admin = self._registry.get(model) if model is not None else None
        if model_admin is None:
            raise Http404
        found: Any = model_admin.get_object(request, object_id)
        may_see = found is not None and model_admin.has_view_permission(request, found)
        if not may_see or not hasattr(found, "get_absolute_url"):
            raise Http404
        return HttpResponseRedirect(found.get_absolute_url())

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """List the apps from the publication outward instead of by the alphabet."""
        apps = super().get_app_list(request, app_label)
        order = {label: position for position, label in enumerate(APP_ORDER)}
        return sorted(apps, key=lambda app: order.get(app["app_label"], len(order)))
