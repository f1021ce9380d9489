"""The page cache: never stale after a change, never older than a minute, nothing private in it."""

import gzip
import http.client
import io
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone

from aggregator.models import Pick
from blog import changes
from blog.caching import for_everyone, is_for_everyone
from blog.models import NavLink, Page, Post, PreviewLink, SiteSettings
from newsandtimes.page_cache import keeping
from newsandtimes.page_cache.serving import serve_kept
from newsandtimes.wsgi import application
from newsletter import tokens
from tests.factories import (
    make_collection,
    make_editor,
    make_member,
    make_pick,
    make_post,
    make_subscriber,
)

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 24, 12, 0, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _keeps_pages(settings):
    settings.PAGE_CACHE = True


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Return a context in which what is written counts as committed."""

    def commit():
        connection.run_on_commit.clear()  # what the test's own data wait with, for no commit
        return django_capture_on_commit_callbacks(execute=True)

    return commit


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def body(client, path="/"):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def fetch(server):
    address = server.thread
    with closing(http.client.HTTPConnection(address.host, address.port, timeout=20)) as line:
        line.request("GET", "/", headers={"Connection": "close"})
        return line.getresponse().read().decode()


def ask(path="/", *, application=application, **environ):
    """Ask a WSGI application as a server does; return status, headers and body."""
    said = []
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
    } | environ
    # As the test client does: the test's transaction is open in this connection.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        parts = application(asked, lambda status, headers: said.append((status, headers)))
        content = b"".join(parts)
        getattr(parts, "close", lambda: None)()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    status, headers = said[0]
    return status, dict(headers), content


def test_second_request_takes_one_query(client, at_noon, django_assert_num_queries):
    make_post(title="Kept")
    first = body(client)
    with django_assert_num_queries(1):
        assert body(client) == first
    with django_assert_num_queries(1):
        status, _, content = ask("/")
    assert (status, content.decode()) == ("200 OK", first)


@pytest.mark.parametrize(
    "path", ["/", "/feed/", "/corrections/", "/about/", "post", "category", "tag", "collection"]
)
def test_every_kind_of_page_is_kept(client, at_noon, path, django_assert_num_queries):
    post = make_post(tags=["Kyiv"])
    Page.objects.create(title="About", slug="about", body="<p>Us</p>", status="published")
    paths = {
        "post": post.get_absolute_url(),
        "category": post.category.get_absolute_url(),
        "tag": post.tags.get().get_absolute_url(),
        "collection": make_pick().collection.get_absolute_url(),
    }
    path = paths.get(path, path)
    first = body(client, path)
    with django_assert_num_queries(1):
        assert body(client, path) == first


@pytest.mark.parametrize(
    ("act", "path"),
    [
        (lambda post, _: Post.objects.filter(pk=post.pk).update(title="Changed words"), "/"),
        (lambda post, _: post.category.__class__.objects.update(name="Changed words"), "/"),
        (lambda *_: SiteSettings(title="Changed words").save(), "/"),
        (lambda *_: NavLink.objects.create(label="Changed words", target="/x/"), "/"),
        (lambda *_: make_post(title="Changed words"), "/feed/"),
        (lambda _, pick: Pick.objects.update(title="Changed words"), "/picked/"),
    ],
)
def test_change_shows_on_the_next_request(client, committed, act, path):
    pick = make_pick(collection=make_collection(slug="picked", home_count=3))
    post = make_post()
    assert "Changed words" not in body(client, path)
    with committed():
        act(post, pick)
    assert "Changed words" in body(client, path)
    assert "Changed words" in ask(path)[2].decode()


def test_withdrawn_post_is_gone_on_the_next_request(client, committed):
    post = make_post(title="Withdrawn words")
    address = post.get_absolute_url()
    for path in ("/", "/feed/", address, post.category.get_absolute_url()):
        assert "Withdrawn words" in body(client, path)
    with committed():
        post.withdraw()
    for path in ("/", "/feed/", post.category.get_absolute_url()):
        assert "Withdrawn words" not in body(client, path)
        assert b"Withdrawn words" not in ask(path)[2]
    assert ask(address)[0] == "410 Gone"


def test_page_grows_no_older_than_its_minute(client, at_noon):
    make_post(published_at=NOON - timedelta(minutes=7, seconds=30))
    assert "7 min ago" in body(client)
    at_noon.shift(timedelta(seconds=39))
    assert "7 min ago" in body(client)
    at_noon.shift(timedelta(seconds=1))
    assert "8 min ago" in body(client)


def test_scheduled_post_appears_at_its_minute(client, at_noon):
    make_post(title="Due words", published_at=NOON.replace(minute=1, second=0))
    assert "Due words" not in body(client)
    at_noon.move_to(NOON.replace(second=59))
    assert "Due words" not in body(client)
    at_noon.move_to(NOON.replace(minute=1, second=0))
    assert "Due words" in body(client)


def test_pick_leaves_at_its_minute(client, at_noon):
    make_pick(
        collection=make_collection(slug="picked"),
        title="Leaving words",
        until=NOON.replace(minute=1, second=0),
    )
    assert "Leaving words" in body(client, "/picked/")
    at_noon.move_to(NOON.replace(minute=1, second=0))
    assert "Leaving words" not in body(client, "/picked/")


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


def test_words_of_trackers_show_the_same_page_and_others_are_asked_for(client, at_noon):
    make_post()
    body(client)
    keeping_one = ask("/", QUERY_STRING="utm_source=x&fbclid=y")
    assert keeping_one[0] == "200 OK"
    assert keeping.key_for({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}) == keeping.key_for(
        {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "utm_source=x&fbclid=y"}
    )
    for query in ("p=1", "s=word", "utm_source=x&p=1", "refer=1"):
        asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": query}
        assert keeping.key_for(asked) is None


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


def test_nothing_of_editors_drafts_and_personal_links_is_kept(settings):
    """Everything that somebody may see alone holds the word; whatever is kept is looked through."""
    word = "Unspeakable"
    SiteSettings(second_factor="nobody").save()
    boss = make_editor(first_name=word)
    drafts = [
        make_post(title=f"{word} draft", status=Post.Status.DRAFT, published_at=None),
        make_post(title=f"{word} later", published_at=timezone.now() + timedelta(days=1)),
    ]
    gone = make_post(title=f"{word} gone")
    gone.withdraw()
    subscriber = make_subscriber(email=f"{word}@example.org")
    author = make_member("author", first_name=word)
    public = make_post(title="Public")
    link = PreviewLink.objects.create(post=drafts[0])
    paths = [
        "/",
        "/feed/",
        public.get_absolute_url(),
        public.category.get_absolute_url(),
        link.get_absolute_url(),
        reverse("newsletter:subscription", args=[tokens.make_subscription(subscriber.key)]),
        "/subscribe/",
        "/admin/",
        "/admin/security/",
        reverse("admin:blog_post_changelist"),
        *(reverse("admin:blog_post_change", args=[post.pk]) for post in (*drafts, gone)),
        *(post.get_absolute_url() for post in (*drafts, gone)),
    ]
    shown = 0
    for user in (boss, author, None):
        client = Client()
        if user:
            client.force_login(user)
        for path in paths * 2:
            shown += word in client.get(path).content.decode()
    assert shown > 10
    kept = list(keeping._near.values())
    assert len(kept) >= 4
    for page in kept:
        assert word.lower() not in page.body.decode().lower()
        assert not {name for name, _ in page.headers} & {"Set-Cookie", "Cookie"}


def test_logged_in_editor_gets_the_page_of_everybody_and_no_cookie(client, at_noon):
    make_post()
    everybody = body(client)
    client.force_login(make_editor())
    response = client.get("/")
    assert response.content.decode() == everybody
    assert not response.cookies
    assert "Cookie" not in response["Vary"]


def test_page_that_sets_a_cookie_is_not_kept_whatever_its_mark(rf, caplog):
    from django.http import HttpResponse

    from newsandtimes.page_cache.making import page_cache

    @for_everyone
    def view(request):
        response = HttpResponse("Personal")
        response.set_cookie("who", "you")
        return response

    answer = page_cache(view)(rf.get("/marked/"))
    assert is_for_everyone(answer)
    assert keeping._near == {}
    assert "/marked/ is marked as the same for everybody" in caplog.text


@pytest.mark.postgres  # in a test, all threads share the one connection to an SQLite in memory
@pytest.mark.django_db(transaction=True)
@time_machine.travel(NOON)  # no minute ends meanwhile
def test_hot_page_that_no_longer_holds_is_made_once(live_server):
    make_post()
    fetch(live_server)
    made = []

    def note(template, **_):
        if template.name == "home.html":
            made.append(threading.get_ident())

    SiteSettings(title="Another").save()
    barrier, bodies = threading.Barrier(8), []

    def visit():
        barrier.wait()
        bodies.append(fetch(live_server))

    template_rendered.connect(note)
    try:
        readers = [threading.Thread(target=visit) for _ in range(8)]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    finally:
        template_rendered.disconnect(note)
    assert len(made) == 1
    assert len(set(bodies)) == 1
    assert "Another" in bodies[0]


@pytest.mark.django_db(transaction=True)
def test_page_made_from_before_a_change_is_not_kept_as_new(rf):
    """A change while the page is made: who asks next gets it."""
    from django.http import HttpResponse

    from newsandtimes.page_cache.making import page_cache

    titles = iter(["before", "after"])

    @for_everyone
    def view(request):
        title = next(titles)
        if title == "before":
            make_post()
        return HttpResponse(title)

    serve = page_cache(view)
    before = changes.generation()
    assert serve(rf.get("/racing/")).content == b"before"
    assert changes.generation() > before
    assert serve(rf.get("/racing/")).content == b"after"
    assert serve(rf.get("/racing/")).content == b"after"


def test_process_remembers_no_more_pages_than_it_may(monkeypatch, client):
    monkeypatch.setattr(keeping, "NEAR_PAGES", 3)
    posts = [make_post() for _ in range(5)]
    for post in posts:
        body(client, post.get_absolute_url())
    assert len(keeping._near) == 3
