"""Tells editors by mail, at most once a day, which feeds fell ill and which are well again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from aggregator.errors import advice_for
from aggregator.models import Feed
from blog.addresses import absolute
from blog.models import SiteSettings, User
from newsletter.dispatch import deliver
from newsletter.letters import sender

TOLD_AT_HOUR = 7
MOST_LISTED = 50
_WELL = frozenset({Feed.Health.OK, Feed.Health.WAITING})

type Change = list[int]
"""A feed's key, its state when editors last heard of it, and its state now."""


@dataclass(frozen=True, slots=True)
class Line:
    """What the mail says of one feed."""

    feed: Feed
    before: str
    advice: str
    link: str


def is_time(now: datetime) -> bool:
    """Whether it is the hour of the day in which editors are told, where the site is."""
    zone = ZoneInfo(SiteSettings.load().time_zone)
    return now.astimezone(zone).hour == TOLD_AT_HOUR


@transaction.atomic
def take_changes() -> list[Change]:
    """Return what editors have not heard of yet, and take it as told.

    To be called in the transaction that queues the mails, so that both happen or neither does.
    """
    changed = Feed.objects.filter(is_active=True) | Feed.objects.filter(health=Feed.Health.GONE)
    rows = changed.exclude(health=F("told_health")).select_for_update()
    changes = list(rows.order_by("pk").values_list("pk", "told_health", "health"))
    Feed.objects.filter(pk__in=[pk for pk, _, _ in changes]).update(told_health=F("health"))
    return [
        [pk, before, after]
        for pk, before, after in changes
        if not (before in _WELL and after in _WELL)
    ]


def editors() -> list[User]:
    """Return who looks after feeds and can be written to."""
    staff = User.objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
    return [user for user in staff if user.has_perm("aggregator.change_feed")]


def send(editor_id: int, *, message_id: str, changes: Sequence[Change]) -> bool:
    """Send one editor's mail; False if nobody is there to get it any more.

    Raises newsletter.dispatch.MailError.
    """
    editor = User.objects.filter(pk=editor_id, is_active=True).exclude(email="").first()
    if editor is None:
        return False
    deliver(health_mail(editor, changes, site=SiteSettings.load(), message_id=message_id))
    return True


def health_mail(
    editor: User, changes: Sequence[Change], *, site: SiteSettings, message_id: str
) -> EmailMultiAlternatives:
    """Return the mail in the site's language, text and HTML."""
    with translation.override(site.language), timezone.override(site.time_zone):
        ill, well = _lines(changes)
        context = {
            "site": site,
            "ill": ill[:MOST_LISTED],
            "more_ill": max(0, len(ill) - MOST_LISTED),
            "ill_count": len(ill),
            "well": well[:MOST_LISTED],
            "more_well": max(0, len(well) - MOST_LISTED),
            "well_count": len(well),
            "list_link": absolute(reverse("admin:aggregator_feed_changelist")),
            "site_url": settings.SITE_URL,
        }
        subject = render_to_string("emails/feed_health/subject.txt", context)
        text = render_to_string("emails/feed_health/body.txt", context).rstrip() + "\n"
        html = render_to_string("emails/feed_health/body.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        from_email=sender(site),
        to=[editor.email],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _lines(changes: Sequence[Change]) -> tuple[list[Line], list[Line]]:
    """Return what to say of the feeds that are ill, the worst first, and of those that are well."""
    feeds = Feed.objects.in_bulk([pk for pk, _, _ in changes])
    ill: list[Line] = []
    well: list[Line] = []
    for pk, before, after in sorted(changes, key=lambda change: -change[2]):
        if pk in feeds:
            line = _line(feeds[pk], before)
            (well if after in _WELL else ill).append(line)
    return ill, well


def _line(feed: Feed, before: int) -> Line:
    return Line(
        feed=feed,
        before=str(Feed.Health(before).label),
        advice=advice_for(feed.last_error_kind, status=feed.last_status),
        link=absolute(reverse("admin:aggregator_feed_change", args=[feed.pk])),
    )
