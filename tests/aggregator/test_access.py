"""Asking for a feed with its publisher's permission; what is secret goes nowhere else."""

import asyncio
import base64

import pytest
from yarl import URL

from aggregator import errors
from aggregator.access import Access, check_access, is_same_origin
from aggregator.fetch import Limits, fetch, open_session
from tests.aggregator.serving import LOOPBACK, Answer, FeedServer, rss

LIMITS = Limits(timeout_s=5, connect_timeout_s=2)
SECRETS = Access(
    user_agent="Friend/1",
    header_name="X-Key",
    header_value="s3cret-header",
    username="us",
    password="s3cret-password",
    cookie="s3cret=cookie",
)
BASIC = "Basic " + base64.b64encode(b"us:s3cret-password").decode()


def get(url, access, *, allowed=LOOPBACK):
    async def go():
        async with open_session(
            user_agent="Test", allowed_networks=allowed, limits=LIMITS
        ) as session:
            return await fetch(session, url, limits=LIMITS, access=access)

    return asyncio.run(go())


@pytest.fixture
def other():
    server = FeedServer("127.0.0.2")
    yield server
    server.close()


def test_all_that_is_set_goes_along(server):
    server.answers["/feed"] = Answer(rss("A"))
    get(server.url(), SECRETS)
    headers = server.asked[0].headers
    assert headers["User-Agent"] == "Friend/1"
    assert headers["X-Key"] == "s3cret-header"
    assert headers["Cookie"] == "s3cret=cookie"
    assert headers["Authorization"] == BASIC


def test_a_redirect_within_the_origin_keeps_it(server):
    server.answers["/old"] = Answer(status=301, headers={"Location": "/feed"})
    server.answers["/feed"] = Answer(rss("A"))
    get(server.url("/old"), SECRETS)
    assert [asked.headers["Authorization"] for asked in server.asked] == [BASIC, BASIC]


@pytest.mark.parametrize("back", [False, True])
def test_another_host_sees_no_secret(server, other, back):
    server.answers["/feed"] = Answer(status=302, headers={"Location": other.url()})
    other.answers["/feed"] = Answer(rss("A"))
    if back:
        other.answers["/feed"] = Answer(status=302, headers={"Location": server.url("/end")})
        server.answers["/end"] = Answer(rss("A"))
    get(server.url(), SECRETS)
    told = other.asked[0].headers
    assert {"Authorization", "Cookie", "X-Key"} & set(told) == set()
    assert told["User-Agent"] == "Friend/1"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("http://a.example/", "https://a.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("https://a.example/", "https://a.example:8443/", False),
        ("http://a.example:8080/", "https://a.example/", False),
        ("https://a.example/", "https://b.a.example/", False),
        ("https://a.example/", "https://A.example/", True),
    ],
)
def test_an_origin_is_scheme_host_and_port_and_may_become_safer(first, second, expected):
    assert is_same_origin(URL(first), URL(second)) is expected


def test_nothing_secret_stands_in_a_representation():
    everything = Access(**{**_fields(SECRETS), "proxy": "http://me:s3cret@p.example"})
    assert "s3cret" not in repr(everything)


def _fields(access):
    return {name: getattr(access, name) for name in Access.__dataclass_fields__}


def test_an_address_with_a_password_leaves_it_in_no_answer(server):
    server.answers["/feed"] = Answer(rss("A"))
    fetched = get(server.url().replace("://", "://me:s3cret@"), None)
    assert "s3cret" not in fetched.final_url + fetched.moved_to


def test_a_proxy_is_asked_in_the_place_of_the_host(server):
    server.answers["http://feed.example/rss"] = Answer(rss("A"))
    fetched = get("http://feed.example/rss", Access(proxy=f"http://{server.host}"))
    assert fetched.body == rss("A")
    assert server.asked[0].path == "http://feed.example/rss"


def test_a_proxy_on_a_private_address_is_refused_unless_it_is_opened(server):
    with pytest.raises(errors.BlockedAddress):
        get("http://feed.example/rss", Access(proxy=f"http://{server.host}"), allowed=())
    assert server.asked == []


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "[::1]", "2130706433", "0x7f.1", "0177.1"]
)
def test_a_proxy_dials_no_private_address_for_us(server, host):
    with pytest.raises(errors.FetchError):
        get(f"http://{host}/rss", Access(proxy=f"http://{server.host}"))
    assert server.asked == []


def test_a_proxy_that_is_down_is_named_as_such_without_its_password():
    proxy = Access(proxy="http://me:s3cret@127.0.0.1:1")
    with pytest.raises(errors.ProxyFailed) as error:
        get("http://feed.example/rss", proxy)
    assert "s3cret" not in str(error.value) + error.value.reason


def test_good_access_has_nothing_wrong():
    assert check_access(SECRETS) == {}
    assert check_access(Access()) == {}


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"user_agent": "a\r\nb"}, {"user_agent"}),
        ({"header_name": "A B", "header_value": "x"}, {"header_name"}),
        ({"header_name": "Content-Length", "header_value": "1"}, {"header_name"}),
        ({"header_name": "X"}, {"header_name"}),
        ({"header_value": "x\n"}, {"header_name", "header_value"}),
        ({"cookie": "київ"}, {"cookie"}),
        ({"username": "a:b"}, {"username"}),
        ({"password": "x"}, {"username"}),
        ({"proxy": "socks5://h:1"}, {"proxy"}),
        ({"proxy": "http://h:1/path"}, {"proxy"}),
        ({"proxy": "http://[broken"}, {"proxy"}),
    ],
)
def test_what_would_break_a_request_is_named(fields, names):
    assert set(check_access(Access(**fields))) == names
