"""How a feed does, in a word."""

from datetime import timedelta

import pytest

from aggregator.health import Condition, assess, usual_gap
from aggregator.models import Feed
from tests.aggregator.keeping import NOW

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def state(**known):
    return assess(Condition(**known), now=NOW).name


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "OK"),
        ({"took_ms": 4999}, "OK"),
        ({"took_ms": 5000}, "SLOW"),
        ({"error_kind": "Timeout", "failures": 1}, "OK"),
        ({"error_kind": "Timeout", "failures": 2}, "FAILING"),
        ({"error_kind": "Timeout", "failures": 1, "has_succeeded": False}, "FAILING"),
        ({"error_kind": "BadStatus", "status": 404, "failures": 2}, "FAILING"),
        ({"error_kind": "BadStatus", "status": 403, "failures": 1}, "BLOCKED"),
        ({"error_kind": "BadStatus", "status": 401, "failures": 1}, "BLOCKED"),
        ({"error_kind": "BadStatus", "status": 429, "failures": 1}, "BLOCKED"),
        ({"error_kind": "Challenged", "status": 503, "failures": 1}, "BLOCKED"),
        ({"error_kind": "BlockedAddress", "failures": 1}, "BLOCKED"),
        ({"error_kind": "Gone", "status": 410, "failures": 1}, "GONE"),
        ({"error_kind": "WebPage", "failures": 2}, "FAILING"),
    ],
)
def test_a_feeds_state_follows_from_its_last_answer(known, expected):
    assert state(**known) == expected


@pytest.mark.parametrize(
    ("gap", "age", "expected"),
    [
        (7 * DAY, 35 * DAY, "OK"),
        (7 * DAY, 35 * DAY + HOUR, "SILENT"),
        (HOUR, 5 * DAY, "OK"),
        (HOUR, 5 * DAY + HOUR, "SILENT"),
        (None, 5000 * DAY, "OK"),
    ],
)
def test_a_feed_is_silent_after_five_times_its_usual_pause_and_five_days(gap, age, expected):
    assert state(last_item_at=NOW - age, usual_gap=gap) == expected


def test_a_silent_feed_that_is_slow_as_well_is_silent():
    known = {"last_item_at": NOW - 99 * DAY, "usual_gap": DAY, "took_ms": 9000}
    assert state(**known) == "SILENT"


@pytest.mark.parametrize(
    ("ages_h", "gap_h"),
    [
        ([], None),
        ([1, 2, 3, 4], None),
        ([1, 1, 1, 1, 1, 1], None),
        ([1, 2, 3, 4, 5], 1),
        ([0, 1, 2, 3, 100], 1),
        ([*range(20), 5000, 9000], 1),
        ([0, 2, 4, 6, 8, 108], 2),
    ],
)
def test_the_usual_pause_is_the_median_of_the_newest(ages_h, gap_h):
    gap = usual_gap([NOW - age * HOUR for age in ages_h])
    assert gap == (None if gap_h is None else gap_h * HOUR)


def test_states_are_in_the_order_of_trouble():
    assert [health.name for health in sorted(Feed.Health)] == [
        *("OK", "WAITING", "SLOW", "SILENT", "BLOCKED", "FAILING", "GONE"),
    ]
