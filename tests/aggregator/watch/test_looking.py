"""Looking at picked links, at real servers."""

import socket
from datetime import timedelta

import pytest
from aiohttp.abc import AbstractResolver
from django.utils import timezone

from aggregator.identity import host_of
from aggregator.models import Feed, SourceWatch
from aggregator.watch import looking
from tests.aggregator.serving import Answer, FeedServer
from tests.aggregator.sidework import do_all, with_kit
from tests.factories import make_headline, make_pick

pytestmark = pytest.mark.django_db
HTML = {"Content-Type": "text/html"}
PAGE = Answer(b"<title>A</title>", headers=HTML)
DAY = timedelta(days=1)


def watched(url, *, is_public=True, **fields):
    """A link that is due, of an article that stands in public."""
    headline = make_headline(url=url)
    make_pick(headline=headline, withdrawn_at=None if is_public else timezone.now())
    fields = {"next_at": timezone.now() - timedelta(minutes=1)} | fields
    return SourceWatch.objects.create(headline=headline, title=headline.title, **fields)


def looked(watch, times=1, **options):
    """Let the day go by and look, so many times."""
    for number in range(times):
        now = timezone.now() + DAY * number
        SourceWatch.objects.filter(pk=watch.pk).update(next_at=now)
        do_all(looking, clock=lambda now=now: now, **options)
    watch.refresh_from_db()
    return watch


def test_a_link_that_leads_to_a_page_is_alive_and_costs_one_head(server):
    server.answers["/a"] = PAGE
    watch = looked(watched(server.url("/a")))
    assert (watch.state, watch.status, watch.failures, watch.claimed_until) == (
        "alive",
        200,
        0,
        None,
    )
    assert watch.next_at > timezone.now() + 6 * DAY
    assert [(asked.method, asked.path) for asked in server.asked] == [("HEAD", "/a")]
    assert server.asked[0].headers["User-Agent"] == "Test"
    assert "Cookie" not in server.asked[0].headers


@pytest.mark.parametrize("status", [400, 403, 404, 405, 501])
def test_where_head_is_refused_get_is_asked(server, status):
    server.answers["HEAD /a"] = Answer(status=status)
    server.answers["/a"] = PAGE
    assert looked(watched(server.url("/a"))).state == "alive"
    assert [asked.method for asked in server.asked] == ["HEAD", "GET"]


@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_wants_to_be_left_alone_is_not_asked_twice(server, status):
    server.answers["/a"] = Answer(status=status, headers={"Retry-After": "259200"})
    watch = looked(watched(server.url("/a")))
    assert (watch.state, watch.failures, len(server.asked)) == ("unseen", 1, 1)
    assert watch.next_at > timezone.now() + 2.9 * DAY


@pytest.mark.parametrize("status", [404, 410])
def test_a_link_that_died_asks_after_the_second_day(server, status):
    server.answers["/a"] = Answer(status=status)
    watch = looked(watched(server.url("/a")))
    assert (watch.state, watch.asks_at) == ("unseen", None)
    watch = looked(watch, times=2)
    assert (watch.state, watch.status) == ("dead", status)
    assert watch.asks_at is not None
    assert f"({status})" in watch.error
    assert "feed" not in watch.error
    server.answers["/a"] = PAGE
    watch = looked(watch)
    assert (watch.state, watch.asks_at, watch.error) == ("alive", None, "")


class NoSuchName(AbstractResolver):
    """A name server that knows no names."""

    async def resolve(self, host, port=0, family=socket.AF_INET):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def close(self):
        pass


class Silent(NoSuchName):
    async def resolve(self, host, port=0, family=socket.AF_INET):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def test_a_host_that_is_gone_is_dead_and_a_silent_name_server_says_nothing():
    watch = looked(watched("https://gone.example/a"), times=2, resolver=NoSuchName())
    assert (watch.state, watch.status) == ("dead", None)
    assert "Name or service not known" in watch.error
    watch = looked(watched("https://there.example/a"), times=2, resolver=Silent())
    assert (watch.state, watch.failures) == ("unseen", 2)


@pytest.mark.parametrize(
    ("answer", "limits"),
    [
        (Answer(status=403), {}),
        (Answer(status=500), {}),
        (Answer(b"x", delay_s=1), {"timeout_s": 0.2}),
    ],
)
def test_refusals_errors_and_silence_are_no_death(server, answer, limits):
    server.answers["/a"] = answer
    watch = looked(watched(server.url("/a")), times=3, **limits)
    assert (watch.state, watch.asks_at, watch.failures) == ("unseen", None, 3)


def test_a_link_that_leads_home_is_told_with_where_it_leads(server):
    server.answers["/2026/a"] = Answer(status=301, headers={"Location": "/"})
    server.answers["/"] = PAGE
    watch = looked(watched(server.url("/2026/a")), times=2)
    assert (watch.state, watch.moved_to) == ("moved", server.url("/"))


def test_private_addresses_are_never_asked(server):
    server.answers["/a"] = PAGE
    watch = looked(watched(server.url("/a")), times=2, allowed=())
    assert (watch.state, watch.failures, server.asked) == ("unseen", 2, [])
    assert "is not on the public internet" in watch.error


def test_a_redirect_into_our_network_is_refused(server):
    private = FeedServer("127.0.0.2")
    try:
        private.answers["/x"] = PAGE
        server.answers["/a"] = Answer(status=302, headers={"Location": private.url("/x")})
        watch = looked(watched(server.url("/a")), allowed=("127.0.0.1/32",))
        assert (watch.state, watch.failures, private.asked) == ("unseen", 1, [])
    finally:
        private.close()


def test_an_endless_page_is_not_read(server):
    server.answers["HEAD /a"] = Answer(status=405)
    server.answers["/a"] = Answer(b"x" * 5_000_000, headers=HTML)
    assert looked(watched(server.url("/a")), max_bytes=1000).state == "alive"


def test_a_host_is_asked_by_one_at_a_time(server):
    for number in range(3):
        watched(server.url(f"/{number}"))
    now = timezone.now()
    [first] = looking.claim_waiting(now=now, limit=8)
    assert looking.claim_waiting(now=now, limit=8) == []
    looking.keep(first, looking.Verdict(kind="alive", status=200), now=now, chance=0)
    [second] = looking.claim_waiting(now=now, limit=8)
    assert second != first


def test_a_host_that_is_just_polled_is_left_alone(server):
    watched(server.url("/a"))
    now = timezone.now()
    Feed.objects.update(host=host_of(server.url()), claimed_until=now + DAY)
    assert looking.claim_waiting(now=now, limit=8) == []
    Feed.objects.update(claimed_until=None)
    assert len(looking.claim_waiting(now=now, limit=8)) == 1


def test_who_dies_in_the_middle_leaves_the_link_to_the_next(server):
    server.answers["/a"] = PAGE
    watch = watched(server.url("/a"))
    now = timezone.now()
    [lost] = looking.claim_waiting(now=now, limit=8)
    assert looking.claim_waiting(now=now, limit=8) == []
    [found] = looking.claim_waiting(now=now + looking.CLAIM, limit=8)
    with_kit(lambda kit: looking.attend(found, kit))
    watch.refresh_from_db()
    assert watch.state == "alive"
    # Who wakes up again later overwrites nothing.
    looking.keep(lost, looking.Verdict(kind="dead", status=404), now=now, chance=0)
    watch.refresh_from_db()
    assert (watch.state, watch.suspect_state) == ("alive", "")


def test_what_readers_do_not_see_is_not_looked_at(server):
    hidden = watched(server.url("/a"), is_public=False)
    nowhere = watched("")
    now = timezone.now()
    assert looking.claim_waiting(now=now, limit=8) == []
    for watch in (hidden, nowhere):
        watch.refresh_from_db()
        assert watch.next_at > now + 6 * DAY
    assert server.asked == []


@pytest.mark.parametrize("count", [1, 30])
def test_claiming_takes_so_many_queries_at_any_length(
    django_assert_num_queries, count, is_postgres
):
    for number in range(count):
        watched(f"https://outlet{number}.example/a")
        watched(f"https://later{number}.example/a", next_at=timezone.now() + DAY)
    with django_assert_num_queries(9 if is_postgres else 8):
        assert len(looking.claim_waiting(now=timezone.now(), limit=8)) == min(count, 8)
    SourceWatch.objects.update(next_at=timezone.now() + DAY)
    with django_assert_num_queries(1):
        assert looking.claim_waiting(now=timezone.now(), limit=8) == []
