"""One address over HTTP, from a real server."""

import asyncio
import gzip
import sys
import tracemalloc
import zlib
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import brotli
import pytest

from aggregator import errors
from aggregator.fetch import Limits, fetch, open_session
from tests.aggregator.serving import LOOPBACK, Answer, FeedServer, rss

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LIMITS = Limits(timeout_s=5, connect_timeout_s=2, max_bytes=100_000)
NOW = datetime(2026, 11, 18, 12, tzinfo=UTC).timestamp()


def get(url, *, allowed=LOOPBACK, limits=LIMITS, **options):
    async def go():
        async with open_session(
            user_agent="Test/1 (+http://site.example/about/fetcher)",
            allowed_networks=allowed,
            limits=limits,
        ) as session:
            return await fetch(session, url, limits=limits, **options)

    return asyncio.run(go())


def test_fetch_returns_body_and_validators_exactly_as_sent(server):
    server.answers["/feed"] = Answer(
        b"<rss/>",
        headers={
            "ETag": 'W/"a b"',
            "Last-Modified": "yesterday, honestly",
            "Content-Type": "text/xml; charset=koi8-r",
            "Cache-Control": "public, max-age=900",
        },
    )
    fetched = get(server.url())
    assert fetched.body == b"<rss/>"
    assert fetched.etag == 'W/"a b"'
    assert fetched.last_modified == "yesterday, honestly"
    assert fetched.content_type == "text/xml; charset=koi8-r"
    assert fetched.fresh_for_s == 900
    assert (fetched.status, fetched.final_url, fetched.moved_to) == (200, server.url(), "")


def test_fetch_says_who_asks_and_sends_the_validators_back(server):
    server.answers["/feed"] = Answer(b"x", headers={"ETag": '"1"'})
    fetched = get(server.url(), etag='"1"', last_modified="yesterday, honestly")
    assert fetched.is_unchanged is True
    assert fetched.body == b""
    headers = server.asked[0].headers
    assert headers["User-Agent"] == "Test/1 (+http://site.example/about/fetcher)"
    assert headers["Accept"].startswith("application/atom+xml, application/rss+xml")
    assert headers["If-None-Match"] == '"1"'
    assert headers["If-Modified-Since"] == "yesterday, honestly"


def test_fetch_sends_no_validators_where_there_are_none(server):
    server.answers["/feed"] = Answer(b"x")
    get(server.url())
    assert not {"If-None-Match", "If-Modified-Since", "Cookie"} & set(server.asked[0].headers)


def test_a_304_to_an_unconditional_request_is_an_error(server):
    server.answers["/feed"] = Answer(status=304)
    with pytest.raises(errors.BadStatus):
        get(server.url())


def test_validators_that_could_break_a_header_are_not_kept(server):
    server.answers["/feed"] = Answer(b"x", headers={"ETag": "a" * 1001, "Last-Modified": "\t\x80"})
    fetched = get(server.url())
    assert (fetched.etag, fetched.last_modified) == ("", "")


def test_fetch_refuses_loopback_unless_it_is_opened(server):
    server.answers["/feed"] = Answer(b"secret")
    with pytest.raises(errors.BlockedAddress) as caught:
        get(server.url(), allowed=())
    assert "127.0.0.1" in caught.value.reason
    assert caught.value.url == server.url()
    assert caught.value.__cause__ is not None
    assert server.asked == []


def test_fetch_refuses_a_name_that_leads_to_loopback(server):
    port = server.host.partition(":")[2]
    with pytest.raises(errors.BlockedAddress):
        get(f"http://localhost:{port}/feed", allowed=())
    assert server.asked == []


def test_fetch_refuses_a_redirect_to_a_private_address(server):
    private = FeedServer("127.0.0.2")
    try:
        private.answers["/feed"] = Answer(b"secret")
        server.answers["/feed"] = Answer(status=302, headers={"Location": private.url()})
        with pytest.raises(errors.BlockedAddress):
            get(server.url(), allowed=("127.0.0.1/32",))
        assert private.asked == []
    finally:
        private.close()


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/", "http://["]
)
def test_fetch_follows_to_http_only(server, location):
    server.answers["/feed"] = Answer(status=302, headers={"Location": location})
    with pytest.raises(errors.BadAddress):
        get(server.url())


@pytest.mark.parametrize("url", ["http://2130706433/", "http://127.1/", "http://0x7f.1/", "x"])
def test_fetch_refuses_odd_addresses(url):
    with pytest.raises((errors.BadAddress, errors.Unreachable, errors.BlockedAddress)):
        get(url)


@pytest.mark.parametrize(
    ("statuses", "moved"), [((301, 308), True), ((301, 302), False), ((307, 301), False)]
)
def test_only_an_unbroken_chain_of_permanent_redirects_moves_a_feed(server, statuses, moved):
    server.answers["/feed"] = Answer(status=statuses[0], headers={"Location": "/b?x=1"})
    server.answers["/b?x=1"] = Answer(status=statuses[1], headers={"Location": "c"})
    server.answers["/c"] = Answer(b"here")
    fetched = get(server.url())
    assert fetched.body == b"here"
    assert fetched.final_url == server.url("/c")
    assert fetched.moved_to == (server.url("/c") if moved else "")


def test_fetch_gives_up_after_five_redirects(server):
    server.answers["/feed"] = Answer(status=302, headers={"Location": "/feed"})
    with pytest.raises(errors.TooManyRedirects):
        get(server.url())
    assert len(server.asked) == 6


def test_validators_do_not_travel_to_another_host(server):
    other = FeedServer("127.0.0.2")
    try:
        other.answers["/feed"] = Answer(b"x")
        server.answers["/feed"] = Answer(status=302, headers={"Location": other.url()})
        get(server.url().replace("http://", "http://user:secret@"), etag='"private"')
        assert server.asked[0].headers["If-None-Match"] == '"private"'
        assert not {"If-None-Match", "Authorization"} & set(other.asked[0].headers)
    finally:
        other.close()


def test_validators_of_another_host_are_not_kept(server):
    other = FeedServer("127.0.0.2")
    try:
        headers = {"ETag": '"other"', "Last-Modified": "then"}
        other.answers["/feed"] = Answer(b"x", headers=headers)
        server.answers["/feed"] = Answer(status=301, headers={"Location": other.url()})
        server.answers["/old"] = Answer(status=301, headers={"Location": "/new"})
        server.answers["/new"] = Answer(b"x", headers=headers)
        from_other, from_own = get(server.url()), get(server.url("/old"))
        assert (from_other.body, from_other.etag, from_other.last_modified) == (b"x", "", "")
        assert (from_own.etag, from_own.last_modified) == ('"other"', "then")
        assert get(server.url("/old"), etag='"other"').is_unchanged is True
    finally:
        other.close()


def test_each_hop_takes_the_turn_of_its_host(server):
    other = FeedServer("127.0.0.2")
    events = []

    @asynccontextmanager
    async def turn(host):
        events.append(("in", host))
        yield
        events.append(("out", host, len(server.asked), len(other.asked)))

    try:
        other.answers["/feed"] = Answer(b"x")
        server.answers["/feed"] = Answer(status=302, headers={"Location": "/b"})
        server.answers["/b"] = Answer(status=302, headers={"Location": other.url()})
        assert get(server.url(), turn=turn).body == b"x"
    finally:
        other.close()
    assert events == [
        *(("in", "127.0.0.1"), ("out", "127.0.0.1", 1, 0)),
        *(("in", "127.0.0.1"), ("out", "127.0.0.1", 2, 0)),
        *(("in", "127.0.0.2"), ("out", "127.0.0.2", 2, 1)),
    ]


def test_waiting_for_a_turn_takes_no_time_from_the_limit_and_hops_share_it(server):
    @asynccontextmanager
    async def late(host):
        await asyncio.sleep(0.5)
        yield

    limits = Limits(timeout_s=0.4)
    server.answers["/feed"] = Answer(status=302, headers={"Location": "/b"})
    server.answers["/b"] = Answer(b"x")
    assert get(server.url(), turn=late, limits=limits).body == b"x"
    server.answers["/feed"].delay_s = server.answers["/b"].delay_s = 0.25
    with pytest.raises(errors.Timeout):
        get(server.url(), limits=limits)


def test_proxies_and_netrc_of_the_environment_are_left_alone(server, monkeypatch, tmp_path):
    proxy = FeedServer("127.0.0.3")
    try:
        (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
        monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
        monkeypatch.setenv("HTTP_PROXY", proxy.url("/"))
        monkeypatch.setenv("http_proxy", proxy.url("/"))
        server.answers["/feed"] = Answer(b"direct")
        assert get(server.url()).body == b"direct"
        assert proxy.asked == []
        assert "Authorization" not in server.asked[0].headers
    finally:
        proxy.close()


def test_cookies_are_not_kept(server):
    server.answers["/feed"] = Answer(
        status=302, headers={"Location": "/b", "Set-Cookie": "id=1; Path=/"}
    )
    server.answers["/b"] = Answer(b"x")
    get(server.url())
    assert "Cookie" not in server.asked[1].headers


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_packed_bodies_are_unpacked(server, encoding):
    server.answers["/feed"] = Answer(
        pack(rss("A"), encoding), headers={"Content-Encoding": encoding}
    )
    assert get(server.url()).body == rss("A")
    assert encoding in server.asked[0].headers["Accept-Encoding"]


def pack(body, encoding):
    packers = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstd.compress,
    }
    return packers[encoding](body)


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd"])
def test_a_bomb_stops_early_and_stays_small(server, encoding):
    bomb = pack(bytes(100 * 1024 * 1024), encoding)
    server.answers["/feed"] = Answer(bomb, headers={"Content-Encoding": encoding})
    tracemalloc.start()
    try:
        with pytest.raises(errors.TooLarge) as caught:
            get(server.url(), limits=Limits(max_bytes=1024 * 1024))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
    assert caught.value.reason == "The feed is larger than 1 MiB."


def test_a_body_of_exactly_the_limit_is_read_and_one_byte_more_is_not(server):
    server.answers["/feed"] = [Answer(b"x" * 100_000), Answer(b"x" * 100_001)]
    assert len(get(server.url()).body) == 100_000
    with pytest.raises(errors.TooLarge):
        get(server.url())


def test_a_slow_server_is_given_up(server):
    server.answers["/feed"] = Answer(b"late", delay_s=0.6)
    with pytest.raises(errors.Timeout) as caught:
        get(server.url(), limits=Limits(timeout_s=0.2))
    assert isinstance(caught.value.__cause__, TimeoutError)


def test_nobody_listening_is_unreachable(server):
    url = server.url()
    server.close()
    with pytest.raises(errors.Unreachable) as caught:
        get(url)
    assert "refused" in caught.value.reason


def test_a_body_that_breaks_off_is_a_broken_answer(server):
    server.answers["/feed"] = Answer(b"half", promised_length=100)
    with pytest.raises(errors.BrokenAnswer):
        get(server.url())


def test_a_body_that_is_not_packed_as_it_says_is_a_broken_answer(server):
    server.answers["/feed"] = Answer(b"plain" * 100, headers={"Content-Encoding": "gzip"})
    with pytest.raises(errors.BrokenAnswer):
        get(server.url())


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, "There is nothing at this address (404)."),
        (403, "The site refuses us (403)."),
        (500, "The site answered with the error 500."),
        (204, "The site answered with the error 204."),
    ],
)
def test_other_answers_are_named(server, status, reason):
    server.answers["/feed"] = Answer(status=status)
    with pytest.raises(errors.BadStatus) as caught:
        get(server.url())
    assert (caught.value.status, caught.value.reason) == (status, reason)


def test_gone_and_the_wish_to_wait_are_told(server):
    server.answers["/feed"] = [
        Answer(status=410),
        Answer(status=429, headers={"Retry-After": "120"}),
    ]
    with pytest.raises(errors.Gone):
        get(server.url())
    with pytest.raises(errors.BadStatus) as caught:
        get(server.url())
    assert caught.value.retry_after_s == 120
