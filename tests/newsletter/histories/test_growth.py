"""How the list grows, by day, week and month, at a cost that does not grow with it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from blog.models import SiteSettings
from newsletter.histories import growth, growth_chart
from newsletter.histories.growth import Period
from newsletter.models import Subscriber, SubscriberDay
from newsletter.subscribing import signup
from newsletter.subscription import erasing
from tests.factories import make_member, make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TODAY = NOW.date()
DAY = timedelta(days=1)
State = Subscriber.State
PAGE = "/admin/newsletter/subscriber/growth/"


def days():
    return [
        ((row.day - TODAY).days, row.gained, row.left, row.total)
        for row in SubscriberDay.objects.order_by("day")
    ]


def come(now):
    subscriber = make_subscriber(state=State.PENDING, confirmed_at=None)
    signup.confirm(subscriber, now=now)
    return subscriber


def test_first_count_tells_the_days_before_from_the_rows():
    make_subscriber(confirmed_at=NOW - 3 * DAY)
    make_subscriber(confirmed_at=NOW - 2 * DAY)
    left = make_subscriber(confirmed_at=NOW - 3 * DAY)
    Subscriber.objects.filter(pk=left.pk).update(
        state=State.UNSUBSCRIBED, unsubscribed_at=NOW - DAY
    )
    make_subscriber(state=State.PENDING, confirmed_at=None)
    make_subscriber(state=State.UNSUBSCRIBED, confirmed_at=None, unsubscribed_at=NOW - DAY)
    growth.count(now=NOW)

    assert days() == [(-3, 2, 0, 2), (-2, 1, 0, 3), (-1, 0, 1, 2), (0, 0, 0, 2)]


def test_days_are_counted_as_they_pass_and_nobody_is_lost_from_sight():
    growth.count(now=NOW)
    first, second, third = (come(NOW) for _ in range(3))
    growth.count(now=NOW + timedelta(hours=1))
    signup.unsubscribe(first, now=NOW + timedelta(hours=2))
    erasing.erase(second, now=NOW + timedelta(hours=3))
    growth.count(now=NOW + timedelta(hours=4))
    # The erased one took what had happened to her along; that she came and went stays.
    assert days() == [(0, 3, 2, 1)]
    signup.unsubscribe(third, now=NOW + timedelta(hours=11, minutes=50))
    growth.count(now=NOW + DAY)

    assert days() == [(0, 3, 2, 1), (1, 0, 1, 0)]


def test_days_on_which_the_clock_stood_still_are_made_up_for():
    growth.count(now=NOW)
    subscriber = come(NOW + DAY)
    come(NOW + 2 * DAY)
    signup.unsubscribe(subscriber, now=NOW + 2 * DAY)
    growth.count(now=NOW + 3 * DAY)

    assert days() == [(0, 0, 0, 0), (1, 1, 0, 1), (2, 1, 1, 1), (3, 0, 0, 1)]


def test_days_are_those_of_the_sites_calendar():
    SiteSettings.objects.create(time_zone="Pacific/Kiritimati")  # fourteen hours ahead
    growth.count(now=NOW)

    assert days() == [(1, 0, 0, 0)]


def test_periods_add_up_days():
    start = date(2026, 9, 28)  # a Monday
    SubscriberDay.objects.bulk_create(
        SubscriberDay(day=start + n * DAY, gained=n, left=1, total=100 + n) for n in range(10)
    )
    by_day = growth.periods("day", today=date(2026, 10, 7))
    by_week = growth.periods("week", today=date(2026, 10, 7))
    by_month = growth.periods("month", today=date(2026, 10, 7))

    assert by_day[0] == Period(date(2026, 10, 7), 9, 1, 109)
    assert len(by_day) == 10
    assert by_week == [
        Period(date(2026, 10, 5), 7 + 8 + 9, 3, 109),
        Period(start, sum(range(7)), 7, 106),
    ]
    assert by_month == [
        Period(date(2026, 10, 1), sum(range(3, 10)), 7, 109),
        Period(date(2026, 9, 1), 0 + 1 + 2, 3, 102),
    ]


def test_drawing_shows_every_move_and_keeps_within_its_frame():
    periods = [Period(TODAY - n * DAY, n * 100, n % 2, 1000 + n) for n in range(60)]
    bars = list(growth_chart.bars(periods))

    assert len(bars) == 59 + 30
    assert all(bar.height >= 2 for bar in bars)
    assert all(bar.x >= 0 and bar.x + bar.width <= growth_chart.WIDTH for bar in bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= growth_chart.HEIGHT for bar in bars)
    assert 'aria-label="From 1059 to 1000 subscribers; 177000 gained, 30 lost."' in (
        growth_chart.drawn(periods)
    )
    assert growth_chart.drawn([]) == ""


def test_editor_sees_the_numbers_and_no_address(client):
    subscriber = make_subscriber()
    growth.count(now=datetime.now(UTC))
    client.force_login(make_member("editor"))
    page = client.get(PAGE, {"by": "month"}).content.decode()

    assert 'role="img"' in page
    assert "subscribers at the end" in page
    assert subscriber.email not in page
    assert PAGE in client.get("/admin/").content.decode()
    client.force_login(make_member("author"))
    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("by", ["day", "week", "month", "", "year", "x" * 300])
def test_page_takes_as_many_queries_for_a_long_list_as_for_none(client, by):
    client.force_login(make_member("editor"))
    counts = []
    for number in (0, 30):
        for _ in range(number):
            make_subscriber(confirmed_at=NOW)
        with time_machine.travel(NOW, tick=False):
            growth.count(now=NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"by": by}).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert not any('FROM "newsletter_subscriber"' in query["sql"] for query in queries)
