"""Behind nginx as deploy/nginx.conf sets it up: what its cache keeps, for how long, and what never.

It stands among the browser tests because it needs a site that answers over the network.
"""

import http.client
import shutil
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from django.test import Client

from benchmarks.proxy import behind_nginx
from blog.models import SiteSettings
from tests.factories import make_editor, make_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def proxy(live_server, tmp_path, settings):
    """Return the address of an nginx in front of the site."""
    if not (shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")):
        pytest.skip("no nginx on PATH")
    settings.PROXY_CACHE_S = 1
    make_post(title="First words")
    while time.time() % 60 > 50:  # no page is kept for longer than its minute: here, not at all
        time.sleep(0.1)
    with behind_nginx(live_server.url, tmp_path / "nginx") as proxy:
        yield urlsplit(proxy.url)


def ask(proxy, path="/", **headers):
    with closing(http.client.HTTPConnection(proxy.hostname, proxy.port, timeout=20)) as line:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        return answer, answer.read()


def test_page_is_kept_for_its_seconds_and_a_change_shows_after_them(proxy):
    first, body = ask(proxy)
    assert (first.status, b"First words" in body) == (200, True)
    kept, _ = ask(proxy)
    assert (first.headers["X-Cache"], kept.headers["X-Cache"]) == ("MISS", "HIT")
    post = make_post(title="Second words")
    deadline = time.monotonic() + 10
    while b"Second words" not in ask(proxy)[1]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    post.withdraw()
    while b"Second words" in ask(proxy)[1]:
        assert time.monotonic() < deadline + 10
        time.sleep(0.1)


def test_compressed_page_goes_only_to_those_who_read_it(proxy):
    zipped, _ = ask(proxy, **{"Accept-Encoding": "br, gzip;q=0.8"})
    plain, body = ask(proxy)
    again, _ = ask(proxy, **{"Accept-Encoding": "gzip, deflate"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert plain.headers["Content-Encoding"] is None
    assert body.startswith(b"<!doctype html>")
    assert again.headers["X-Cache"] == "HIT"


def test_newsroom_and_its_visitors_are_never_kept(proxy):
    make_editor(username="ada", first_name="Unspeakable")
    client = Client()
    client.force_login(make_editor(username="ben", first_name="Unspeakable"))
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    for _ in range(2):
        inside, body = ask(proxy, "/admin/", Cookie=cookie)
        assert (inside.status, b"Unspeakable" in body) == (200, True)
        outside, body = ask(proxy, "/admin/")
        assert (outside.status, b"Unspeakable" in body) == (302, False)
        for path in ("/", "/subscribe/"):
            answer, body = ask(proxy, path, Cookie=cookie)
            assert (answer.headers["Set-Cookie"], b"Unspeakable" in body) == (None, False)
    assert outside.headers["X-Cache"] != "HIT"


def test_who_has_the_page_is_told_so_by_the_proxy(proxy):
    SiteSettings(title="Another").save()
    first, _ = ask(proxy)
    answer, body = ask(proxy, **{"If-None-Match": first.headers["ETag"]})
    assert (answer.status, body) == (304, b"")
