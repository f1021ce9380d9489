"""What a subscriber chooses on her own page: rhythm, topics, hour, language, pauses."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db import transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aggregator.models import Collection
from blog.models import Category, Post, SiteSettings
from newsletter.histories.history import note
from newsletter.models import Digest, Subscriber, SubscriberEvent
from newsletter.subscription import zones

MOST_TOPICS = 60
"""Of categories and of collections; those that she has chosen are shown in any case."""
LONGEST_PAUSE = timedelta(days=366)
PAUSES_DAYS = (7, 14, 30)
_PLAIN = ("rhythm", "hour", "time_zone", "language")
_MANY = ("digests", "categories", "collections")


class ChoicesForm(forms.ModelForm[Subscriber]):
    """Everything that she can set, but for her address and her pauses."""

    hour = forms.TypedChoiceField(
        label=_("Hour"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", _("as soon as it is ready")), *((h, f"{h:02d}:00") for h in range(24))],
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False)

    class Meta:
        model = Subscriber
        fields = [*_PLAIN, *_MANY]
        labels = {
            "digests": _("Other lists"),
            "categories": _("Sections"),
            "collections": _("Selected articles"),
            "language": _("Language of the mails"),
        }
        widgets = {
            "rhythm": forms.RadioSelect,
            "digests": forms.CheckboxSelectMultiple,
            "categories": forms.CheckboxSelectMultiple,
            "collections": forms.CheckboxSelectMultiple,
        }

    def __init__(self, data: Any = None, *, instance: Subscriber, now: datetime) -> None:
        super().__init__(data, instance=instance, label_suffix="")
        site_zone = SiteSettings.load().time_zone
        self.fields["time_zone"].choices = [  # type: ignore[attr-defined]
            ("", _("the site’s own (%(zone)s)") % {"zone": site_zone}),
            *zones.by_region(),
        ]
        offered = offers(instance, now=now)
        for name in _MANY:
            field = self.fields[name]
            assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101
            field.queryset = offered[name]
            field.help_text = ""
        for name in [name for name in _MANY if not offered[name]]:
            del self.fields[name]

    def clock(self) -> list[forms.BoundField]:
        """The two fields that stand beside each other."""
        return [self["hour"], self["time_zone"]]

    def save_choices(self, *, now: datetime) -> bool:
        """Store what she chose, and only that; keep in her history what changed, if anything."""
        before = _words(Subscriber.objects.get(pk=self.instance.pk))
        with transaction.atomic():
            self.save(commit=False).save(update_fields=list(_PLAIN))
            self.save_m2m()
            after = _words(Subscriber.objects.get(pk=self.instance.pk))
            changed = {name: [before[name], after[name]] for name in before}
            changed = {name: words for name, words in changed.items() if words[0] != words[1]}
            if changed:
                note(self.instance, SubscriberEvent.Kind.CHANGED, now=now, **changed)
        return bool(changed)


def offers(subscriber: Subscriber, *, now: datetime) -> dict[str, QuerySet[Any]]:
    """Return what a subscriber may choose of lists and topics: what readers know, and her own."""
    posts = Post.objects.published(now=now).order_by().filter(categories=OuterRef("pk"))
    lists = Q(audience=Digest.Audience.CHOSEN, is_active=True)
    return {
        "digests": Digest.objects.filter(lists).order_by("title", "id"),
        "categories": _first_and_chosen(
            Category.objects.filter(Exists(posts)), subscriber.categories.all()
        ),
        "collections": _first_and_chosen(
            Collection.objects.public(), subscriber.collections.public()
        ),
    }


def _first_and_chosen[M: Model](rows: QuerySet[M], chosen: QuerySet[M]) -> QuerySet[M]:
    first = list(rows.values_list("pk", flat=True)[:MOST_TOPICS])
    its_own = list(chosen.values_list("pk", flat=True))
    return rows.model._default_manager.filter(pk__in={*first, *its_own})


def _words(subscriber: Subscriber) -> dict[str, Any]:
    """Return what is set, in a form that can still be read when a topic is gone."""
    plain = {name: getattr(subscriber, name) for name in _PLAIN}
    many = {name: [str(row) for row in getattr(subscriber, name).all()] for name in _MANY}
    return plain | many


class PauseForm(forms.Form):
    """Until when she wants nothing: a date, or so many days from now; empty ends a pause."""

    until = forms.DateField(label=_("Pause until"), required=False)
    days = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=None, choices=[(n, n) for n in PAUSES_DAYS]
    )

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, label_suffix="")
        self.today = today
        bounds = {"min": today + timedelta(days=1), "max": today + LONGEST_PAUSE}
        self.fields["until"].widget = forms.DateInput(
            format="%Y-%m-%d",
            attrs={"type": "date"} | {name: day.isoformat() for name, day in bounds.items()},
        )

    def clean(self) -> dict[str, Any]:
        """Turn days into a date, and refuse what has passed or is too far away."""
        cleaned = super().clean() or self.cleaned_data
        if days := cleaned.get("days"):
            cleaned["until"] = self.today + timedelta(days=days)
        until = cleaned.get("until")
        if until and not self.today < until <= self.today + LONGEST_PAUSE:
            self.add_error("until", _("Choose a day from tomorrow on, within a year."))
        return cleaned


def today_of(subscriber: Subscriber, *, now: datetime) -> date:
    """Return what day it is where a subscriber lives."""
    zone = subscriber.time_zone or SiteSettings.load().time_zone
    return timezone.localdate(now, timezone=ZoneInfo(zone))


def pause(subscriber: Subscriber, *, until: date | None, now: datetime) -> bool:
    """Have nothing sent before a day, or end that; return whether it changed anything."""
    with transaction.atomic():
        changed = (
            Subscriber.objects.filter(pk=subscriber.pk)
            .exclude(paused_until=until)
            .update(paused_until=until)
        )
        if changed:
            word = until.isoformat() if until else None
            note(subscriber, SubscriberEvent.Kind.CHANGED, now=now, paused_until=word)
    return bool(changed)
