"""What a poll writes."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator import errors, store
from aggregator.claims import LeaseLostError
from aggregator.documents import OfferedFeed, ParsedFeed
from aggregator.intake import Stored
from aggregator.models import Feed, Headline, Pick
from aggregator.parse import parse
from tests.aggregator.keeping import (
    LATER,
    NOW,
    claim_one,
    fail,
    fetched,
    keep,
    keep_unchanged,
    visit,
)
from tests.aggregator.serving import rss
from tests.factories import LONG_AGO, make_collection, make_feed

pytestmark = pytest.mark.django_db


def test_new_headlines_are_stored_whole():
    feed = make_feed(title="", language="")
    dated_at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    stored = keep(feed, rss("A &amp; B", extra="<ttl>60</ttl>"))
    assert stored == Stored(new=1, newest_at=dated_at)
    headline = Headline.objects.get()
    assert headline.title == "A & B"
    assert headline.url == headline.canonical_url == "https://outlet.example/0"
    assert headline.outlet == "outlet.example"
    assert headline.published_at == headline.dated_at == dated_at
    assert headline.first_seen_at == headline.updated_at == NOW
    assert headline.is_changed is False
    feed.refresh_from_db()
    assert (feed.title, feed.site_url) == ("Outlet", "https://outlet.example/")
    assert (feed.last_outcome, feed.last_status, feed.ttl_s) == ("changed", 200, 3600)
    assert (feed.last_polled_at, feed.last_succeeded_at) == (NOW, NOW)
    assert (feed.next_poll_at, feed.claimed_until) == (NOW + timedelta(hours=24), None)
    assert (feed.last_took_ms, feed.last_item_at, feed.fetched_whole_at) == (250, dated_at, NOW)


def test_what_an_editor_named_stays():
    feed = make_feed(title="Ours", site_url="https://ours.example/")
    keep(feed, rss("A"))
    feed.refresh_from_db()
    assert (feed.title, feed.site_url) == ("Ours", "https://ours.example/")


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
    keep(feed, rss("A"), claim=claim)
    assert Pick.objects.count() == 1


def test_a_feed_deleted_during_the_poll_is_a_lost_lease():
    feed = make_feed()
    claim = claim_one(feed)
    feed.delete()
    with pytest.raises(LeaseLostError):
        keep(feed, rss("A"), claim=claim)


def test_validators_that_a_304_does_not_repeat_still_hold():
    feed = make_feed(etag='"1"', last_modified="then", failures=3, last_error="was bad")
    keep_unchanged(feed, last_modified="now")
    feed.refresh_from_db()
    assert (feed.etag, feed.last_modified) == ('"1"', "now")
    assert (feed.failures, feed.last_error, feed.last_outcome) == (0, "", "unchanged")


def test_a_new_body_without_validators_clears_the_old_ones():
    feed = make_feed(etag='"1"', last_modified="then")
    keep(feed, rss("A"))
    feed.refresh_from_db()
    assert (feed.etag, feed.last_modified) == ("", "")


def test_a_304_is_no_whole_body_and_an_equal_body_is_one():
    feed = make_feed(fetched_whole_at=LONG_AGO)
    keep_unchanged(feed)
    feed.refresh_from_db()
    assert feed.fetched_whole_at == LONG_AGO
    keep_unchanged(feed, status=200)
    feed.refresh_from_db()
    assert feed.fetched_whole_at == NOW


def test_a_failure_is_kept_with_its_reason_and_the_validators_stay():
    feed = make_feed(etag='"1"', last_succeeded_at=LONG_AGO)
    for _ in range(2):
        fail(feed, errors.BadStatus("u", status=503))
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.last_status, feed.failures) == ("failed", 503, 2)
    assert feed.last_error == "The site is not available at the moment (503)."
    assert (feed.last_error_kind, feed.next_poll_at) == ("BadStatus", NOW + timedelta(hours=2))
    assert (feed.etag, feed.last_succeeded_at, feed.is_active) == ('"1"', LONG_AGO, True)
    fail(feed, errors.Timeout("u"))
    feed.refresh_from_db()
    assert (feed.last_status, feed.last_error_kind) == (None, "Timeout")


def test_a_feed_that_is_gone_rests():
    feed = make_feed()
    assert fail(feed, errors.Gone("u", status=410)) == Feed.Outcome.GONE
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.is_active, feed.health) == ("gone", False, Feed.Health.GONE)


def test_the_feeds_that_a_page_offers_are_kept_until_the_feed_is_well():
    feed = make_feed()
    offer = OfferedFeed(url="https://outlet.example/feed", title="News")
    fail(feed, errors.WebPage("u", offers=(offer,)))
    feed.refresh_from_db()
    assert feed.offered_feeds == [{"url": "https://outlet.example/feed", "title": "News"}]
    keep(feed, rss("A"))
    feed.refresh_from_db()
    assert feed.offered_feeds == []


def test_health_changes_are_dated():
    feed = make_feed(health=Feed.Health.OK, health_since=LONG_AGO, last_succeeded_at=LONG_AGO)
    for hours in (1, 2, 3):
        fail(feed, errors.Timeout("u"), now=NOW + timedelta(hours=hours))
    feed.refresh_from_db()
    assert (feed.health, feed.health_since) == (Feed.Health.FAILING, NOW + timedelta(hours=2))
    keep(feed, rss("A"), now=NOW + timedelta(hours=4))
    feed.refresh_from_db()
    assert (feed.health, feed.health_since) == (Feed.Health.OK, NOW + timedelta(hours=4))


@pytest.mark.parametrize("rows", [1, 30])
def test_storing_costs_the_same_queries_at_any_number_of_items(rows, django_assert_num_queries):
    feed = make_feed(collection=make_collection())
    first = parse(rss(*(f"T{n}" for n in range(rows))))
    longer = parse(rss(*(f"T{n}" for n in range(2 * rows))))
    changed = parse(rss(*(f"U{n}" for n in range(2 * rows))))

    def keep_parsed(parsed):
        claim = claim_one(feed)
        return lambda: store.keep_items(claim, visit(claim), fetched(), parsed, body_hash="h")

    # Savepoint, feed, headlines, their keys, collection, picks, feed, release.
    # Later known ones and fingerprints are asked for too.
    # Others with the same article are looked for where some are known; versions, times, stories,
    # what editors watch.
    costs = [(first, 8), (first, 5), (longer, 11), (changed, 10)]
    for parsed, queries in costs:
        keep_now = keep_parsed(parsed)
        with django_assert_num_queries(queries):
            keep_now()


def test_an_empty_feed_is_good():
    feed = make_feed()
    nothing = ParsedFeed(title="", site_url="", language="", ttl_s=None, items=(), skipped=0)
    claim = claim_one(feed)
    assert store.keep_items(claim, visit(claim), fetched(), nothing, body_hash="h") == Stored()
