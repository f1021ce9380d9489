"""Who polls which feed, and when a claim ends."""

from datetime import timedelta
from uuid import uuid4

import pytest

from aggregator import claims, store
from aggregator.claims import FEEDS_PER_HOST, LEASE, Claimant, LeaseLostError
from aggregator.models import Feed
from tests.aggregator.keeping import (
    LATER,
    NOW,
    claim_due,
    fetched,
    keep,
    keep_unchanged,
    titles,
    visit,
)
from tests.aggregator.serving import rss
from tests.factories import LONG_AGO, make_feed

pytestmark = pytest.mark.django_db

OTHER = Claimant(poller=uuid4())


def feeds_of(claimed):
    return [claim.feed for claim in claimed]


def test_claim_takes_what_is_due_longest_waiting_first():
    waiting = [make_feed(next_poll_at=NOW - timedelta(hours=hours)) for hours in (1, 3, 2)]
    make_feed(next_poll_at=NOW + timedelta(seconds=1))
    make_feed(next_poll_at=LONG_AGO, is_active=False)
    make_feed(next_poll_at=LONG_AGO, claimed_until=NOW + timedelta(minutes=1))
    assert feeds_of(claim_due(limit=2)) == [waiting[1], waiting[2]]
    assert feeds_of(claim_due(limit=2)) == [waiting[0]]
    assert claim_due(limit=2) == []


def test_a_lease_that_ran_out_is_claimed_anew_and_the_old_claim_writes_nothing():
    feed = make_feed(next_poll_at=NOW)
    [dead] = claim_due()
    assert claim_due(OTHER, NOW + LEASE - timedelta(seconds=1)) == []
    [alive] = claim_due(OTHER, NOW + LEASE)
    with pytest.raises(LeaseLostError):
        keep(feed, rss("A"), claim=dead)
    with pytest.raises(LeaseLostError):
        claims.renew(dead, now=NOW)
    keep_unchanged(feed, claim=dead)
    assert titles(feed) == []
    assert Feed.objects.get().last_polled_at is None
    assert keep(feed, rss("A"), claim=alive).new == 1


def test_a_poller_that_claims_at_the_same_instant_holds_only_its_own():
    feed = make_feed(next_poll_at=NOW)
    [ours] = claim_due()
    theirs = claims.Claim(feed=ours.feed, lease=ours.lease, poller=OTHER.poller)
    with pytest.raises(LeaseLostError):
        keep(feed, rss("A"), claim=theirs)
    assert keep(feed, rss("A"), claim=ours).new == 1


def test_renewing_and_releasing_a_claim():
    make_feed(next_poll_at=NOW)
    [claim] = claim_due()
    renewed = claims.renew(claim, now=LATER)
    assert renewed.lease == LATER + LEASE
    claims.release([claim])
    assert Feed.objects.get().claimed_until == renewed.lease
    claims.release([renewed])
    assert Feed.objects.get().claimed_until is None


@pytest.mark.parametrize(
    ("url", "is_crowded"),
    [
        ("http://crowded.example:8080/", True),
        ("https://Crowded.Example:8443", True),
        ("http://crowded.example?feed=rss", True),
        ("http://me:secret@crowded.example/", True),
        ("http://[::1]:8000/", True),
        ("http://київ.example/", True),
        ("http://crowded.example:secret@free.example/", False),
        ("http://crowded.example.org:80/", False),
        ("http://not-crowded.example/", False),
        ("http://free.example/?@crowded.example/", False),
    ],
)
def test_a_crowded_host_is_passed_over_in_every_address(url, is_crowded):
    make_feed(url=url, next_poll_at=LONG_AGO)
    busy = ["crowded.example", "::1", "xn--b1alf1j.example"]
    claimed = claim_due(busy_hosts=busy)
    assert [claim.feed.url for claim in claimed] == ([] if is_crowded else [url])


def test_a_host_that_another_poller_talks_to_is_left_to_it():
    for path in ("1", "2"):
        make_feed(url=f"https://same.example/{path}", next_poll_at=NOW)
    [first] = claim_due(limit=1)
    assert claim_due(OTHER) == []
    assert len(claim_due()) == 1
    claims.release([first])


def test_a_host_that_another_poller_has_just_talked_to_gets_its_pause():
    one, two = (
        make_feed(url=f"https://same.example/{path}", next_poll_at=NOW) for path in ("1", "2")
    )
    keep(one, rss("A"), claim=claim_due(limit=1)[0])
    soon = NOW + timedelta(seconds=1)
    assert claim_due(OTHER, soon) == []
    assert feeds_of(claim_due(OTHER, NOW + timedelta(seconds=2))) == [two]


def test_one_host_with_many_feeds_leaves_room_for_others():
    for number in range(30):
        make_feed(url=f"https://large.example/{number}", next_poll_at=LONG_AGO)
    small = make_feed(next_poll_at=NOW)
    claimed = feeds_of(claim_due(limit=20))
    assert len(claimed) == FEEDS_PER_HOST + 1
    assert small in claimed


@pytest.mark.parametrize("feeds", [1, 30])
def test_claiming_costs_the_same_queries_at_any_number_of_feeds(
    feeds, django_assert_num_queries, is_postgres
):
    for _ in range(feeds):
        make_feed(next_poll_at=NOW)
    # Savepoint, the due ones, claim, the feeds, release; PostgreSQL: the advisory lock.
    with django_assert_num_queries(6 if is_postgres else 5):
        assert len(claim_due()) == feeds


def test_feeds_without_news_are_written_together(django_assert_num_queries):
    feeds = [make_feed(next_poll_at=NOW) for _ in range(30)]
    visits = [(claim, visit(claim), fetched(status=304)) for claim in claim_due()]
    with django_assert_num_queries(1):
        store.keep_nothing_new(visits)
    written = Feed.objects.values_list("last_outcome", "last_polled_at", "claimed_until")
    assert list(written) == [("unchanged", NOW, None)] * len(feeds)


def test_of_feeds_written_together_a_lost_one_stays_as_it_is():
    kept, lost = make_feed(next_poll_at=NOW), make_feed(next_poll_at=NOW)
    visits = [(claim, visit(claim), fetched(status=304)) for claim in claim_due()]
    Feed.objects.filter(pk=lost.pk).update(claimed_until=None)
    store.keep_nothing_new(visits)
    polled = Feed.objects.filter(last_polled_at=NOW)
    assert list(polled) == [kept]


def test_what_a_clock_that_ran_ahead_has_put_off_comes_back():
    far = make_feed(next_poll_at=NOW + timedelta(days=365))
    wished = make_feed(next_poll_at=NOW + timedelta(days=7))
    stuck = make_feed(next_poll_at=NOW, claimed_until=NOW + timedelta(days=365))
    assert claims.mend_times(now=NOW) == 2
    assert set(feeds_of(claim_due())) == {far, stuck}
    wished.refresh_from_db()
    assert wished.next_poll_at == NOW + timedelta(days=7)


def test_after_a_long_stop_many_overdue_feeds_are_spread():
    for _ in range(300):
        make_feed(next_poll_at=NOW - timedelta(days=3), last_polled_at=NOW - timedelta(days=3))
    new = make_feed(next_poll_at=NOW - timedelta(days=3))
    late = make_feed(next_poll_at=NOW - timedelta(minutes=30), last_polled_at=LONG_AGO)
    assert claims.spread_backlog(now=NOW) == 300
    for feed in (new, late):
        before = feed.next_poll_at
        feed.refresh_from_db()
        assert feed.next_poll_at == before
    starts = sorted(
        Feed.objects.exclude(pk__in=[new.pk, late.pk]).values_list("next_poll_at", flat=True)
    )
    assert starts[0] == NOW
    assert timedelta(minutes=10) < starts[-1] - starts[0] < timedelta(hours=1)
    assert max(starts.count(start) for start in starts) == 5


def test_few_overdue_feeds_are_polled_at_once():
    make_feed(next_poll_at=LONG_AGO, last_polled_at=LONG_AGO)
    assert claims.spread_backlog(now=NOW) == 0
    assert Feed.objects.get().next_poll_at == LONG_AGO
