"""Adding a feed: an address, a look at what it sends, and then the feed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aggregator import probing
from aggregator.models import Collection, Feed, Probe
from aggregator.models.feed import FOLDER_MAX_LENGTH, URL_MAX_LENGTH
from aggregator.parse import web_address
from aggregator.preview import warnings_of
from aggregator.steering import add_probed, tidy_address

SHOWN_ITEMS = 10
POLLER_ANSWERS_WITHIN = timedelta(seconds=20)


class AddressForm(forms.Form):
    """Any address of a site or of a feed."""

    address = forms.CharField(
        label=_("Address of a site or a feed"),
        max_length=URL_MAX_LENGTH,
        widget=forms.TextInput(
            attrs={"class": "vTextField", "inputmode": "url", "autofocus": True}
        ),
    )

    def clean_address(self) -> str:
        """Read an address as people write it."""
        address = web_address(tidy_address(self.cleaned_data["address"]))
        if not address or "." not in address:
            raise ValidationError(_("This is no http or https address."))
        return address


class FoundForm(forms.Form):
    """Where a feed that was found goes."""

    title = forms.CharField(label=_("title"), max_length=200, required=False)
    folder = forms.CharField(label=_("folder"), max_length=FOLDER_MAX_LENGTH, required=False)
    collection = forms.ModelChoiceField(
        label=_("publishes straight into"), queryset=Collection.objects.all(), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into = Feed._meta.get_field("collection")
        chooser = self.fields["collection"]
        chooser.widget = AutocompleteSelect(into, admin.site, choices=chooser.choices)  # type: ignore[attr-defined]


class ProbeViews(admin.ModelAdmin[Feed]):
    """Mixed into the feeds' admin, in the place of the plain form."""

    def get_urls(self) -> list[URLPattern]:
        """Add the page of one look."""
        view = self.admin_site.admin_view(self.probe_view)
        return [path("add/<int:pk>/", view, name="aggregator_feed_probe"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Ask for an address, and leave it to the poller to look there."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AddressForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            probe = Probe.objects.create(
                address=form.cleaned_data["address"],
                asked_by_id=request.user.pk or 0,
                asked_at=timezone.now(),
            )
            return redirect("admin:aggregator_feed_probe", probe.pk)
        return self._page(request, "address", form=form)

    def probe_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show how far the look is, or what it found; add the feed."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        probe = get_object_or_404(Probe, pk=pk, asked_by=request.user)
        if probe.state == Probe.State.WAITING:
            late = timezone.now() - probe.asked_at > POLLER_ANSWERS_WITHIN
            return self._page(request, "waiting", probe=probe, is_late=late)
        if probe.state == Probe.State.FAILED:
            return self._page(request, "failed", probe=probe, form=AddressForm())
        form = FoundForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            return self._add(request, probe, form)
        return self._page(request, "found", probe=probe, form=form, **_found(probe))

    def _add(self, request: HttpRequest, probe: Probe, form: FoundForm) -> HttpResponse:
        try:
            feed, is_new = add_probed(probe, now=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("admin:aggregator_feed_add")
        if is_new:
            self.log_addition(request, feed, [{"added": {}}])
            text = _t("“%(feed)s” is added with what it has sent.") % {"feed": feed}
            messages.success(request, text)
        else:
            messages.info(request, _t("We have this feed already."))
        return redirect("admin:aggregator_feed_change", feed.pk)

    def _page(self, request: HttpRequest, step: str, **context: Any) -> HttpResponse:
        whole = {
            **self.admin_site.each_context(request),
            "title": _t("Add feed"),
            "opts": self.opts,
            "step": step,
            **context,
        }
        return render(request, "admin/aggregator/feed/probe.html", whole)


def _found(probe: Probe) -> dict[str, Any]:
    """Return what the page shows of a feed that was found."""
    parsed = probing.from_json(probe.document or {})
    moved = str(probe.answer["moved_to"])
    size = int(probe.answer["bytes"])
    return {
        "parsed": parsed,
        "items": parsed.items[:SHOWN_ITEMS],
        "warnings": list(warnings_of(parsed, size=size, moved_to=moved, now=timezone.now())),
        "known": Feed.objects.filter(url=probe.url).first(),
        "others": [offer for offer in probe.offered_feeds if offer["url"] != probe.url],
    }
