"""When a feed is asked next."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aggregator.schedule import (
    Rhythm,
    Wishes,
    after_failure,
    after_success,
    is_whole_due,
    latest_next_poll,
    rhythm_of,
    spread_of_backlog,
)

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # an hour before a clock change in Europe


WEEK = timedelta(days=7)


def minutes_after_success(*, items=0, chance=0.0, is_pushed=False, **wishes):
    """Of a feed that has brought so many items within a week."""
    then = after_success(
        now=NOW,
        rhythm=Rhythm(since=NOW - WEEK, items=items),
        wishes=Wishes(**wishes),
        chance=chance,
        is_pushed=is_pushed,
    )
    return (then - NOW) / timedelta(minutes=1)


def hours_after_failure(failures, *, retry_after_s=None, chance=0.0):
    then = after_failure(now=NOW, failures=failures, retry_after_s=retry_after_s, chance=chance)
    return (then - NOW) / timedelta(hours=1)


@pytest.mark.parametrize(
    ("items", "minutes"),
    [(0, 1440), (1, 1440), (7, 1440), (14, 720), (168, 60), (2016, 5), (100_000, 5)],
)
def test_the_interval_follows_the_rhythm_between_5_minutes_and_a_day(items, minutes):
    assert minutes_after_success(items=items) == minutes


@pytest.mark.parametrize(
    ("wishes", "minutes"),
    [
        ({"fresh_for_s": 7200}, 120),
        ({"ttl_s": 7200}, 120),
        ({"fresh_for_s": 7200, "ttl_s": 10_800}, 180),
        ({"fresh_for_s": 60, "ttl_s": 60}, 60),
        ({"fresh_for_s": 10**9}, 1440),
    ],
)
def test_the_publishers_wishes_lengthen_the_interval_up_to_a_day(wishes, minutes):
    assert minutes_after_success(items=168, **wishes) == minutes


@pytest.mark.parametrize(("chance", "minutes"), [(-1, 54), (0.5, 63), (1, 66)])
def test_chance_spreads_by_a_tenth(chance, minutes):
    assert minutes_after_success(items=168, chance=chance) == minutes


@pytest.mark.parametrize(
    ("wish_s", "chance", "minutes"),
    [
        (7200, -1, 132),
        (7200, 1, 132),
        (7200, 0, 120),
        (3420, -1, 62.7),  # 57 minutes, where 60 could come down to 54
        (3000, -1, 54),
        (10**9, -1, 1584),
    ],
)
def test_chance_never_comes_before_the_publishers_wish(wish_s, chance, minutes):
    for name in ("fresh_for_s", "ttl_s"):
        assert minutes_after_success(items=168, chance=chance, **{name: wish_s}) == minutes


def test_chance_never_goes_below_5_minutes():
    assert minutes_after_success(items=100_000, chance=-1) == 5


@pytest.mark.parametrize(
    ("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (7, 24), (10**6, 24)]
)
def test_failures_back_off_to_a_day_and_never_stop(failures, hours):
    assert hours_after_failure(failures) == hours


@pytest.mark.parametrize(
    ("retry_after_s", "hours"), [(0, 1), (60, 1), (7200, 2), (172_800, 48), (10**8, 168)]
)
def test_retry_after_lengthens_the_pause_up_to_a_week(retry_after_s, hours):
    assert hours_after_failure(1, retry_after_s=retry_after_s) == hours


def test_chance_never_comes_before_retry_after():
    assert hours_after_failure(1, retry_after_s=36_000, chance=-1) == 11
    assert hours_after_failure(1, chance=-1) == pytest.approx(0.9)


def test_a_feed_whose_hub_tells_of_news_is_looked_after_every_six_hours():
    assert minutes_after_success(items=2016, is_pushed=True) == 360
    assert minutes_after_success(items=14, is_pushed=True) == 720
    assert minutes_after_success(items=0, is_pushed=True) == 1440


@pytest.mark.parametrize(
    ("ages_h", "interval_h"),
    [
        ([], 24),
        ([1], 1),
        ([1, 2, 3, 4], 1),
        ([10] * 20, 0.5),  # a day's news in one go: the pause between two days counts
        ([*range(1, 21), *range(1000, 2000)], 1),  # the archive behind the newest does not
        ([24 * 300], 24 * 300),
        ([-5, -1, 6, 12], 6),  # what lies ahead is no item yet
    ],
)
def test_the_rhythm_is_that_of_the_newest_items(ages_h, interval_h):
    rhythm = rhythm_of([NOW - timedelta(hours=age) for age in ages_h], now=NOW)
    assert rhythm.interval(now=NOW) == timedelta(hours=interval_h)


def test_the_pause_grows_while_nothing_comes():
    rhythm = rhythm_of([NOW - timedelta(hours=hour) for hour in range(1, 21)], now=NOW)
    later = NOW + timedelta(hours=20)
    assert rhythm.interval(now=later) == timedelta(hours=2)


def test_a_clock_that_jumps_back_gives_no_negative_pause():
    rhythm = rhythm_of([NOW - timedelta(hours=1)], now=NOW)
    then = NOW - timedelta(days=400)
    assert rhythm.interval(now=then) == timedelta()
    planned = after_success(now=then, rhythm=rhythm, wishes=Wishes(), chance=0)
    assert planned - then == timedelta(minutes=5)


@pytest.mark.parametrize("zone", ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe", "UTC"])
@pytest.mark.parametrize("month", [3, 4, 10, 11])
def test_a_clock_change_shifts_nothing(zone, month):
    for hour in range(24 * 31):
        now = datetime(2026, month, 1, tzinfo=UTC) + timedelta(hours=hour)
        local = now.astimezone(ZoneInfo(zone))
        dates = [local - timedelta(hours=number) for number in range(1, 15)]
        dates = [date.astimezone(UTC) for date in dates]
        there = after_success(now=now, rhythm=rhythm_of(dates, now=now), wishes=Wishes(), chance=0)
        assert timedelta(minutes=5) <= there - now <= timedelta(hours=2.2)
        assert after_failure(now=now, failures=1, chance=0) - now == timedelta(hours=1)


@pytest.mark.parametrize(
    ("days_ago", "is_due"),
    [(None, True), (0, False), (6.9, False), (7, True), (400, True), (-1, True)],
)
def test_the_whole_body_is_asked_for_once_a_week_whatever_the_validators_say(days_ago, is_due):
    at = None if days_ago is None else NOW - timedelta(days=days_ago)
    assert is_whole_due(fetched_whole_at=at, now=NOW) is is_due


def test_no_rule_plans_a_poll_later_than_the_latest():
    latest = latest_next_poll(now=NOW)
    for chance in (-1, 0, 1):
        for wish_s in (None, 0, 10**9):
            failed = after_failure(now=NOW, failures=99, retry_after_s=wish_s, chance=chance)
            wishes = Wishes(fresh_for_s=wish_s, ttl_s=wish_s)
            done = after_success(now=NOW, rhythm=Rhythm(), wishes=wishes, chance=chance)
            assert max(failed, done) < latest


@pytest.mark.parametrize(("overdue", "minutes"), [(0, 0), (200, 0), (201, 20), (10**6, 20)])
def test_a_large_backlog_is_spread(overdue, minutes):
    assert spread_of_backlog(overdue) == timedelta(minutes=minutes)
