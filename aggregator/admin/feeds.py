"""Feeds in the newsroom: how each one does, and what can be done about it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from aggregator import hubs, removal, steering
from aggregator.admin.access import AccessInline
from aggregator.admin.glances import GlanceViews
from aggregator.admin.opml import OpmlViews
from aggregator.admin.probes import ProbeViews
from aggregator.errors import advice_for
from aggregator.models import Feed, FeedQuerySet, Headline
from aggregator.sparkline import daily_counts, drawn
from aggregator.tasks import remove_feed
from blog.admin.filters import PickedFilter, ShortValuesFilter
from blog.admin.lists import LongListAdmin
from blog.dates import long_age
from blog.templatetags.dates import spoken

SOON = timedelta(minutes=1)


class FeedList(ChangeList):
    """Counts the items of all feeds of the page in one query."""

    def get_results(self, request: HttpRequest) -> None:
        """Find the feeds of this page."""
        super().get_results(request)
        counts = daily_counts(self.result_list, now=timezone.now())
        for feed in self.result_list:
            feed.daily_counts = counts[feed.pk]


@admin.register(Feed)
class FeedAdmin(GlanceViews, OpmlViews, ProbeViews, LongListAdmin[Feed]):
    """What we poll, those in trouble first."""

    list_display = ["state", "name", "last_success", "next_try", "days", "into"]
    list_display_links = ["name"]
    list_filter = [
        *("health", "is_active", ("folder", ShortValuesFilter)),
        ("collection", PickedFilter),
    ]
    list_select_related = ["collection"]
    sortable_by = ["state", "name"]
    ordering = ["-health", "title", "pk"]
    search_fields = ["title", "url"]
    autocomplete_fields = ["collection"]
    actions = ["poll_now"]
    inlines = [AccessInline]
    readonly_fields = ["how_it_does", "created_at"]
    fieldsets = [
        (_("How it does"), {"fields": ["how_it_does"], "classes": ["how-it-does"]}),
        (
            None,
            {
                "fields": [
                    *("url", "title", "folder", "collection", "site_url", "language"),
                    *("is_active", "created_at"),
                ]
            },
        ),
    ]

    def has_change_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        """Leave the source of what editors share as it is."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_shared)

    def has_delete_permission(self, request: HttpRequest, obj: Feed | None = None) -> bool:
        """Let nobody delete what editors have shared all at once."""
        return super().has_delete_permission(request, obj) and not (obj and obj.is_shared)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Use our list."""
        return FeedList

    def get_urls(self) -> list[URLPattern]:
        """Add what the buttons of a feed's page do."""
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/poll/", view(self.poll_view), name="aggregator_feed_poll"),
            path("<int:pk>/take/", view(self.take_view), name="aggregator_feed_take"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show above the list how many feeds do how."""
        shown = Feed.objects.filter(Q(is_active=True) | Q(health=Feed.Health.GONE))
        counts = shown.order_by("-health").values_list("health")
        states = [
            (Feed.Health(health), count) for health, count in counts.annotate(count=Count("pk"))
        ]
        return super().changelist_view(request, {"states": states, **(extra_context or {})})

    @admin.display(description=_("state"), ordering="-health")
    def state(self, feed: Feed) -> SafeString:
        """Say how the feed does: a word, with a mark beside it."""
        is_off = not feed.is_active and feed.health != Feed.Health.GONE
        health = Feed.Health(feed.health)
        kind = "off" if is_off else health.name.lower()
        words = _t("switched off") if is_off else health.label
        words = _t("never polled") if feed.is_shared else words
        return format_html('<span class="health health-{}">{}</span>', kind, words)

    @admin.display(description=_("feed"), ordering="title")
    def name(self, feed: Feed) -> SafeString:
        """Name the feed, with its host and folder."""
        where = " · ".join(part for part in (feed.host, feed.folder) if part)
        return format_html('{}<span class="where">{}</span>', str(feed), where)

    @admin.display(description=_("last success"), ordering="last_succeeded_at", empty_value="–")
    def last_success(self, feed: Feed) -> SafeString | None:
        """Tell how long ago it was read well."""
        at = feed.last_succeeded_at
        return spoken(at, long_age(at, now=timezone.now())) if at else None

    @admin.display(description=_("next try"), ordering="next_poll_at", empty_value="–")
    def next_try(self, feed: Feed) -> SafeString | None:
        """Tell when it is asked next, if at all."""
        if not feed.is_active:
            return None
        left = feed.next_poll_at - timezone.now()
        # Translators: until a feed is asked again, such as “in 50 min” or “in 3 hrs”.
        words = _t("in %(time)s") % {"time": _time_left(left)} if left > SOON else _t("soon")
        return spoken(feed.next_poll_at, words)

    @admin.display(description=_("items a day"))
    def days(self, feed: Feed) -> SafeString:
        """Draw how many items came on each of the last days."""
        return drawn(getattr(feed, "daily_counts", []))

    @admin.display(description=_("goes into"), ordering="collection", empty_value="–")
    def into(self, feed: Feed) -> str | None:
        """Name the collection that its headlines go straight into, if any."""
        return feed.collection.title if feed.collection else None

    @admin.display(description=_("state"))
    def how_it_does(self, feed: Feed) -> str:
        """Tell all that is known of the last answer, and what can be done."""
        counts = daily_counts([feed], now=timezone.now())[feed.pk]
        context = {
            "feed": feed,
            "state": self.state(feed),
            "advice": advice_for(
                feed.last_error_kind,
                status=feed.last_status,
                has_offers=bool(feed.offered_feeds),
            ),
            "days": drawn(counts),
            "hub": hubs.of(feed),
            "took_s": None if feed.last_took_ms is None else feed.last_took_ms / 1000,
        }
        return render_to_string("admin/aggregator/feed/how_it_does.html", context)

    def poll_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Make one feed due."""

        def poll(feed: Feed) -> None:
            self.poll_now(request, _only(feed))
            self.log_change(request, feed, _t("Asked to be polled now."))

        return _post(self, request, pk, poll)

    def take_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a feed one of the addresses that the page at its own offers."""

        def take(feed: Feed) -> None:
            offered = {offer["url"] for offer in feed.offered_feeds}
            url = request.POST.get("offer", "")
            if url not in offered or Feed.objects.filter(url=url).exists():
                text = _t("This address is not offered any more, or another feed has it.")
                self.message_user(request, text, messages.ERROR)
                return
            feed.url = url
            steering.save_changes(feed, changed=["url"], now=timezone.now())
            self.log_change(request, feed, [{"changed": {"fields": ["url"]}}])
            self.message_user(request, _t("The feed has its new address."), messages.SUCCESS)

        return _post(self, request, pk, take)

    def save_model(
        self, request: HttpRequest, obj: Feed, form: ModelForm[Feed], change: bool
    ) -> None:
        """Write only what the editor changed: a poller may be writing the rest just now."""
        steering.save_changes(obj, changed=form.changed_data, now=timezone.now())

    def save_formset(
        self, request: HttpRequest, form: Any, formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """Try at once whether a new way in works."""
        super().save_formset(request, form, formset, change)
        if formset.has_changed():
            steering.poll_now(_only(form.instance), now=timezone.now())

    def get_deleted_objects(
        self, objs: QuerySet[Feed] | Sequence[Feed], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        """Let what hangs on a feed go with it, though nobody deletes it one by one."""
        rows, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        if request.user.has_perm("aggregator.delete_headline"):
            forbidden = forbidden - {Headline._meta.verbose_name}
        return rows, counts, forbidden, protected

    def delete_model(self, request: HttpRequest, obj: Feed) -> None:
        """Delete a feed; leave one that has brought very much to the worker."""
        self._remove(request, [obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Feed]) -> None:
        """Delete feeds; leave those that have brought very much to the worker."""
        self._remove(request, list(queryset))

    def _remove(self, request: HttpRequest, feeds: Sequence[Feed]) -> None:
        large = [feed for feed in feeds if removal.is_large(feed)]
        Feed.objects.filter(pk__in={feed.pk for feed in feeds} - {one.pk for one in large}).delete()
        removal.retire(large)
        for feed in large:
            remove_feed.enqueue(feed.pk)
            text = _t(
                "“%(feed)s” has brought so much that it goes bit by bit. It is polled no more, and "
                "leaves this list in some minutes."
            )
            self.message_user(request, text % {"feed": feed}, messages.WARNING)

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


def _only(feed: Feed) -> FeedQuerySet:
    return Feed.objects.filter(pk=feed.pk)


def _time_left(left: timedelta) -> str:
    minutes = round(left / timedelta(minutes=1))
    if minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    hours = round(left / timedelta(hours=1))
    if hours < 48:
        return ngettext("%(count)d hr", "%(count)d hrs", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", left.days) % {"count": left.days}


def _post(model_admin: FeedAdmin, request: HttpRequest, pk: int, act: Any) -> HttpResponse:
    """Do something with a feed that only a POST by somebody who may change it does."""

    @require_POST
    def view(request: HttpRequest) -> HttpResponse:
        feed = get_object_or_404(Feed.objects.select_related("hub"), pk=pk)
        if not model_admin.has_change_permission(request, feed):
            raise PermissionDenied
        act(feed)
        return redirect("admin:aggregator_feed_change", pk)

    return view(request)
