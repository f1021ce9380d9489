"""How the list grows: counted day by day by the clock, so that looking at it costs nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count
from django.db.models.functions import TruncDate

from blog.models import SiteSettings
from newsletter.models import Subscriber, SubscriberDay, SubscriberEvent

Kind = SubscriberEvent.Kind
GAINED = [Kind.CONFIRMED, Kind.IMPORTED, Kind.CAME_BACK, Kind.RELEASED]
LEFT = [Kind.LEFT, Kind.SUPPRESSED]
DAY = timedelta(days=1)
SHOWN = {"day": 60, "week": 53, "month": 36}
"""By the length of a period, how many of them are shown."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day, a week or a month."""

    first: date
    gained: int
    left: int
    total: int


def count(*, now: datetime) -> int:
    """Bring the days up to date, the last one and today; return how many were counted.

    Today's total is counted; what nobody saw go, as an erased subscriber, is the difference.
    """
    zone = ZoneInfo(SiteSettings.load().time_zone)
    today = now.astimezone(zone).date()
    with transaction.atomic():
        last = SubscriberDay.objects.select_for_update().order_by("-day").first()
        if last is None:
            _begin(today=today, zone=zone)
            last = SubscriberDay.objects.order_by("-day").first()
        first = last.day if last else today
        before = SubscriberDay.objects.filter(day__lt=first).order_by("-day").first()
        total, days = (before.total if before else 0), 0
        for day in _days(first, today):
            total = _count_day(day, before=total, is_today=day == today, zone=zone)
            days += 1
    return days


def _days(first: date, last: date) -> Iterable[date]:
    return (first + number * DAY for number in range((last - first).days + 1))


def _count_day(day: date, *, before: int, is_today: bool, zone: ZoneInfo) -> int:
    known = SubscriberDay.objects.filter(day=day).first() or SubscriberDay(day=day)
    gained, left = _seen(day, zone)
    # Whoever has been erased since was counted before, and is among these no more.
    known.gained, known.left = max(known.gained, gained), max(known.left, left)
    if is_today:
        known.total = Subscriber.objects.active().count()
        known.left = max(before + known.gained - known.total, known.left)
    else:
        known.total = max(before + known.gained - known.left, 0)
    known.save()
    return known.total


def _seen(day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return how many came and went on a day by what happened to those who are still known."""
    start, end = (datetime.combine(one, time.min, tzinfo=zone) for one in (day, day + DAY))
    events = SubscriberEvent.objects.filter(at__gte=start, at__lt=end).order_by()
    came, went = (events.filter(kind__in=kinds).count() for kinds in (GAINED, LEFT))
    return came, went


def _begin(*, today: date, zone: ZoneInfo) -> None:
    """Fill the days before today from the rows as they are: once, when nothing is counted yet."""
    came = _by_day(Subscriber.objects.filter(confirmed_at__isnull=False), "confirmed_at", zone)
    gone = Subscriber.objects.filter(unsubscribed_at__isnull=False, confirmed_at__isnull=False)
    went = _by_day(gone, "unsubscribed_at", zone)
    past = [day for day in {*came, *went} if day < today]
    if not past:
        return
    total, rows = 0, []
    for day in _days(min(past), today - DAY):
        gained, left = came.get(day, 0), went.get(day, 0)
        total = max(total + gained - left, 0)
        rows.append(SubscriberDay(day=day, gained=gained, left=left, total=total))
    SubscriberDay.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def _by_day(rows: object, column: str, zone: ZoneInfo) -> dict[date, int]:
    days = rows.order_by().annotate(on=TruncDate(column, tzinfo=zone)).values_list("on")  # type: ignore[attr-defined]
    return dict(days.annotate(count=Count("pk")))


def periods(by: str, *, today: date) -> list[Period]:
    """Return the last periods (``day``, ``week``, ``month``), the newest first. One query."""
    start = _start_of(by, today)
    since = start - {"day": 1, "week": 7, "month": 31}[by] * SHOWN[by] * DAY
    rows = SubscriberDay.objects.filter(day__gt=since, day__lte=today).order_by("-day")
    grouped = groupby(rows, key=lambda row: _start_of(by, row.day))
    return [_sum(first, list(days)) for first, days in grouped][: SHOWN[by]]


def _sum(first: date, days: Sequence[SubscriberDay]) -> Period:
    """Add up days, the newest first; the total is that of the last one."""
    return Period(
        first=first,
        gained=sum(one.gained for one in days),
        left=sum(one.left for one in days),
        total=days[0].total,
    )


def _start_of(by: str, day: date) -> date:
    if by == "month":
        return day.replace(day=1)
    return day - day.weekday() * DAY if by == "week" else day
