"""What answers say of a link, and when it is looked at again."""

from datetime import timedelta

import pytest

from aggregator import errors
from aggregator.models import Headline, SourceWatch
from aggregator.watch import verdicts
from aggregator.watch.verdicts import Kind, Verdict
from tests.aggregator.keeping import NOW, fetched

DAY = timedelta(days=1)
DEAD = Verdict(kind=Kind.DEAD, status=404, error="gone")
MOVED = Verdict(kind=Kind.MOVED, status=200, moved_to="https://a.example/")
ALIVE = Verdict(kind=Kind.ALIVE, status=200)
UNKNOWN = Verdict(kind=Kind.UNKNOWN, status=503, error="busy")


def watched(**fields):
    headline = Headline(title="T", first_seen_at=fields.pop("since", NOW))
    return SourceWatch(headline=headline, title="T", next_at=NOW, **fields)


def looked(watch, *looks):
    """Let a link be looked at again and again; return the row."""
    for verdict, now in looks:
        for name, value in verdicts.after(watch, verdict, now=now, chance=0).items():
            setattr(watch, name, value)
    return watch


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.BadStatus("u", status=404), Kind.DEAD),
        (errors.Gone("u", status=410), Kind.DEAD),
        (errors.NoSuchHost("u", detail="no such name"), Kind.DEAD),
        (errors.BadStatus("u", status=403), Kind.UNKNOWN),
        (errors.BadStatus("u", status=429), Kind.UNKNOWN),
        (errors.BadStatus("u", status=500), Kind.UNKNOWN),
        (errors.Challenged("u", status=404), Kind.UNKNOWN),
        (errors.Challenged("u", status=200), Kind.UNKNOWN),
        (errors.Timeout("u"), Kind.UNKNOWN),
        (errors.Unreachable("u", detail="refused"), Kind.UNKNOWN),
        (errors.BlockedAddress("u", address="10.0.0.1"), Kind.UNKNOWN),
        (errors.TooManyRedirects("u"), Kind.UNKNOWN),
        (errors.BadStatus("u", status=204), Kind.ALIVE),
    ],
)
def test_only_who_says_so_is_dead(error, kind):
    assert verdicts.of_error(error).kind == kind


@pytest.mark.parametrize(
    ("asked", "arrived", "leads_home"),
    [
        ("/2026/11/a", "/", True),
        ("/2026/11/a", "/index.html", True),
        ("/2026/11/a", "/uk/", True),
        ("/uk/news/1", "/en-GB", True),
        ("/a/b", "/errors/404.html", True),
        ("/a/b", "/page-not-found", True),
        ("/?p=12", "/", True),
        ("/a", "/a/", False),
        ("/a", "/2026/11/a-better-slug", False),
        ("/?p=12", "/2026/a", False),
        ("/", "/en/", False),
        ("/", "/", False),
        ("/a", "/a?utm=1", False),
    ],
)
def test_the_way_home_is_told_from_another_address(asked, arrived, leads_home):
    verdict = verdicts.of_answer(
        f"https://a.example{asked}", fetched(final_url=f"https://a.example{arrived}")
    )
    assert (verdict.kind == Kind.MOVED) is leads_home
    assert verdict.moved_to == (f"https://a.example{arrived}" if leads_home else "")


def test_a_link_is_dead_after_two_looks_on_different_days():
    once = looked(watched(), (DEAD, NOW))
    assert (once.state, once.asks_at, once.next_at) == ("unseen", None, NOW + DAY)
    same_day = looked(once, (DEAD, NOW + timedelta(hours=3)))
    assert (same_day.state, same_day.asks_at, same_day.next_at) == ("unseen", None, NOW + DAY)
    twice = looked(same_day, (DEAD, NOW + DAY))
    assert (twice.state, twice.asks_at, twice.error) == ("dead", NOW + DAY, "gone")
    assert twice.next_at == NOW + DAY + timedelta(days=7)


def test_what_cannot_be_found_out_makes_no_link_dead_however_often():
    looks = [(UNKNOWN, NOW + DAY * number) for number in range(10)]
    watch = looked(watched(), *looks)
    assert (watch.state, watch.asks_at, watch.failures, watch.error) == ("unseen", None, 10, "busy")


def test_silence_between_two_deaths_does_not_hide_them():
    watch = looked(watched(), (DEAD, NOW), (UNKNOWN, NOW + DAY), (DEAD, NOW + 2 * DAY))
    assert (watch.state, watch.asks_at) == ("dead", NOW + 2 * DAY)


def test_life_between_two_deaths_takes_the_first_back():
    watch = looked(watched(), (DEAD, NOW), (ALIVE, NOW + DAY), (DEAD, NOW + 2 * DAY))
    assert (watch.state, watch.asks_at) == ("alive", None)


def test_another_kind_of_loss_is_confirmed_anew():
    watch = looked(watched(), (DEAD, NOW), (MOVED, NOW + DAY))
    assert (watch.state, watch.suspect_state) == ("unseen", "moved")
    watch = looked(watch, (MOVED, NOW + 2 * DAY))
    assert (watch.state, watch.moved_to) == ("moved", "https://a.example/")


def test_a_loss_with_which_the_editor_lives_asks_no_more_until_it_came_back():
    dead = watched(state="alive", settled_state="dead")
    assert looked(dead, (DEAD, NOW), (DEAD, NOW + DAY)).asks_at is None
    back = looked(dead, (ALIVE, NOW + 2 * DAY), (DEAD, NOW + 3 * DAY), (DEAD, NOW + 4 * DAY))
    assert back.asks_at == NOW + 4 * DAY


def test_looks_are_weekly_for_half_a_year_and_then_monthly():
    young = looked(watched(since=NOW - 100 * DAY), (ALIVE, NOW))
    old = looked(watched(since=NOW - 200 * DAY), (ALIVE, NOW))
    assert young.next_at - NOW == timedelta(days=7) * 0.95
    assert old.next_at - NOW == timedelta(days=28) * 0.95


def test_doubt_backs_off_to_a_week_and_heeds_what_the_site_wants():
    watch, pauses = watched(), []
    for _ in range(5):
        looked(watch, (UNKNOWN, NOW))
        pauses.append((watch.next_at - NOW).days)
    assert pauses == [1, 2, 4, 7, 7]
    wish = Verdict(kind=Kind.UNKNOWN, retry_after_s=3 * 86_400)
    assert looked(watched(), (wish, NOW)).next_at == NOW + 3 * DAY
    endless = Verdict(kind=Kind.UNKNOWN, retry_after_s=10**9)
    assert looked(watched(), (endless, NOW)).next_at == NOW + 7 * DAY
