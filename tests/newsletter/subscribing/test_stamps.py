from datetime import UTC, datetime, timedelta

import pytest

from newsletter.subscribing import stamps

NOW = datetime(2026, 11, 23, 12, 34, 56, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_stamp_for_all_is_the_same_within_the_hour():
    made = {stamps.for_all(now=NOW + minutes * timedelta(minutes=1)) for minutes in range(-34, 25)}

    assert len(made) == 1
    assert stamps.for_all(now=NOW + HOUR) not in made


@pytest.mark.parametrize(
    ("age", "is_good"),
    [(0 * HOUR, True), (24 * HOUR, True), (25 * HOUR, False), (-HOUR, False)],
)
def test_stamp_for_all_holds_for_a_day(age, is_good):
    stamp = stamps.read(stamps.for_all(now=NOW - age))

    assert stamp.is_good(now=NOW) is is_good
    assert not stamp.is_for_one


@pytest.mark.parametrize(
    ("age", "is_good", "is_too_young"),
    [
        (0 * SECOND, False, True),
        (1 * SECOND, False, True),
        (2 * SECOND, True, False),
        (25 * HOUR, True, False),
        (26 * HOUR, False, False),
        (-SECOND, False, False),
    ],
)
def test_stamp_for_one_must_be_of_age(age, is_good, is_too_young):
    now = NOW.replace(microsecond=0)
    stamp = stamps.read(stamps.for_one(now=now - age, origin="https://other.example"))

    assert stamp.is_for_one
    assert stamp.origin == "https://other.example"
    assert (stamp.is_good(now=now), stamp.is_too_young(now=now)) == (is_good, is_too_young)


@pytest.mark.parametrize("text", ["", "x", "a1764000000", "|", "a1764000000|x"])
def test_what_is_not_ours_is_no_stamp(text):
    assert stamps.read(text) is None


def test_stamp_is_not_made_by_changing_one():
    good = stamps.for_one(now=NOW)

    assert stamps.read(good.replace("o", "a", 1)) is None
    assert stamps.read(good[:-1]) is None
