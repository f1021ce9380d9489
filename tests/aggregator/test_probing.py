"""Looking at an address before a feed is added."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.utils import timezone

from aggregator import probing, steering
from aggregator.fetch import Limits, open_session
from aggregator.hosts import HostTurns
from aggregator.kit import Kit, in_database
from aggregator.models import Feed, Headline, Pick, Probe
from aggregator.parse import parse
from tests.aggregator.serving import LOOPBACK, Answer, make_due, rss
from tests.factories import make_collection, make_editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def probe(parse_pool):
    """Look at an address as a poller does; return the row that it has filled in."""

    async def go():
        limits = Limits(timeout_s=1)
        async with open_session(
            user_agent="Test", allowed_networks=LOOPBACK, limits=limits
        ) as session:
            kit = Kit(
                session=session,
                limits=limits,
                turns=HostTurns(gap_s=0),
                pool=parse_pool,
                clock=timezone.now,
            )
            for piece in await in_database(probing.claim_waiting, now=timezone.now(), limit=8):
                await probing.attend(piece, kit)

    def probe(address):
        row = Probe.objects.create(address=address, asked_by=make_editor(), asked_at=timezone.now())
        async_to_sync(go)()
        row.refresh_from_db()
        return row

    return probe


def page(*links):
    tags = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{title}" href="{href}">'
        for title, href in links
    )
    return Answer(f"<!doctype html><html><head>{tags}</head></html>".encode())


def test_a_feeds_own_address_shows_what_it_sends(server, probe):
    server.answers["/feed"] = Answer(rss("A", "B"), headers={"ETag": '"1"', "Server": "nginx"})
    found = probe(server.url())
    assert (found.state, found.url, found.error) == ("found", server.url(), "")
    assert found.answer["status"] == 200
    assert found.answer["bytes"] == len(rss("A", "B"))
    assert found.answer["headers"]["ETag"] == '"1"'
    parsed = probing.from_json(found.document)
    assert parsed == parse(rss("A", "B"), url=server.url())


def test_a_site_leads_to_the_first_feed_that_it_names_and_shows_the_others(server, probe):
    server.answers["/"] = page(("Comments", "/comments/feed"), ("News", "/feed"))
    server.answers["/feed"] = Answer(rss("A"))
    found = probe(server.url("/"))
    assert (found.state, found.url) == ("found", server.url("/feed"))
    assert found.offered_feeds == [
        {"url": server.url("/feed"), "title": "News"},
        {"url": server.url("/comments/feed"), "title": "Comments"},
    ]
    assert [asked.path for asked in server.asked] == ["/", "/feed"]


@pytest.mark.parametrize("front", [Answer(b"<!doctype html><p>Hi"), Answer(status=404)])
def test_a_site_that_names_none_is_searched_where_most_have_theirs(server, probe, front):
    server.answers["/"] = front
    server.answers["/feed.xml"] = Answer(rss("A"))
    found = probe(server.url("/"))
    assert (found.state, found.url) == ("found", server.url("/feed.xml"))
    assert [asked.path for asked in server.asked] == ["/", "/feed/", "/rss.xml", "/feed.xml"]


def test_a_page_deep_in_a_site_is_not_searched_around(server, probe):
    server.answers["/2026/story"] = Answer(b"<!doctype html><p>Hi")
    found = probe(server.url("/2026/story"))
    assert found.state == "failed"
    assert found.error == "The address leads to a web page, not to a feed."
    assert found.advice != ""
    assert len(server.asked) == 1


def test_what_goes_wrong_is_told_in_words(server, probe):
    server.answers["/feed"] = Answer(status=403)
    found = probe(server.url())
    assert (found.state, found.error) == ("failed", "The site refuses us (403).")
    assert found.answer["status"] == 403


def test_private_addresses_are_not_looked_at(probe):
    found = probe("http://10.1.2.3/feed")
    assert found.error == "The name leads to 10.1.2.3, which is not on the public internet."


def test_a_permanent_redirect_gives_the_new_address(server, probe):
    server.answers["/old"] = Answer(status=301, headers={"Location": server.url()})
    server.answers["/feed"] = Answer(rss("A"))
    assert probe(server.url("/old")).url == server.url()
    server.answers["/old"] = Answer(status=302, headers={"Location": server.url()})
    assert probe(server.url("/old")).url == server.url("/old")


def test_adding_what_was_looked_at_asks_for_nothing_twice(server, probe, poll):
    server.answers["/feed"] = Answer(rss("A", "B"), headers={"ETag": '"1"'})
    found = probe(server.url())
    collection = make_collection()
    feed, is_new = steering.add_probed(
        found, collection=collection, folder="News", now=timezone.now()
    )
    assert (is_new, feed.title, feed.folder) == (True, "Outlet", "News")
    assert (feed.last_outcome, feed.etag, feed.health) == ("changed", '"1"', Feed.Health.OK)
    assert Headline.objects.count() == 2
    assert Pick.objects.filter(collection=collection).count() == 2
    assert feed.next_poll_at > timezone.now() + timedelta(minutes=4)
    poll()
    assert len(server.asked) == 1
    make_due()
    poll()
    assert server.asked[1].headers["If-None-Match"] == '"1"'


def test_adding_twice_gives_the_same_feed(server, probe):
    server.answers["/feed"] = Answer(rss("A"))
    found = probe(server.url())
    first, _ = steering.add_probed(found, now=timezone.now())
    second, is_new = steering.add_probed(found, title="Other", now=timezone.now())
    assert (second, is_new, second.title) == (first, False, "Outlet")


def test_probes_of_yesterday_are_forgotten(server, probe):
    old = Probe.objects.create(
        address="x",
        asked_by=make_editor(),
        asked_at=timezone.now() - timedelta(days=2),
        state="found",
    )
    probe(server.url())
    assert not Probe.objects.filter(pk=old.pk).exists()


def test_a_probe_is_taken_by_one_poller(django_assert_num_queries):
    now = timezone.now()
    Probe.objects.create(address="x", asked_by=make_editor(), asked_at=now)
    assert len(probing.claim_waiting(now=now, limit=8)) == 1
    assert probing.claim_waiting(now=now, limit=8) == []
    assert len(probing.claim_waiting(now=now + probing.CLAIM, limit=8)) == 1
