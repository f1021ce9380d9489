"""What editors do with feeds."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from aggregator.models import Feed
from aggregator.steering import add_feed, poll_now, save_changes
from tests.factories import LONG_AGO, make_collection, make_feed, make_headline

pytestmark = pytest.mark.django_db

NOW = LONG_AGO + timedelta(days=30)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://a.example/rss", "https://a.example/rss"),
        (" http://a.example/rss\n", "http://a.example/rss"),
        ("a.example/rss", "https://a.example/rss"),
        ("feed://a.example/rss", "https://a.example/rss"),
        ("feed:http://a.example/rss", "http://a.example/rss"),
        ("//a.example/rss", "https://a.example/rss"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
    ],
)
def test_a_feed_is_added_as_people_write_its_address(written, url):
    feed, is_new = add_feed(written, title="T")
    assert (feed.url, feed.title, is_new) == (url, "T", True)
    assert feed in Feed.objects.due(now=feed.next_poll_at)


def test_a_known_feed_stays_as_it_is():
    known = make_feed(title="Old")
    feed, is_new = add_feed(known.url, title="New", collection=make_collection())
    feed.refresh_from_db()
    assert (feed, feed.title, feed.collection, is_new) == (known, "Old", None, False)


@pytest.mark.parametrize(
    "bad", ["", "ftp://a.example/", "javascript:alert(1)", "http://", "file:///etc/passwd", "a b"]
)
def test_a_bad_address_is_refused(bad):
    with pytest.raises(ValidationError):
        add_feed(bad)
    assert Feed.objects.count() == 0


def test_a_change_writes_nothing_else():
    feed = make_feed()
    Feed.objects.update(failures=7, etag="poller's", claimed_until=NOW)
    feed.title = "Changed"
    save_changes(feed, changed=["title"], now=NOW)
    feed = Feed.objects.get()
    assert (feed.title, feed.failures, feed.etag) == ("Changed", 7, "poller's")
    assert feed.claimed_until == NOW


def test_a_new_address_forgets_what_was_true_of_the_old_one():
    feed = make_feed(
        etag="e",
        last_modified="m",
        body_hash="h",
        failures=9,
        last_error="x",
        last_outcome="failed",
    )
    Feed.objects.update(claimed_until=NOW + timedelta(minutes=5), next_poll_at=NOW + timedelta(9))
    feed.url = "https://new.example/"
    save_changes(feed, changed=["url"], now=NOW)
    feed = Feed.objects.get()
    assert (feed.etag, feed.last_modified, feed.body_hash, feed.last_error) == ("", "", "", "")
    assert (feed.failures, feed.last_outcome) == (0, "never")
    assert (feed.next_poll_at, feed.claimed_until) == (NOW, None)


@pytest.mark.parametrize("name", ["title", "site_url", "language"])
def test_what_is_emptied_is_taken_from_the_feed_again(name):
    feed = make_feed(site_url="https://a.example/", language="uk", next_poll_at=NOW)
    known = {"etag": "e", "last_modified": "m", "body_hash": "h"}
    Feed.objects.update(**known, failures=2, last_outcome="unchanged", claimed_until=NOW)
    feed.refresh_from_db()
    setattr(feed, name, "")
    save_changes(feed, changed=[name], now=NOW)
    feed = Feed.objects.get()
    assert (feed.etag, feed.last_modified, feed.body_hash) == ("", "", "")
    assert (feed.failures, feed.last_outcome, feed.next_poll_at) == (2, "unchanged", NOW)
    # A poll that is under way has asked whether anything is new, and would keep the old answer.
    assert feed.claimed_until is None


def test_a_feed_that_is_woken_is_due():
    feed = make_feed(is_active=False, failures=3, next_poll_at=NOW + timedelta(1))
    feed.is_active = True
    save_changes(feed, changed=["is_active"], now=NOW)
    assert list(Feed.objects.due(now=NOW)) == [feed]


def test_a_new_collection_is_filled():
    feed = make_feed()
    headline = make_headline(feed=feed)
    feed.collection = make_collection()
    save_changes(feed, changed=["collection"], now=NOW)
    assert [pick.headline for pick in feed.collection.picks.public()] == [headline]


def test_no_change_asks_nothing(django_assert_num_queries):
    feed = make_feed()
    with django_assert_num_queries(2):  # the transaction alone
        save_changes(feed, changed=[], now=NOW)


def test_poll_now_is_polite():
    never = make_feed(next_poll_at=NOW + timedelta(1))
    long_ago = make_feed(next_poll_at=NOW + timedelta(1), last_polled_at=NOW - timedelta(1))
    just_now = make_feed(next_poll_at=NOW + timedelta(1), last_polled_at=NOW - timedelta(minutes=2))
    asleep = make_feed(next_poll_at=NOW + timedelta(1), is_active=False)
    for _ in range(2):
        assert poll_now(Feed.objects.all(), now=NOW) == 3
    due_at = {feed.pk: feed.next_poll_at for feed in Feed.objects.all()}
    assert due_at == {
        never.pk: NOW,
        long_ago.pk: NOW,
        just_now.pk: NOW + timedelta(minutes=3),
        asleep.pk: NOW + timedelta(1),
    }
