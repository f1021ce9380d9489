from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction

from blog.models import SiteSettings
from newsletter.models import MailSettings, SentSecond
from newsletter.sending import allowance
from newsletter.sending.allowance import Limits

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def limits(*, now=NOW, zone="UTC", **mail):
    return Limits.of(MailSettings(**mail), site=SiteSettings(time_zone=zone), now=now)


def take(most, wanted, *, now):
    with transaction.atomic():
        count = min(wanted, allowance.left(most, now=now))
        if count:
            allowance.spend(count, now=now)
    return count


def sent_in(seconds, most, *, every_s=0.25):
    """Return when how many left of a sender that always has more to send."""
    times = [NOW + timedelta(seconds=step * every_s) for step in range(int(seconds / every_s))]
    return [(at, take(most, 5, now=at)) for at in times]


def most_within(span, sent):
    return max(sum(count for at, count in sent if start <= at < start + span) for start, _ in sent)


def test_nothing_is_counted_where_nothing_is_limited():
    assert limits() is None


def test_no_minute_has_more_than_its_limit_wherever_it_begins():
    sent = sent_in(240, limits(max_per_minute=60))

    assert 54 <= most_within(timedelta(minutes=1), sent) <= 66
    assert sum(count for _, count in sent) == pytest.approx(4 * 60, rel=0.1)
    assert most_within(timedelta(seconds=1), sent) <= 4  # not all at once


def test_no_hour_has_more_than_its_limit():
    most = limits(max_per_minute=20, max_per_hour=30)

    sent = sent_in(2 * 3600, most, every_s=10)

    assert most_within(timedelta(hours=1), sent) == 30
    assert sum(count for _, count in sent) == 60


def test_senders_share_what_is_allowed():
    most = limits(max_per_minute=400)

    assert [take(most, 7, now=NOW) for _ in range(3)] == [7, 3, 0]
    assert SentSecond.objects.get().count == 10


@pytest.mark.parametrize(
    ("today", "most"),
    [
        (date(2026, 11, 19), 500),
        (date(2026, 11, 20), 500),
        (date(2026, 11, 21), 750),
        (date(2026, 11, 23), 1687),
        (date(2027, 3, 1), None),
    ],
)
def test_warm_up_allows_more_each_day(today, most):
    mail = MailSettings(warm_up_from=date(2026, 11, 20), warm_up_first_day=500, warm_up_growth=50)

    assert allowance.warm_up(mail, today=today) == most


def test_warm_up_counts_the_day_by_the_sites_own_clock():
    mail = {"warm_up_from": date(2026, 11, 24), "warm_up_first_day": 10}
    before_midnight = datetime(2026, 11, 24, 21, 59, tzinfo=UTC)
    after_midnight = datetime(2026, 11, 24, 22, 0, tzinfo=UTC)
    today = limits(**mail, zone="Europe/Kyiv", now=before_midnight)
    assert take(today, 50, now=before_midnight) == 10
    assert take(today, 50, now=before_midnight) == 0

    tomorrow = limits(**mail, zone="Europe/Kyiv", now=after_midnight)

    assert take(tomorrow, 50, now=after_midnight) == 15


def test_old_counts_are_forgotten():
    take(limits(max_per_hour=10), 5, now=NOW - timedelta(days=3))
    take(limits(max_per_hour=10), 5, now=NOW)

    assert allowance.forget(now=NOW) == 1
    assert SentSecond.objects.get().at == NOW
