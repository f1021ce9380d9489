"""Digests in the newsroom: what goes in, to whom, on which days."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from aggregator.models import Collection, DeskKey
from blog.dates import short_date
from newsletter.editions.planning import NEXT, plan_all
from newsletter.models import Digest, Edition
from newsletter.models.rhythm import EVERY_DAY


class DigestForm(forms.ModelForm[Digest]):
    """Offers the days of the week as boxes to tick."""

    days = forms.MultipleChoiceField(
        label=_("Days"),
        choices=[(str(number + 1), name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Digest
        fields = "__all__"  # noqa: DJ007  all of them are an editor's

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["days"] = list(self.instance.days)

    def clean_days(self) -> str:
        """Return the days as they are stored."""
        return "".join(sorted(self.cleaned_data["days"]))


@admin.register(Digest)
class DigestAdmin(admin.ModelAdmin[Digest]):
    """Each list, with when it goes out next."""

    form = DigestForm
    list_display = ["title", "audience", "hours", "following", "is_active"]
    search_fields = ["title"]
    autocomplete_fields = ["categories", "collections"]
    sortable_by = ["title"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "description", "audience", "is_active"]}),
        (
            _("When it goes out"),
            {
                "fields": ["days", "hour", "minute"],
                "description": _("By the site’s clock; see the time zone in the site settings."),
            },
        ),
        (
            _("What goes in"),
            {"fields": ["has_posts", "categories", "collections", "has_corrections"]},
        ),
        (_("Whether it goes out"), {"fields": ["min_items", "max_items", "needs_approval"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Digest]:
        """Load what goes out next along with each."""
        following = Edition.objects.filter(state__in=NEXT)
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("editions", following, to_attr="following_editions"))
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Offer a new digest what editors select and what is for mail only, as others take it."""
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        usual = Collection.objects.filter(Q(is_public=False) | Q(desk_key=DeskKey.DEFAULT))
        return {"collections": list(usual.values_list("pk", flat=True))} | initial

    @admin.display(description=_("goes out"))
    def hours(self, digest: Digest) -> str:
        """Say on which days and when."""
        at = f"{digest.hour:02}:{digest.minute:02}"
        if digest.days == EVERY_DAY:
            return _t("every day, %(time)s") % {"time": at}
        names = [str(WEEKDAYS_ABBR[int(day) - 1]) for day in digest.days]
        return f"{', '.join(names)}, {at}"

    @admin.display(description=_("next edition"), empty_value="–")
    def following(self, digest: Any) -> SafeString | None:
        """Lead to the edition that is collected now."""
        for edition in digest.following_editions:
            at = short_date(edition.due_at)
            address = reverse("admin:newsletter_edition_change", args=[edition.pk])
            return format_html('<a href="{}">{}</a>', address, at)
        return None

    def save_model(self, request: HttpRequest, obj: Digest, form: Any, change: bool) -> None:
        """Begin anew with a digest that is switched on again: it mails nothing of the pause."""
        if change and obj.is_active and "is_active" in form.changed_data:
            obj.started_at = timezone.now()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Have the next edition follow at once."""
        super().save_related(request, form, formsets, change)
        plan_all(now=timezone.now())
