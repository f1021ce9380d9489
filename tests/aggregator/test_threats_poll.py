"""What publishers do to a poller, seen over many polls."""

import time
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from aggregator import steering
from aggregator.fetch import Limits
from aggregator.models import Feed, Headline
from tests.aggregator.keeping import document, item
from tests.aggregator.serving import Answer, FeedServer, feed_at, make_due, rss

pytestmark = pytest.mark.django_db


@pytest.fixture
def others():
    servers = [FeedServer(f"127.0.1.{number}") for number in range(1, 6)]
    yield servers
    for server in servers:
        server.close()


def test_slow_hosts_keep_no_good_feed_waiting_and_are_given_up(server, others, poll):
    for other in others:
        other.answers["/feed"] = Answer(rss("Slow"), delay_s=3)
        feed_at(other)
    good = [feed_at(server, f"/{number}") for number in range(20)]
    server.answers = {f"/{number}": Answer(rss("A")) for number in range(20)}
    started = time.monotonic()
    told = poll(limits=Limits(timeout_s=1.5), concurrency=6, idle_s=0.05)
    assert list(told)[:20] == [feed.url for feed in good]
    assert time.monotonic() - started < 5
    reasons = {told[other.url()].reason for other in others}
    assert reasons == {"The server did not answer in time."}


def test_ten_polls_of_odd_guids_leave_what_the_first_has_stored(server, poll):
    hostile = {
        "/none": document(item("A", link="https://o.example/a"), item("B")),
        "/alike": document(item("A", guid="1", link="https://o.example/a"), item("B", guid="1")),
        "/squatted": document(item("A", guid="https://other.example/1")),
    }
    feeds = {path: feed_at(server, path) for path in hostile}
    counts = []
    for turn in range(10):
        for path, body in hostile.items():
            # Another byte each time, so that every poll reads the document.
            server.answers[path] = Answer(body + b"<!-- %d -->" % turn)
        make_due()
        poll()
        counts.append({path: feed.headlines.count() for path, feed in feeds.items()})
    assert counts == [{"/none": 2, "/alike": 2, "/squatted": 1}] * 10


def test_a_guid_that_changes_at_each_poll_makes_no_new_headlines(server, poll):
    feed_at(server)
    for turn in range(10):
        anchor = item("Anchor", guid="anchor")
        moving = item("A", guid=f"{turn}", link=f"https://o.example/a?utm_source={turn}")
        server.answers["/feed"] = Answer(document(moving, anchor))
        make_due()
        poll()
    assert Headline.objects.count() == 2


def test_one_feed_cannot_change_the_headlines_of_another(server, poll):
    mine, theirs = feed_at(server, "/mine"), feed_at(server, "/theirs")
    server.answers["/mine"] = Answer(document(item("Mine", guid="1", link="https://o.example/a")))
    server.answers["/theirs"] = Answer(
        document(item("Theirs", guid="1", link="https://o.example/a"))
    )
    poll()
    assert [feed.headlines.get().title for feed in (mine, theirs)] == ["Mine", "Theirs"]


def test_dates_that_change_at_each_poll_move_nothing(server, poll):
    feed_at(server)
    orders = []
    for turn in range(10):
        dates = [f"{20 + (turn + number) % 9} Nov 2025 10:00:00 GMT" for number in range(5)]
        ahead = item("Ahead", guid="x", date="1 Jan 2099 00:00:00 GMT")
        items = [item(f"T{n}", guid=f"{n}", date=date) for n, date in enumerate(dates)]
        server.answers["/feed"] = Answer(document(ahead, *items))
        make_due()
        poll()
        orders.append(list(Headline.objects.values_list("title", "published_at")))
    assert all(order == orders[0] for order in orders)
    assert max(at for _, at in orders[0]) < timezone.now()


def test_an_etag_that_stays_while_the_body_changes_hides_nothing(server, poll):
    feed_at(server)
    for titles in (["A"], ["A", "B"]):
        # One ETag for all bodies, and 200 whatever is asked.
        server.answers["/feed"] = Answer(rss(*titles), headers={"ETag": 'W/"same"'})
        server.ignores_validators = True
        make_due()
        poll()
    assert set(Headline.objects.values_list("title", flat=True)) == {"A", "B"}


def test_a_feed_that_fails_for_a_month_is_asked_ever_less_and_recovers_by_itself(server, poll):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(status=500)
    start = timezone.now()
    with time_machine.travel(start, tick=True) as clock:
        while timezone.now() < start + timedelta(days=30):
            feed.refresh_from_db()
            clock.move_to(max(feed.next_poll_at, timezone.now()))
            poll()
        # 1, 2, 4, 8 and 16 hours, then daily, ten per cent more or less; hourly it were 720.
        assert 28 <= len(server.asked) <= 40
        server.answers["/feed"] = Answer(rss("Back"))
        feed.refresh_from_db()
        clock.move_to(feed.next_poll_at)
        poll()
    feed.refresh_from_db()
    assert (feed.failures, feed.last_outcome) == (0, "changed")
    assert feed.next_poll_at - feed.last_polled_at < timedelta(days=1.2)


def test_asking_to_poll_now_ten_times_asks_the_host_once(server, poll):
    feed_at(server)
    server.answers["/feed"] = Answer(rss("A"))
    for _ in range(10):
        steering.poll_now(Feed.objects.all(), now=timezone.now())
        poll()
    assert len(server.asked) == 1
