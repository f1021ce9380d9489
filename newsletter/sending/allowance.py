"""How many mails may leave now: what the mail server allows, and what a new one should send.

Counted for all senders together, by seconds, in SentSecond: so no span of a minute or an hour has
more than its limit, wherever it begins.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Sum

from blog.models import SiteSettings
from newsletter.models import MailSettings, SentSecond

KEPT = timedelta(days=2)
WARM_AFTER = timedelta(days=60)
"""However it grew, by then it is no new server any more."""
TICK = timedelta(microseconds=1)
_COUNTING = 0x4E_41_54_02  # names the advisory lock; any number that nobody else uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that may leave in a minute, an hour, and since ``day_start``; None: no limit."""

    a_minute: int | None = None
    an_hour: int | None = None
    a_day: int | None = None
    day_start: datetime

    @property
    def a_second(self) -> int | None:
        """The most in a second: a minute's share and half of it more, not all of it at once."""
        return None if self.a_minute is None else -(-self.a_minute // 40)

    @classmethod
    def of(cls, mail: MailSettings, *, site: SiteSettings, now: datetime) -> Self | None:
        """Return the publisher's limits as they are today, or None if there are none."""
        today = now.astimezone(ZoneInfo(site.time_zone))
        limits = cls(
            a_minute=mail.max_per_minute or None,
            an_hour=mail.max_per_hour or None,
            a_day=warm_up(mail, today=today.date()),
            day_start=datetime.combine(today.date(), time.min, today.tzinfo),
        )
        return limits if limits.a_minute or limits.an_hour or limits.a_day else None


def warm_up(mail: MailSettings, *, today: date) -> int | None:
    """Return how many mails a new server or domain may send today; None if it is new no more."""
    if mail.warm_up_from is None or today - mail.warm_up_from > WARM_AFTER:
        return None
    days = max(0, (today - mail.warm_up_from).days)
    return int(mail.warm_up_first_day * (1 + mail.warm_up_growth / 100) ** days)


def left(limits: Limits, *, now: datetime) -> int:
    """Return how many mails may leave now. Until the transaction ends, nobody else counts."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_COUNTING])
    free = [
        limit - _sent_since(start)
        for limit, start in [
            (limits.a_second, now.replace(microsecond=0) - TICK),
            (limits.a_minute, now - timedelta(minutes=1)),
            (limits.an_hour, now - timedelta(hours=1)),
            (limits.a_day, limits.day_start - TICK),
        ]
        if limit is not None
    ]
    return max(0, min(free))


def _sent_since(start: datetime) -> int:
    counted = SentSecond.objects.filter(at__gt=start).aggregate(all=Sum("count"))
    return counted["all"] or 0


def spend(count: int, *, now: datetime) -> None:
    """Count mails that leave now. To be called in the transaction that asked ``left``."""
    second = now.replace(microsecond=0)
    rows = SentSecond.objects.filter(at=second)
    if not rows.update(count=F("count") + count):
        SentSecond.objects.create(at=second, count=count)


def forget(*, now: datetime) -> int:
    """Forget what no limit asks about any more; return how many rows."""
    count, _ = SentSecond.objects.filter(at__lt=now - KEPT).delete()
    return count
