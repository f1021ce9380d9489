"""Addresses that lead inside, in every spelling; nothing there is ever asked."""

import asyncio
import socket
import time

import psutil
import pytest
from aiohttp.abc import AbstractResolver

from aggregator import errors
from aggregator.fetch import Limits, fetch, open_session
from aggregator.guard import is_dialable
from tests.aggregator.serving import LOOPBACK, Answer, FeedServer, rss

LIMITS = Limits(timeout_s=3, connect_timeout_s=2, max_bytes=10 * 2**20)
INSIDE = [
    *("127.0.0.1", "127.1.2.3", "127.255.255.254", "0.0.0.0", "0.1.2.3"),  # noqa: S104  dialled
    *("10.0.0.1", "10.255.255.255"),
    *("172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255", "169.254.169.254"),
    *("169.254.0.1", "100.64.0.1", "100.100.100.200", "100.127.255.255"),
    *("192.0.0.1", "192.0.0.192"),
    *("192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "168.63.129.16"),
    *("::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1"),
    *("2001::1", "2001:db8::1", "2001:10::1", "2002:7f00:1::", "2002:a00:1::", "3fff::1"),
    *("fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1"),
    *("4000::1", "8000::1", "e000::1"),
]  # fmt: skip
SPELLINGS = [
    *("2130706433", "017700000001", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "127.1", "127.0.1"),
    *("0", "0x0", "127.000.000.001", "127.0.0.1.", "localhost", "localhost.", "LOCALHOST"),
    *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "169.254.43518", "10.1", "0xa.1"),
    *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]", "[::ffff:a9fe:a9fe]"),
    *("①②⑦.⓪.⓪.①", "127。0。0。1", "１２７.0.0.1", "ⓛocalhost", "127%2e0%2e0%2e1", "[::1%25lo]"),
]  # fmt: skip


@pytest.fixture
def canary():
    server = FeedServer()
    server.answers = {path: Answer(rss("Secret")) for path in ("/", "/feed")}
    yield server
    server.close()


class Resolver(AbstractResolver):
    """Answers with the next of ``answers`` each time, and counts."""

    def __init__(self, *answers):
        self.answers, self.asked = list(answers), 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        addresses = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {
                "hostname": host,
                "host": address,
                "port": port,
                "family": socket.AF_INET6 if ":" in address else socket.AF_INET,
                "proto": 0,
                "flags": socket.AI_NUMERICHOST,
            }
            for address in addresses
        ]

    async def close(self):
        pass


def get(url, *, allowed=(), limits=LIMITS, resolver=None, times=1):
    async def go():
        outcomes = []
        async with open_session(
            user_agent="T", allowed_networks=allowed, limits=limits, resolver=resolver
        ) as session:
            for _ in range(times):
                try:
                    outcomes.append(await fetch(session, url, limits=limits))
                except errors.FetchError as error:
                    outcomes.append(error)
        return outcomes

    return asyncio.run(go())


@pytest.mark.parametrize("address", INSIDE)
def test_no_address_inside_may_be_dialled(address):
    assert is_dialable(address) is False


@pytest.mark.parametrize(
    "address", ["93.184.215.14", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111"]
)
def test_public_addresses_may_be_dialled(address):
    assert is_dialable(address) is True


@pytest.mark.parametrize("host", [*SPELLINGS, *(f"[{a}]" if ":" in a else a for a in INSIDE)])
def test_no_spelling_of_an_address_inside_is_asked(canary, host):
    port = canary.host.rpartition(":")[2]
    [outcome] = get(f"http://{host}:{port}/feed")
    assert isinstance(outcome, errors.FetchError)
    assert outcome.reason
    assert canary.asked == []


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_redirect_to_one_is_followed(canary, host):
    port = canary.host.rpartition(":")[2]
    outside = FeedServer("127.0.0.3")
    try:
        location = {"Location": f"http://{host}:{port}/feed".encode().decode("latin-1")}
        outside.answers["/feed"] = Answer(status=302, headers=location)
        [outcome] = get(outside.url(), allowed=["127.0.0.3/32"])
    finally:
        outside.close()
    assert isinstance(outcome, errors.FetchError)
    assert canary.asked == []


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x", "data:text/xml,x"]
)
def test_no_other_scheme_is_followed(server, location):
    server.answers["/feed"] = Answer(status=302, headers={"Location": location})
    [outcome] = get(server.url(), allowed=LOOPBACK)
    assert isinstance(outcome, errors.BadAddress)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answers",
    [
        [["127.0.0.1"]],
        [["::1"]],
        [["::ffff:127.0.0.1"]],
        [["169.254.169.254"]],
        [["10.0.0.1", "127.0.0.1"]],
    ],
)
def test_a_name_that_leads_inside_is_refused_twenty_times(canary, answers):
    url = f"http://rebind.example:{canary.host.rpartition(':')[2]}/feed"
    outcomes = get(url, resolver=Resolver(*answers), times=20)
    assert {type(outcome) for outcome in outcomes} == {errors.BlockedAddress}
    assert canary.asked == []


def test_a_name_that_changes_to_an_address_inside_is_asked_for_once_and_refused(canary):
    """The address that was looked at is the one that is dialled: there is no second look-up."""
    resolver = Resolver(["127.0.0.1"], ["127.0.0.9"])
    port = canary.host.rpartition(":")[2]
    [outcome] = get(f"http://rebind.example:{port}/feed", resolver=resolver)
    assert isinstance(outcome, errors.BlockedAddress)
    assert resolver.asked == 1


def test_a_good_name_is_looked_up_once(server):
    server.answers["/feed"] = Answer(rss("A"))
    resolver = Resolver(["127.0.0.1"])
    port = server.host.rpartition(":")[2]
    [outcome] = get(f"http://good.example:{port}/feed", allowed=LOOPBACK, resolver=resolver)
    assert outcome.status == 200
    assert resolver.asked == 1


RAW = {
    "nothing": b"",
    "no status": b"hello\r\n\r\n",
    "a bad status": b"HTTP/1.1 99999 X\r\n\r\n",
    "broken chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\nx",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx",
    "a long header": b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "many headers": b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
    "a short body": b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx",
    "a broken redirect": b"HTTP/1.1 302 F\r\nLocation: http://[\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", RAW)
def test_broken_http_has_a_name_and_escapes_nowhere(name):
    outcome, _ = against(lambda connection: connection.sendall(RAW[name]))
    assert isinstance(outcome, errors.FetchError)
    assert outcome.reason


def test_an_endless_body_ends_at_the_limit():
    def send(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            connection.sendall(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")

    outcome, took_s = against(send)
    assert isinstance(outcome, errors.TooLarge)
    assert took_s < 3


def test_a_body_that_drips_for_ever_ends_with_the_time():
    def send(connection):
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
        while True:
            connection.sendall(b"x")
            time.sleep(0.05)

    outcome, took_s = against(send, limits=Limits(timeout_s=1))
    assert isinstance(outcome, errors.Timeout)
    assert 0.9 < took_s < 2


def against(send, *, limits=LIMITS):
    """Fetch from a socket that ``send`` writes to; return the outcome and how long it took."""
    import threading

    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with connection:
            try:
                connection.recv(65536)
                send(connection)
            except OSError:
                pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    started = time.monotonic()
    [outcome] = get(
        f"http://127.0.0.1:{listener.getsockname()[1]}/", allowed=LOOPBACK, limits=limits
    )
    took_s = time.monotonic() - started
    listener.close()
    thread.join(timeout=5)
    return outcome, took_s


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_of_a_gibibyte_stops_early_and_costs_little_memory(server, encoding):
    server.answers["/feed"] = Answer(bomb(encoding), headers={"Content-Encoding": encoding})
    before = psutil.Process().memory_info().rss
    started = time.monotonic()
    [outcome] = get(server.url(), allowed=LOOPBACK)
    grown = psutil.Process().memory_info().rss - before
    assert isinstance(outcome, errors.TooLarge)
    assert time.monotonic() - started < 5
    assert grown < 64 * 2**20


def bomb(encoding, mebibytes=1024):
    """A GiB of zeros, packed; what packs in one go is fed in pieces."""
    import sys
    import zlib

    import brotli

    piece = bytes(2**20)
    if encoding == "zstd":
        if sys.version_info >= (3, 14):
            from compression import zstd
        else:
            from backports import zstd
        packer = zstd.ZstdCompressor()
        return b"".join(packer.compress(piece) for _ in range(mebibytes)) + packer.flush()
    if encoding == "br":
        packer = brotli.Compressor(quality=1)
        return b"".join(packer.process(piece) for _ in range(mebibytes)) + packer.finish()
    packer = zlib.compressobj(1, wbits=31 if encoding == "gzip" else 15)
    return b"".join(packer.compress(piece) for _ in range(mebibytes)) + packer.flush()
