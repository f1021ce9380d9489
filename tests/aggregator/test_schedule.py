"""When a feed is asked next."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.schedule import Wishes, after_failure, after_success

NOW = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # an hour before a clock change in Europe


def minutes_after_success(*, items=0, chance=0.0, **wishes):
    then = after_success(now=NOW, items_in_window=items, wishes=Wishes(**wishes), chance=chance)
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
