"""Claims, and what a poll writes."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator import errors, store
from aggregator.documents import ParsedFeed
from aggregator.fetch import Fetched
from aggregator.models import Feed, Headline, Pick
from aggregator.parse import parse
from tests.aggregator.serving import rss
from tests.factories import LONG_AGO, make_collection, make_feed, make_headline

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
PLAN = store.Plan(now=NOW, next_poll_at=LATER)


def fetched(**fields):
    nothing = {
        "url": "u",
        "final_url": "u",
        "moved_to": "",
        "status": 200,
        "body": b"",
        "content_type": "",
        "etag": "",
        "last_modified": "",
        "fresh_for_s": None,
    }
    return Fetched(**nothing | fields)


def claim_one(feed, now=NOW):
    Feed.objects.filter(pk=feed.pk).update(next_poll_at=now, claimed_until=None)
    [claim] = [
        claim
        for claim in store.claim_due(now=now, due_by=now, limit=100)
        if claim.feed.pk == feed.pk
    ]
    return claim


def keep(feed, body, now=NOW):
    plan = store.Plan(now=now, next_poll_at=now + timedelta(hours=1))
    return store.keep_items(claim_one(feed, now), fetched(), parse(body), plan, body_hash="h")


def titles(feed):
    return list(feed.headlines.values_list("title", flat=True))


def test_claim_takes_what_is_due_longest_waiting_first():
    waiting = [make_feed(next_poll_at=NOW - timedelta(hours=hours)) for hours in (1, 3, 2)]
    make_feed(next_poll_at=NOW + timedelta(seconds=1))
    make_feed(next_poll_at=LONG_AGO, is_active=False)
    make_feed(next_poll_at=LONG_AGO, claimed_until=NOW + timedelta(minutes=1))
    claims = store.claim_due(now=NOW, due_by=NOW, limit=2)
    assert [claim.feed for claim in claims] == [waiting[1], waiting[2]]
    assert [claim.feed for claim in store.claim_due(now=NOW, due_by=NOW, limit=2)] == [waiting[0]]
    assert store.claim_due(now=NOW, due_by=NOW, limit=2) == []


def test_a_lease_that_ran_out_is_claimed_anew_and_the_old_claim_writes_nothing():
    feed = make_feed(next_poll_at=NOW)
    [dead] = store.claim_due(now=NOW, due_by=NOW, limit=1)
    early = NOW + store.LEASE - timedelta(seconds=1)
    assert store.claim_due(now=early, due_by=early, limit=1) == []
    [alive] = store.claim_due(now=NOW + store.LEASE, due_by=NOW + store.LEASE, limit=1)
    with pytest.raises(store.LeaseLostError):
        store.keep_items(dead, fetched(), parse(rss("A")), PLAN, body_hash="h")
    with pytest.raises(store.LeaseLostError):
        store.keep_unchanged(dead, fetched(status=304), PLAN)
    with pytest.raises(store.LeaseLostError):
        store.renew(dead, now=NOW)
    assert titles(feed) == []
    assert store.keep_items(alive, fetched(), parse(rss("A")), PLAN, body_hash="h").new == 1


def test_renewing_and_releasing_a_claim():
    make_feed(next_poll_at=NOW)
    [claim] = store.claim_due(now=NOW, due_by=NOW, limit=1)
    renewed = store.renew(claim, now=LATER)
    assert renewed.lease == LATER + store.LEASE
    store.release([claim])
    assert Feed.objects.get().claimed_until == renewed.lease
    store.release([renewed])
    assert Feed.objects.get().claimed_until is None


def test_crowded_hosts_are_passed_over():
    make_feed(url="http://crowded.example/1", next_poll_at=LONG_AGO)
    make_feed(url="https://crowded.example/2", next_poll_at=LONG_AGO)
    free = make_feed(url="https://crowded.example.org/", next_poll_at=LONG_AGO)
    claims = store.claim_due(now=NOW, due_by=NOW, limit=9, busy_hosts=["crowded.example"])
    assert [claim.feed for claim in claims] == [free]


@pytest.mark.parametrize(
    ("url", "is_crowded"),
    [
        ("http://crowded.example:8080/", True),
        ("https://Crowded.Example:8443", True),
        ("http://crowded.example", True),
        ("http://crowded.example?feed=rss", True),
        ("http://me:secret@crowded.example/", True),
        ("http://[::1]:8000/", True),
        ("http://crowded.example:secret@free.example/", False),
        ("http://crowded.example.org:80/", False),
        ("http://crowdedxexample/", False),
        ("http://not-crowded.example/", False),
        ("http://free.example/http://crowded.example/", False),
        ("http://free.example/?@crowded.example/", False),
    ],
)
def test_a_crowded_host_is_known_in_every_address(url, is_crowded):
    make_feed(url=url, next_poll_at=LONG_AGO)
    claims = store.claim_due(
        now=NOW, due_by=NOW, limit=9, busy_hosts=["crowded.example", "other-one.example", "::1"]
    )
    assert [claim.feed.url for claim in claims] == ([] if is_crowded else [url])


def test_a_claim_knows_the_rhythm_of_the_last_week():
    feed = make_feed()
    for days in (1, 6, 8):
        make_headline(feed=feed, published_at=NOW - timedelta(days=days))
    make_headline(published_at=NOW)
    assert claim_one(feed).recent_items == 2


def test_new_headlines_are_stored_whole():
    feed = make_feed(title="", language="")
    assert keep(feed, rss("A &amp; B", extra="<ttl>60</ttl>")) == store.Stored(new=1)
    headline = Headline.objects.get()
    assert headline.title == "A & B"
    assert headline.url == headline.canonical_url == "https://outlet.example/0"
    assert headline.outlet == "outlet.example"
    assert headline.published_at == headline.dated_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert headline.first_seen_at == headline.updated_at == NOW
    assert headline.is_changed is False
    feed.refresh_from_db()
    assert (feed.title, feed.site_url) == ("Outlet", "https://outlet.example/")
    assert (feed.last_outcome, feed.last_status, feed.ttl_s) == ("changed", 200, 3600)
    assert (feed.last_polled_at, feed.last_succeeded_at) == (NOW, NOW)
    assert (feed.next_poll_at, feed.claimed_until) == (LATER, None)


def test_what_an_editor_named_stays():
    feed = make_feed(title="Ours", site_url="https://ours.example/")
    keep(feed, rss("A"))
    feed.refresh_from_db()
    assert (feed.title, feed.site_url) == ("Ours", "https://ours.example/")


def test_the_same_items_again_write_no_headline():
    feed = make_feed()
    keep(feed, rss("A", "B"))
    before = list(Headline.objects.values())
    assert keep(feed, rss("A", "B"), now=LATER) == store.Stored()
    assert list(Headline.objects.values()) == before
    feed.refresh_from_db()
    assert feed.last_outcome == Feed.Outcome.UNCHANGED


def test_a_changed_title_is_a_new_version_that_does_not_rise():
    feed = make_feed()
    keep(feed, rss("A"))
    published_at = Headline.objects.get().published_at
    restamped = rss("A, corrected").replace(b"20 Nov", b"23 Nov")
    assert keep(feed, restamped, now=LATER) == store.Stored(changed=1)
    headline = Headline.objects.get()
    assert (headline.title, headline.updated_at) == ("A, corrected", LATER)
    assert headline.is_changed is True
    assert (headline.published_at, headline.first_seen_at) == (published_at, NOW)


def test_a_new_date_alone_changes_nothing():
    feed = make_feed()
    keep(feed, rss("A"))
    before = list(Headline.objects.values())
    assert keep(feed, rss("A").replace(b"20 Nov", b"23 Nov"), now=LATER) == store.Stored()
    assert list(Headline.objects.values()) == before


def test_items_of_the_future_and_without_date_count_from_first_seen():
    feed = make_feed()
    body = (
        b"<rss><channel><item><title>Undated</title></item>"
        b"<item><title>Future</title><pubDate>1 Jan 2100 00:00:00 GMT</pubDate></item>"
        b"</channel></rss>"
    )
    keep(feed, body)
    keep(feed, body, now=LATER)
    assert set(feed.headlines.values_list("published_at", flat=True)) == {NOW}
    assert titles(feed) == ["Undated", "Future"]


def test_equal_guids_of_two_feeds_are_two_headlines():
    one, two = make_feed(), make_feed()
    keep(one, rss("Of one"))
    keep(two, rss("Of two"))
    assert (titles(one), titles(two)) == (["Of one"], ["Of two"])


def test_a_hidden_headline_stays_hidden():
    feed = make_feed()
    keep(feed, rss("A"))
    Headline.objects.update(is_hidden=True)
    keep(feed, rss("A, again"), now=LATER)
    assert Headline.objects.get().is_hidden is True


def test_a_publishing_feed_places_new_headlines_once_and_by_their_time():
    collection = make_collection()
    feed = make_feed(collection=collection)
    keep(feed, rss("A", "B"))
    Pick.objects.filter(headline__title="B").update(withdrawn_at=NOW)
    keep(feed, rss("A, changed", "B, changed"), now=LATER)
    picks = Pick.objects.public(now=LATER)
    assert [pick.shown_title for pick in picks] == ["A, changed"]
    assert Pick.objects.count() == 2
    assert picks[0].picked_by is None
    assert picks[0].placed_at == picks[0].headline.published_at


def test_a_collection_chosen_during_the_poll_is_respected():
    feed = make_feed()
    claim = claim_one(feed)
    Feed.objects.update(collection=make_collection())
    store.keep_items(claim, fetched(), parse(rss("A")), PLAN, body_hash="h")
    assert Pick.objects.count() == 1


def test_a_feed_deleted_during_the_poll_is_a_lost_lease():
    feed = make_feed()
    claim = claim_one(feed)
    feed.delete()
    with pytest.raises(store.LeaseLostError):
        store.keep_items(claim, fetched(), parse(rss("A")), PLAN, body_hash="h")


def test_validators_that_a_304_does_not_repeat_still_hold():
    feed = make_feed(etag='"1"', last_modified="then", failures=3, last_error="was bad")
    store.keep_unchanged(claim_one(feed), fetched(status=304, last_modified="now"), PLAN)
    feed.refresh_from_db()
    assert (feed.etag, feed.last_modified) == ('"1"', "now")
    assert (feed.failures, feed.last_error, feed.last_outcome) == (0, "", "unchanged")


def test_a_new_body_without_validators_clears_the_old_ones():
    feed = make_feed(etag='"1"', last_modified="then")
    keep(feed, rss("A"))
    feed.refresh_from_db()
    assert (feed.etag, feed.last_modified) == ("", "")


def test_a_failure_is_kept_with_its_reason_and_the_validators_stay():
    feed = make_feed(etag='"1"', last_succeeded_at=LONG_AGO)
    for _ in range(2):
        store.keep_failure(claim_one(feed), errors.BadStatus("u", status=503), PLAN)
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.last_status, feed.failures) == ("failed", 503, 2)
    assert feed.last_error == "The site is not available at the moment (503)."
    assert (feed.etag, feed.last_succeeded_at, feed.is_active) == ('"1"', LONG_AGO, True)
    store.keep_failure(claim_one(feed), errors.Timeout("u"), PLAN)
    feed.refresh_from_db()
    assert feed.last_status is None


def test_a_feed_that_is_gone_rests():
    feed = make_feed()
    store.keep_failure(claim_one(feed), errors.Gone("u", status=410), PLAN)
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.is_active) == ("gone", False)


@pytest.mark.parametrize("rows", [1, 30])
def test_storing_costs_the_same_queries_at_any_number_of_items(rows, django_assert_num_queries):
    feed = make_feed(collection=make_collection())
    first = parse(rss(*(f"T{n}" for n in range(rows))))
    changed = parse(rss(*(f"U{n}" for n in range(rows))))
    claim = claim_one(feed)
    with django_assert_num_queries(7):  # savepoint, feed, known, headlines, picks, feed, release
        store.keep_items(claim, fetched(), first, PLAN, body_hash="a")
    claim = claim_one(feed)
    with django_assert_num_queries(5):
        store.keep_items(claim, fetched(), first, PLAN, body_hash="b")
    claim = claim_one(feed)
    with django_assert_num_queries(6):
        store.keep_items(claim, fetched(), changed, PLAN, body_hash="c")
    claim = claim_one(feed)
    with django_assert_num_queries(1):
        store.keep_unchanged(claim, fetched(status=304), PLAN)


@pytest.mark.parametrize("feeds", [1, 30])
def test_claiming_costs_the_same_queries_at_any_number_of_feeds(feeds, django_assert_num_queries):
    for _ in range(feeds):
        make_feed(next_poll_at=NOW)
    with django_assert_num_queries(5):  # savepoint, feeds, claim, release, rhythm
        assert len(store.claim_due(now=NOW, due_by=NOW, limit=100)) == feeds


def test_an_empty_feed_is_good():
    feed = make_feed()
    nothing = ParsedFeed(title="", site_url="", language="", ttl_s=None, items=(), skipped=0)
    assert (
        store.keep_items(claim_one(feed), fetched(), nothing, PLAN, body_hash="h") == store.Stored()
    )
