"""When a permanent redirect is believed."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.models import Feed
from aggregator.redirects import Move
from tests.aggregator.keeping import NOW, keep, keep_unchanged
from tests.aggregator.serving import rss
from tests.factories import make_feed

START = datetime(2026, 11, 1, tzinfo=UTC)
NEW = "https://new.example/feed"


def seen(*days, url=NEW):
    move = Move()
    for day in days:
        move = move.seen_again(url, now=START + timedelta(days=day))
    return move


@pytest.mark.parametrize(
    ("days", "day", "is_settled"),
    [
        ((0, 2, 4, 6, 7), 7, True),
        ((0, 2, 4, 6, 6.99), 6.99, False),
        ((0, 3, 5, 7), 7, False),
        ((0, 0.1, 0.2, 0.3, 0.4), 0.4, False),
        ((), 30, False),
    ],
)
def test_a_move_is_settled_after_five_sightings_over_seven_days(days, day, is_settled):
    assert seen(*days).is_settled(now=START + timedelta(days=day)) is is_settled


def test_another_target_and_an_answer_without_redirect_begin_anew():
    move = seen(0, 1, 2, 3)
    there = move.seen_again("https://other.example/", now=START + timedelta(days=8))
    assert (there.sightings, there.since) == (1, START + timedelta(days=8))
    assert move.seen_again("", now=START + timedelta(days=8)) == Move()


def poll_daily(feed, days, *, moved_to=NEW, poll=keep_unchanged):
    for day in days:
        poll(feed, now=NOW + timedelta(days=day), moved_to=moved_to)
    feed.refresh_from_db()


@pytest.mark.django_db
def test_a_feed_takes_the_address_that_it_has_moved_to(caplog):
    caplog.set_level(logging.INFO)
    feed = make_feed(url="https://old.example/feed")
    poll_daily(feed, range(7))
    assert (feed.url, feed.moved_to, feed.moved_sightings) == ("https://old.example/feed", NEW, 7)
    poll_daily(feed, [7])
    assert (feed.url, feed.host) == (NEW, "new.example")
    assert (feed.moved_to, feed.moved_since, feed.moved_sightings) == ("", None, 0)
    assert caplog.messages == [f"https://old.example/feed has moved for good to {NEW}"]


@pytest.mark.django_db
def test_a_document_from_the_new_address_counts_too():
    feed = make_feed(url="https://old.example/feed")
    poll_daily(feed, range(7))

    def poll_with_news(feed, **answer):
        keep(feed, rss("A"), **answer)

    poll_daily(feed, [7], poll=poll_with_news)
    assert (feed.url, feed.headlines.count()) == (NEW, 1)


@pytest.mark.django_db
def test_a_feed_never_takes_the_address_of_another():
    make_feed(url=NEW)
    feed = make_feed(url="https://old.example/feed")
    poll_daily(feed, range(30))
    assert (feed.url, feed.moved_to) == ("https://old.example/feed", NEW)
    assert Feed.objects.count() == 2


@pytest.mark.django_db
def test_a_redirect_for_some_days_leaves_no_trace():
    feed = make_feed(url="https://old.example/feed")
    poll_daily(feed, range(6))
    poll_daily(feed, [6], moved_to="")
    poll_daily(feed, [7, 8, 9, 10, 11, 12, 13])
    assert (feed.url, feed.moved_sightings) == ("https://old.example/feed", 7)
