"""One next edition for each digest, whatever becomes of its hours and of those before it."""

from datetime import UTC, datetime, timedelta

import pytest

from blog.models import SiteSettings
from newsletter.editions.planning import plan_all
from newsletter.models import Digest, Edition
from tests.factories import make_digest, make_edition

pytestmark = pytest.mark.django_db

State = Edition.State
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
SEVEN = datetime(2026, 11, 24, 7, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_other_digests():
    Digest.objects.all().delete()


def the_next():
    return Edition.objects.get(state=State.OPEN)


def sent(digest, at, **fields):
    fields = {"state": State.SENT, "window_end": at, "slot_at": at} | fields
    return make_edition(digest=digest, due_at=at, **fields)


def test_new_digest_collects_from_its_start_to_its_next_hour():
    digest = make_digest(started_at=NOW)
    assert plan_all(now=NOW) == 1
    edition = the_next()
    assert (edition.digest, edition.due_at, edition.window_start) == (digest, SEVEN, NOW)
    assert (edition.kind, edition.frozen_at, edition.window_end) == ("digest", None, None)


def test_planning_again_changes_nothing():
    make_digest(started_at=NOW)
    plan_all(now=NOW)
    before = Edition.objects.values().get()
    assert plan_all(now=NOW + timedelta(hours=3)) == 0
    assert Edition.objects.values().get() == before


def test_window_starts_where_the_last_one_that_went_out_ended():
    digest = make_digest()
    sent(digest, SEVEN - 3 * DAY)
    for days, state in ((2, State.SKIPPED), (1, State.CANCELLED)):
        sent(digest, SEVEN - days * DAY, state=state)
    plan_all(now=NOW)
    assert the_next().window_start == SEVEN - 3 * DAY
    assert the_next().due_at == SEVEN


@pytest.mark.parametrize("state", [State.SENDING, State.PAUSED])
def test_one_that_is_going_out_moves_the_window_too(state):
    sent(make_digest(), SEVEN - DAY, state=state)
    plan_all(now=NOW)
    assert the_next().window_start == SEVEN - DAY


@pytest.mark.parametrize("state", [State.WAITING, State.LATE])
def test_none_is_planned_beside_one_that_an_editor_is_asked_about(state):
    make_edition(digest=make_digest(), due_at=NOW - DAY, state=state, frozen_at=None)
    assert plan_all(now=NOW) == 0
    assert Edition.objects.count() == 1


def test_slot_that_passed_while_the_clock_stood_still_is_caught_up_if_it_is_not_late():
    digest = make_digest(hour=11)
    sent(digest, datetime(2026, 11, 22, 11, tzinfo=UTC))
    plan_all(now=NOW)
    assert the_next().due_at == NOW - timedelta(hours=1)


def test_slots_that_passed_long_ago_are_not_caught_up():
    sent(make_digest(), SEVEN - 9 * DAY)
    plan_all(now=NOW + timedelta(hours=2))
    assert (the_next().due_at, the_next().window_start) == (SEVEN, SEVEN - 9 * DAY)


def test_one_sent_before_its_hour_is_that_days():
    sent(make_digest(), NOW, slot_at=SEVEN)
    plan_all(now=NOW)
    assert the_next().due_at == SEVEN + DAY


@pytest.mark.parametrize(
    ("change", "due"),
    [
        ({"hour": 9}, SEVEN + timedelta(hours=2)),
        ({"hour": 13}, NOW + timedelta(hours=1)),
        ({"days": "5"}, SEVEN + 3 * DAY),
        ({"hour": 11}, SEVEN + timedelta(hours=4)),  # today's is over: no edition of the past
    ],
)
def test_open_edition_follows_its_digest(change, due):
    digest = make_digest(started_at=NOW)
    plan_all(now=NOW)
    Digest.objects.filter(pk=digest.pk).update(**change)
    assert plan_all(now=NOW) == 1
    assert (the_next().due_at, the_next().slot_at) == (due, due)


def test_weekly_digest_that_becomes_daily_goes_out_tomorrow():
    digest = make_digest(started_at=NOW, days="5")
    plan_all(now=NOW)
    Digest.objects.filter(pk=digest.pk).update(days="1234567")
    plan_all(now=NOW)
    assert the_next().due_at == SEVEN


def test_open_edition_follows_the_sites_clock():
    make_digest(started_at=NOW)
    plan_all(now=NOW)
    SiteSettings(time_zone="Europe/Kyiv").save()
    plan_all(now=NOW)
    assert the_next().due_at == SEVEN - timedelta(hours=2)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
    ],
)
def test_edition_goes_out_once_on_the_days_on_which_clocks_are_changed(now, due):
    SiteSettings(time_zone="Europe/Kyiv").save()
    digest = make_digest(started_at=now, hour=3, minute=30)
    plan_all(now=now)
    edition = the_next()
    assert edition.due_at == due
    Edition.objects.filter(pk=edition.pk).update(state=State.SENT, window_end=due)
    plan_all(now=due + timedelta(minutes=1))
    assert the_next().due_at - due > timedelta(hours=23)
    assert digest.editions.count() == 2


def test_edition_that_an_editor_moved_stays_where_it_is():
    digest = make_digest(started_at=NOW)
    plan_all(now=NOW)
    own = SEVEN + timedelta(hours=5)
    Edition.objects.update(due_at=own)
    Digest.objects.filter(pk=digest.pk).update(hour=9)
    plan_all(now=NOW)
    assert the_next().due_at == own


def test_one_whose_time_has_come_is_not_moved_away():
    make_digest(started_at=NOW)
    plan_all(now=NOW)
    assert plan_all(now=SEVEN + timedelta(seconds=30)) == 0
    assert the_next().due_at == SEVEN


def test_digest_that_is_switched_off_has_no_next_edition():
    digest = make_digest(started_at=NOW)
    plan_all(now=NOW)
    Digest.objects.filter(pk=digest.pk).update(is_active=False)
    plan_all(now=NOW)
    assert [edition.state for edition in Edition.objects.all()] == [State.CANCELLED]
