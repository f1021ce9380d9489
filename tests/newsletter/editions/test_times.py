"""When it is seven o'clock, on the days on which clocks are changed too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.editions.times import day_in, instant_of, is_slot, next_hour, next_slot

KYIV = ZoneInfo("Europe/Kyiv")  # 2026: forward on 29 March at 3, back on 25 October at 4
EVERY_DAY = "1234567"


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def slots(*, days, at, zone, after, number):
    found = []
    for _ in range(number):
        after = next_slot(days=days, at=at, zone=zone, after=after)
        found.append(after)
    return found


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2026, 3, 28), time(3, 30), utc(2026, 3, 28, 1, 30)),
        (date(2026, 3, 29), time(2, 59), utc(2026, 3, 29, 0, 59)),
        (date(2026, 3, 29), time(3, 0), utc(2026, 3, 29, 1, 0)),
        (date(2026, 3, 29), time(3, 30), utc(2026, 3, 29, 1, 0)),  # missing: the end of the gap
        (date(2026, 3, 29), time(3, 59), utc(2026, 3, 29, 1, 0)),
        (date(2026, 3, 29), time(4, 0), utc(2026, 3, 29, 1, 0)),
        (date(2026, 10, 25), time(3, 30), utc(2026, 10, 25, 0, 30)),  # twice: the first
        (date(2026, 10, 25), time(4, 0), utc(2026, 10, 25, 2, 0)),
    ],
)
def test_a_time_on_the_wall_is_one_instant(day, at, instant):
    assert instant_of(day, at, KYIV) == instant


def test_the_missing_hour_has_its_day_and_goes_once():
    found = slots(days=EVERY_DAY, at=time(3, 30), zone=KYIV, after=utc(2026, 3, 28, 0, 0), number=3)
    assert found == [utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1, 0), utc(2026, 3, 30, 0, 30)]


def test_the_doubled_hour_goes_once():
    found = slots(
        days=EVERY_DAY, at=time(3, 30), zone=KYIV, after=utc(2026, 10, 24, 0, 0), number=3
    )
    assert found == [utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30), utc(2026, 10, 26, 1, 30)]


def test_half_an_hour_may_be_missing_too():
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # forward by 30 minutes on 4 October 2026 at 2
    assert instant_of(date(2026, 10, 4), time(2, 15), lord_howe) == utc(2026, 10, 3, 15, 30)


@pytest.mark.parametrize(
    "zone", ["Europe/Kyiv", "America/New_York", "Asia/Kolkata", "Africa/Casablanca"]
)
@pytest.mark.parametrize("hour", [0, 1, 2, 3, 7, 23])
def test_every_day_of_ten_years_has_one_slot(zone, hour):
    zone = ZoneInfo(zone)
    after, days = utc(2020, 1, 1), set()
    while after < utc(2030, 1, 1):
        following = next_slot(days=EVERY_DAY, at=time(hour), zone=zone, after=after)
        assert timedelta() < following - after <= timedelta(hours=26)
        after = following
        days.add(after.astimezone(zone).date())
    assert len(days) == (max(days) - min(days)).days + 1


def test_only_the_chosen_days_count():
    saturday = utc(2026, 11, 28, 9)
    assert next_slot(days="5", at=time(7), zone=KYIV, after=saturday) == utc(2026, 12, 4, 5)
    assert next_slot(days="12345", at=time(7), zone=KYIV, after=saturday) == utc(2026, 11, 30, 5)


def test_slot_is_after_and_never_at_the_instant_that_is_asked_from():
    slot = utc(2026, 11, 28, 5)
    assert next_slot(days=EVERY_DAY, at=time(7), zone=KYIV, after=slot) == slot + timedelta(days=1)
    assert (
        next_slot(days=EVERY_DAY, at=time(7), zone=KYIV, after=slot - timedelta(seconds=1)) == slot
    )
    assert is_slot(slot, days=EVERY_DAY, at=time(7), zone=KYIV)
    assert not is_slot(slot, days=EVERY_DAY, at=time(8), zone=KYIV)
    assert not is_slot(slot, days="1", at=time(7), zone=KYIV)


def test_own_hour_is_the_next_such_hour_or_now():
    seven = utc(2026, 11, 28, 5)
    assert next_hour(7, zone_name="Europe/Kyiv", not_before=seven) == seven
    assert next_hour(6, zone_name="Europe/Kyiv", not_before=seven) == utc(2026, 11, 29, 4)
    assert next_hour(7, zone_name="America/New_York", not_before=seven) == utc(2026, 11, 28, 12)
    assert day_in("Asia/Tokyo", utc(2026, 11, 28, 20)) == date(2026, 11, 29)
