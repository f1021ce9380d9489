"""The poller as a whole, against real servers."""

import logging
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from django.utils import timezone

from aggregator.fetch import Limits
from aggregator.models import Feed, Headline, Pick
from aggregator.parse import parse
from aggregator.parse_pool import ParsePool
from aggregator.poll import Options, Poller
from aggregator.steering import save_changes
from tests.aggregator.serving import FEEDS, LOOPBACK, Answer, FeedServer, feed_at, make_due, rss
from tests.factories import make_collection, make_feed, make_headline

pytestmark = pytest.mark.django_db


def test_the_first_poll_brings_headlines_and_the_second_a_304_that_writes_none(server, poll):
    collection = make_collection()
    feed = feed_at(server, collection=collection)
    server.answers["/feed"] = Answer(
        rss("A", "B"), headers={"ETag": '"1"', "Last-Modified": "then"}
    )
    [first] = poll().values()
    assert (first.outcome, first.stored.new, first.reason) == ("changed", 2, "")
    assert list(feed.headlines.values_list("title", flat=True)) == ["A", "B"]
    assert [pick.shown_title for pick in Pick.objects.public()] == ["A", "B"]
    before = list(Headline.objects.values()), list(Pick.objects.values())

    make_due()
    [second] = poll().values()
    assert second.outcome == "unchanged"
    assert (list(Headline.objects.values()), list(Pick.objects.values())) == before
    assert server.asked[1].headers["If-None-Match"] == '"1"'
    assert server.asked[1].headers["If-Modified-Since"] == "then"
    feed.refresh_from_db()
    assert (feed.last_status, feed.last_outcome, feed.claimed_until) == (304, "unchanged", None)
    assert feed.next_poll_at > timezone.now() + timedelta(minutes=4)


def test_an_unchanged_body_is_not_parsed_again(server, poll):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(rss("A"))
    poll()
    feed.headlines.all().delete()
    make_due()
    [second] = poll().values()
    assert second.outcome == "unchanged"
    assert feed.headlines.count() == 0


def test_a_new_item_comes_in_alone(server, poll):
    feed = feed_at(server)
    server.answers["/feed"] = [Answer(rss("A")), Answer(rss("A", "B"))]
    poll()
    make_due()
    [second] = poll().values()
    assert second.stored.new == 1
    assert set(feed.headlines.values_list("title", flat=True)) == {"A", "B"}


def test_a_real_windows_1251_feed_is_readable(server, poll):
    feed_at(server)
    server.answers["/feed"] = Answer((FEEDS / "windows1251.xml").read_bytes())
    poll()
    assert Headline.objects.get().title == "Съезд чабанов: «ещё один»"


OFFERING_PAGE = (
    b"<!doctype html><title>Site</title><link rel=alternate type=application/atom+xml "
    b"title=News href=/news.atom><link rel=stylesheet href=/style.css>"
)


def test_every_kind_of_trouble_is_kept_with_its_reason_and_stops_nobody(server, poll):
    in_six_hours = timezone.now() + timedelta(hours=6)
    server.answers = {
        "/good": Answer(rss("Good")),
        "/403": Answer(status=403),
        "/410": Answer(status=410),
        "/429": Answer(status=429, headers={"Retry-After": "14400"}),
        "/503": Answer(status=503, headers={"Retry-After": format_datetime(in_six_hours, True)}),
        "/wall": Answer(b"<p>Just a moment", 503, {"cf-mitigated": "challenge"}),
        "/slow": Answer(rss("Slow"), delay_s=1),
        "/page": Answer(b"<!doctype html><p>hello"),
        "/site": Answer(OFFERING_PAGE),
        "/large": Answer(b"x" * 2_000_001),
        "/loop": Answer(status=302, headers={"Location": "/loop"}),
        "/half": Answer(b"<rss>", promised_length=99),
    }
    feeds = {path: feed_at(server, path) for path in server.answers}
    feeds["private"] = make_feed(url="http://127.0.0.9/")
    poll(
        limits=Limits(timeout_s=0.5, max_bytes=2_000_000),
        allowed_networks=["127.0.0.1/32"],
    )
    reasons = dict(Feed.objects.values_list("url", "last_error"))
    assert {path: reasons[feed.url] for path, feed in feeds.items()} == {
        "/good": "",
        "/403": "The site refuses us (403).",
        "/410": "The site says that the feed is gone for good (410).",
        "/429": "The site asks us to come less often (429).",
        "/503": "The site is not available at the moment (503).",
        "/wall": "The site keeps robots out: it wants proof that a person is there.",
        "/slow": "The server did not answer in time.",
        "/page": "The address leads to a web page, not to a feed.",
        "/site": "The address leads to a web page, not to a feed.",
        "/large": "The feed is larger than 1 MiB.",
        "/loop": "The address leads on and on without reaching a feed.",
        "/half": "The server’s answer is broken, or broke off.",
        "private": "The name leads to 127.0.0.9, which is not on the public internet.",
    }
    assert (poll.report.polled, poll.report.failed, poll.report.new) == (13, 12, 1)
    assert Feed.objects.filter(claimed_until__isnull=False).count() == 0
    pauses = {
        path: Feed.objects.get(pk=feed.pk).next_poll_at - timezone.now()
        for path, feed in feeds.items()
    }
    assert timedelta(minutes=53) < pauses["/403"] < timedelta(minutes=67)
    assert timedelta(hours=3.9) < pauses["/429"] < timedelta(hours=4.41)
    assert timedelta(hours=5.9) < pauses["/503"] < timedelta(hours=6.61)
    [offered] = Feed.objects.get(pk=feeds["/site"].pk).offered_feeds
    assert offered == {"url": server.url("/news.atom"), "title": "News"}
    assert Feed.objects.get(pk=feeds["/410"].pk).is_active is False


def test_old_headlines_survive_a_failure(server, poll):
    feed = feed_at(server)
    headline = make_headline(feed=feed)
    server.answers["/feed"] = Answer(status=500)
    poll()
    assert list(feed.headlines.all()) == [headline]


def test_one_host_is_asked_one_at_a_time_with_a_gap(server, poll):
    for number in range(4):
        server.answers[f"/{number}"] = Answer(rss("A"), delay_s=0.05)
        feed_at(server, f"/{number}")
    poll(host_gap_s=0.1)
    assert server.most_at_once == 1
    starts = [asked.at for asked in server.asked]
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert len(gaps) == 3
    assert min(gaps) >= 0.15


def test_a_host_that_redirects_lead_to_is_asked_one_at_a_time_with_a_gap(server, poll):
    others = [FeedServer(f"127.0.0.{number}") for number in range(2, 8)]
    try:
        for number, other in enumerate(others):
            server.answers[f"/{number}"] = Answer(rss("A"), delay_s=0.05)
            location = {"Location": server.url(f"/{number}")}
            other.answers["/feed"] = Answer(status=301, headers=location)
            feed_at(other)
        poll(host_gap_s=0.1)
    finally:
        for other in others:
            other.close()
    assert server.most_at_once == 1
    gaps = [later.at - earlier.at for earlier, later in pairwise(server.asked)]
    assert len(gaps) == 5
    assert min(gaps) >= 0.15
    assert Headline.objects.count() == 6


def test_who_waits_after_a_redirect_holds_no_slot(server, poll):
    others = [FeedServer(f"127.0.0.{number}") for number in range(2, 6)]
    try:
        server.answers["/feed"] = Answer(rss("A"), delay_s=0.4)
        for other in others[:3]:
            other.answers["/feed"] = Answer(status=302, headers={"Location": server.url()})
            feed_at(other, next_poll_at=timezone.now() - timedelta(hours=1))
        others[3].answers["/feed"] = Answer(rss("A"), delay_s=0.2)
        free = feed_at(others[3])
        told = poll(concurrency=2)
        # One talks to the crowded host, two wait for it, and the second slot is free.
        assert next(iter(told)) == free.url
        assert len(told) == 4
    finally:
        for other in others:
            other.close()


def test_a_feed_behind_another_host_is_asked_unconditionally_and_not_parsed_again(server, poll):
    other = FeedServer("127.0.0.2")
    try:
        other.answers["/feed"] = Answer(rss("A"), headers={"ETag": '"other"'})
        server.answers["/feed"] = Answer(status=301, headers={"Location": other.url()})
        feed = feed_at(server)
        poll()
        feed.headlines.all().delete()
        make_due()
        [second] = poll().values()
        assert (second.outcome, feed.headlines.count()) == ("unchanged", 0)
        assert not [a for a in server.asked + other.asked if "If-None-Match" in a.headers]
        assert len(other.asked) == 2
    finally:
        other.close()


def test_a_title_that_an_editor_has_emptied_comes_back_with_an_unchanged_feed(server, poll):
    feed = feed_at(server, title="Ours")
    server.answers["/feed"] = Answer(rss("A"), headers={"ETag": '"1"'})
    poll()
    feed.refresh_from_db()
    feed.title = ""
    save_changes(feed, changed=["title"], now=timezone.now())
    make_due()
    poll()
    feed.refresh_from_db()
    assert (feed.title, feed.etag, feed.last_outcome) == ("Outlet", '"1"', "unchanged")


def test_once_a_week_the_body_is_asked_for_whatever_the_validators_say(server, poll):
    week_ago = timezone.now() - timedelta(days=7)
    feed = feed_at(server, etag='"same for ever"', last_modified="then", fetched_whole_at=week_ago)
    server.answers["/feed"] = Answer(rss("A"), headers={"ETag": '"same for ever"'})
    poll()
    make_due()
    poll()
    whole, conditional = server.asked
    assert not {"If-None-Match", "If-Modified-Since"} & set(whole.headers)
    assert conditional.headers["If-None-Match"] == '"same for ever"'
    assert feed.headlines.count() == 1


@pytest.mark.parametrize(("status", "is_adopted"), [(301, True), (308, True), (302, False)])
def test_a_permanent_redirect_that_has_held_is_adopted(server, poll, status, is_adopted):
    other = FeedServer("127.0.0.2")
    try:
        other.answers["/feed"] = Answer(rss("A"))
        location = {"Location": other.url()}
        server.answers["/feed"] = Answer(status=status, headers=location)
        seen = {"moved_since": timezone.now() - timedelta(days=8), "moved_sightings": 4}
        feed = feed_at(server, moved_to=other.url(), **seen)
        poll()
        feed.refresh_from_db()
        assert (feed.url, feed.host) == (
            (other.url(), "127.0.0.2") if is_adopted else (server.url(), "127.0.0.1")
        )
        make_due()
        poll()
        assert len(server.asked) == (1 if is_adopted else 2)
    finally:
        other.close()


def test_a_redirect_to_what_is_no_feed_is_no_sighting(server, poll):
    server.answers["/feed"] = Answer(status=301, headers={"Location": server.url("/sorry")})
    server.answers["/sorry"] = Answer(b"<!doctype html><p>We are being repaired")
    feed = feed_at(server)
    poll()
    feed.refresh_from_db()
    assert (feed.moved_to, feed.moved_sightings, feed.last_outcome) == ("", 0, "failed")


def test_a_slow_host_keeps_nobody_waiting(server, poll):
    slow = FeedServer("127.0.0.2")
    try:
        slow.answers["/feed"] = Answer(rss("Slow"), delay_s=1)
        server.answers["/feed"] = Answer(rss("Fast"))
        slow_feed, fast_feed = feed_at(slow), feed_at(server)
        told = poll()
        assert list(told) == [fast_feed.url, slow_feed.url]
        assert told[fast_feed.url].took_s < 0.9
    finally:
        slow.close()


def test_more_feeds_than_fit_in_flight_are_all_polled(server, poll):
    for number in range(20):
        server.answers[f"/{number}"] = Answer(rss(f"A{number}"))
        feed_at(server, f"/{number}")
    assert len(poll(concurrency=1)) == 20
    assert Headline.objects.count() == 20


def test_once_means_that_no_feed_is_polled_twice(server, poll):
    feed_at(server)
    make_feed(url=server.url("/later"), next_poll_at=timezone.now() + timedelta(hours=1))
    server.answers["/feed"] = Answer(rss("A"))
    poll()
    poll()
    assert [asked.path for asked in server.asked] == ["/feed"]


def test_a_feed_taken_away_during_the_poll_is_let_go(server, poll, caplog):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(rss("A"))
    caplog.set_level(logging.INFO)

    class Interrupted(ParsePool):
        async def parse(self, body, *, url, content_type):
            # As an editor's new address does.
            await Feed.objects.aupdate(claimed_until=None, next_poll_at=timezone.now())
            return parse(body, url=url)

    options = Options(user_agent="Test", allowed_networks=LOOPBACK)
    assert Poller(options, pool=Interrupted()).run().polled == 0
    assert feed.headlines.count() == 0
    assert caplog.messages == [f"Somebody else has taken over {feed.url}"]


def test_an_unforeseen_error_is_logged_and_the_feed_tried_again_later(server, parse_pool, caplog):
    feed = feed_at(server)
    server.answers["/feed"] = Answer(rss("A"))

    class Broken(ParsePool):
        async def parse(self, body, *, url, content_type):
            raise ZeroDivisionError

    Poller(Options(user_agent="Test", allowed_networks=LOOPBACK), pool=Broken()).run()
    feed.refresh_from_db()
    assert (feed.last_outcome, feed.failures) == ("failed", 1)
    assert feed.last_error == "The feed could not be read."
    assert caplog.messages == [f"Polling {feed.url} failed in an unforeseen way"]


@pytest.mark.parametrize("rows", [1, 30])
def test_a_poll_costs_the_same_queries_at_any_number_of_items(
    rows, server, poll, django_assert_num_queries, is_postgres
):
    feed_at(server)
    server.answers["/feed"] = Answer(rss(*(f"T{n}" for n in range(rows))))
    # Reading the rules with 3, a claim with 5, storing with 5, asking whether rules have changed
    # with 1, and a claim that finds nothing with 3; asking for other work with 3 for each of three
    # kinds. PostgreSQL’s lock is one more a claim.
    with django_assert_num_queries(28 + (2 if is_postgres else 0)):
        poll()
