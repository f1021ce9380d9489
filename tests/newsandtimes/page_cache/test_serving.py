"""How a kept page is handed out: 304, compressed, with all its headers, to our hosts only."""

import gzip
from datetime import timedelta

import pytest
from django.core.handlers.wsgi import WSGIHandler

from blog.models import Post, SiteSettings
from newsandtimes.page_cache.serving import serve_kept
from tests.factories import (
    make_post,
)
from tests.newsandtimes.page_cache.asking import NOON, ask, body

pytestmark = pytest.mark.django_db


def test_who_has_the_page_is_told_so(client, at_noon, committed, django_assert_num_queries):
    make_post()
    response = client.get("/")
    with django_assert_num_queries(1):
        answer = client.get("/", headers={"if-none-match": response["ETag"]})
    assert (answer.status_code, answer.content) == (304, b"")
    status, headers, content = ask("/", HTTP_IF_NONE_MATCH=response["ETag"])
    assert (status, content) == ("304 Not Modified", b"")
    assert headers["ETag"] == response["ETag"]
    assert ask("/", HTTP_IF_NONE_MATCH='"another"')[0] == "200 OK"
    with committed():
        make_post()
    assert ask("/", HTTP_IF_NONE_MATCH=response["ETag"])[0] == "200 OK"


def test_feed_that_nobody_keeps_yet_is_made_whole_and_kept(
    client, committed, django_assert_num_queries
):
    make_post()
    etag = client.get("/feed/")["ETag"]
    with committed():
        SiteSettings(title="Another").save()
    assert client.get("/feed/", headers={"if-none-match": etag}).status_code == 200
    fresh = client.get("/feed/")["ETag"]
    with django_assert_num_queries(1):
        assert client.get("/feed/", headers={"if-none-match": fresh}).status_code == 304


def test_feed_answers_if_modified_since(client, committed):
    newest = make_post()
    older = make_post(published_at=newest.published_at - timedelta(days=1))
    Post.objects.filter(pk=older.pk).update(updated_at=older.published_at)
    changed = client.get("/feed/")["Last-Modified"]
    assert ask("/feed/", HTTP_IF_MODIFIED_SINCE=changed)[0] == "304 Not Modified"
    earlier = "Thu, 01 Jan 1970 00:00:00 GMT"
    assert ask("/feed/", HTTP_IF_MODIFIED_SINCE=earlier)[0] == "200 OK"
    with committed():
        newest.delete()  # the feed is older than before
    assert ask("/feed/", HTTP_IF_MODIFIED_SINCE=changed)[0] == "200 OK"


def test_page_comes_compressed_to_those_who_read_that(client, at_noon):
    make_post()
    plain = body(client)
    status, headers, content = ask("/", HTTP_ACCEPT_ENCODING="gzip, br")
    assert (status, headers["Content-Encoding"]) == ("200 OK", "gzip")
    assert headers["Content-Length"] == str(len(content))
    assert gzip.decompress(content).decode() == plain
    assert "Accept-Encoding" in headers["Vary"]
    assert len(content) < len(plain) / 2


def test_proxies_may_keep_a_page_for_seconds_and_browsers_ask(client, at_noon, settings):
    settings.PROXY_CACHE_S = 5
    make_post()
    caching = "public, max-age=0, s-maxage=5, stale-while-revalidate=5"
    assert client.get("/")["Cache-Control"] == caching
    at_noon.move_to(NOON.replace(second=58))
    assert "s-maxage=2," in client.get("/")["Cache-Control"]
    assert "s-maxage=2," in ask("/")[1]["Cache-Control"]


def test_kept_page_has_the_headers_of_a_made_one(client, at_noon):
    make_post()
    made = client.get("/")
    _, kept, _ = ask("/")
    assert kept == dict(made.items())
    for name in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert made[name]


def test_head_has_the_headers_and_no_text(client, at_noon):
    make_post()
    made = client.get("/")
    status, headers, content = ask("/", REQUEST_METHOD="HEAD")
    assert (status, content) == ("200 OK", b"")
    assert headers["Content-Length"] == made["Content-Length"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "a b"])
def test_foreign_host_is_refused_though_the_page_is_kept(client, host):
    make_post()
    body(client)
    status, _, content = ask("/", HTTP_HOST=host, SERVER_NAME="evil.example")
    assert (status, b"evil" in content) == ("400 Bad Request", False)


def test_page_is_kept_from_those_who_come_without_https(client, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 3600
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    make_post(title="Over HTTPS")
    site = serve_kept(WSGIHandler())
    for _ in range(2):
        page = ask("/", application=site, HTTP_X_FORWARDED_PROTO="https")
        assert b"Over HTTPS" in page[2]
    assert page[1]["Strict-Transport-Security"].startswith("max-age=")
    status, headers, content = ask("/", application=site)
    assert (status, content) == ("301 Moved Permanently", b"")
    assert headers["Location"] == "https://testserver/"
