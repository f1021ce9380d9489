"""A browser, and a site with something of everything for it to look at.

Chromium is found on PATH, or named by CHROMIUM; without one the tests are skipped. Its headless
shell opens a page in a third of the time, and so goes first.
"""

import os
import shutil
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from blog.models import Correction, NavLink, Page, Post, SiteSettings
from tests.browser.writing import EDITOR, settle
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_editor,
    make_headline,
    make_image,
    make_pick,
    make_post,
)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def browser():
    """Chromium, one per module.

    Playwright keeps an event loop running in this thread: Django must be told that the ORM may be
    used nevertheless, and no other module's tests may run meanwhile.
    """
    shell = shutil.which("chromium-headless-shell")
    path = os.environ.get("CHROMIUM") or shell or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium on PATH or in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(autouse=True)
def _quiet_server(_django_db_helper):
    """Empty the database only when the server has answered what closed pages had asked for.

    An open page tells every few seconds that it is there. On SQLite in memory all threads of the
    server share one connection, which takes one request at a time.
    """
    running = set()
    idle = threading.Condition()
    turn = threading.Semaphore(1 if connection.vendor == "sqlite" else 100)

    def began(**_):
        if threading.current_thread() is threading.main_thread():
            return
        turn.acquire()
        with idle:
            running.add(threading.get_ident())

    def ended(**_):
        with idle:
            if threading.get_ident() in running:
                running.discard(threading.get_ident())
                turn.release()
            idle.notify_all()

    request_started.connect(began)
    request_finished.connect(ended)
    yield
    time.sleep(0.05)  # for what lies in the socket
    with idle:
        assert idle.wait_for(lambda: not running, timeout=20)
    request_started.disconnect(began)
    request_finished.disconnect(ended)


@pytest.fixture(autouse=True)
def _keeps_pages(settings):
    """Show pages as readers get them: through the page cache."""
    settings.PAGE_CACHE = True


@pytest.fixture
def open_page(browser, live_server):
    """Return a function that opens a path of the site in a fresh context.

    What the console, the page or the network complained about is in ``page.complaints``. A new
    context takes its time: ``page.turn_to(path)`` shows another path in the same one.
    """
    contexts = []

    def open_path(
        path, *, width=1280, height=900, clock=None, wait_until="load", cookies=(), **options
    ):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: _note(page, message))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("requestfailed", lambda request: _note_failed(page, request))
        page.on("request", lambda request: _note_foreign(page, request, live_server.url))
        if clock is not None:
            page.clock.install(time=clock)

        page.turn_to = lambda path: page.goto(live_server.url + path, wait_until=wait_until)
        page.goto(live_server.url + path, wait_until=wait_until)
        return page

    yield open_path
    for context in contexts:
        context.close()
    _let_answers_end()


def _let_answers_end():
    """Wait for what a page has asked last: it would find the tables locked, or gone."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if not any("process_request_thread" in thread.name for thread in threading.enumerate()):
            return
        time.sleep(0.02)


def _note(page, message):
    # Chromium says of every 404 and 410, ours too, that it failed to load.
    is_ours = "404 (Not Found)" in message.text or "410 (Gone)" in message.text
    if message.type in {"error", "warning"} and not is_ours:
        page.complaints.append(message.text)


def _note_failed(page, request):
    # Who leaves a page cuts off what it still asks for: the browser gives up, nothing has failed.
    if request.failure != "net::ERR_ABORTED":
        page.complaints.append(f"{request.url}: {request.failure}")


def _note_foreign(page, request, own_url):
    if not request.url.startswith((own_url, "data:")):
        page.complaints.append(f"foreign request: {request.url}")


@pytest.fixture
def open_as_editor(open_page, live_server, client):
    """Return a function that opens a page of the newsroom as somebody who is logged in.

    ``open_as_editor.editor`` is who that is.
    """
    editor = make_editor(username="editor")
    client.force_login(editor)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}

    def open_path(path, **options):
        return open_page(path, cookies=[cookie], wait_until="networkidle", **options)

    open_path.editor = editor
    return open_path


@pytest.fixture
def draft():
    return make_post(title="A draft", body="<p>One two</p>", status="draft", published_at=None)


@pytest.fixture
def write(open_as_editor, draft):
    """Return a function that opens the form of a draft, the cursor in its text."""

    def write(body=None, **options):
        if body is not None:
            Post.objects.filter(pk=draft.pk).update(body=body)
        page = open_as_editor(reverse("admin:blog_post_change", args=[draft.pk]), **options)
        page.locator(".tiptap").wait_for()
        page.evaluate(f"{EDITOR}.commands.focus('end')")
        settle(page)
        return page

    return write


@pytest.fixture
def review(transactional_db):
    """A small review in three languages; returns the paths of its pages by name."""
    now = timezone.now()
    SiteSettings.objects.create(
        title="The News And Times Review", tagline="Notes and reviews", footer="All ours."
    )
    for place, target in [
        ("masthead", "/"),
        ("masthead", "/selected-articles/"),
        ("footer", "/feed/"),
        ("elsewhere", "https://social.example/@us"),
    ]:
        NavLink.objects.create(label=f"Link {target}", target=target, place=place)
    author = make_author(name="The News And Times")
    category = make_category(name="Review", description="Longer pieces.")
    common = {"category": category, "authors": [author]}
    article = make_post(
        title="The long divorce: two neighbours and the price of friendship",
        standfirst="For thirty years it was taken for granted that a force would stay.",
        body=RICH_TEXT,
        image=make_image(alt="A road", caption="The pass", credit="Ada"),
        published_at=now - timedelta(minutes=7),
        tags=["Peace", "Мир"],
        **common,
    )
    opinion = make_post(
        kind=Post.Kind.OPINION,
        title="#Перемир’я — це ще не мир, а лише привід домовитися про відповідальність",
        language="uk",
        body="",
        published_at=now - timedelta(hours=2),
        **common,
    )
    link = make_post(
        kind=Post.Kind.LINK,
        title="A golden opportunity in the mountains",
        body="<p>An essay.</p>",
        source_url="https://www.wsj.com/a",
        published_at=now - timedelta(hours=19),
        **common,
    )
    for number in range(12):
        make_post(
            title=f"Вертолёт взлетел с третьей попытки, часть {number}",
            language="ru",
            published_at=now - timedelta(days=2 + number),
            **common,
        )
    _fill_collections(now)
    gone = make_post(title="Taken down", published_at=now - timedelta(days=30))
    gone.withdraw()
    Correction.objects.create(post=article, text="A name was misspelt.")
    Page.objects.create(title="About us", slug="about", body=RICH_TEXT, status="published")
    return SimpleNamespace(
        home="/",
        second="/page/2/",
        post=article.get_absolute_url(),
        link=link.get_absolute_url(),
        category="/category/review/",
        collection="/selected-articles/",
        missing="/nope/",
        subscribe="/subscribe/",
        opinion=opinion.get_absolute_url(),
        author=author.get_absolute_url(),
        tag=article.tags.first().get_absolute_url(),
        archive="/archive/",
        year=f"/{article.published_at:%Y}/",
        month=f"/{article.published_at:%Y/%m}/",
        search="/search/?q=third",
        not_found="/search/?q=zzzz",
        page="/about/",
        corrections="/corrections/",
        gone=gone.get_absolute_url(),
        fetcher="/about/fetcher",
    )


def _fill_collections(now):
    selected = make_collection(title="Selected Articles", home_count=12, intro="By hand.")
    tweets = make_collection(title="Tweets", home_count=3, position=1)
    headlines = [
        ("Ministry denies reports that the units were withdrawn", "en", timedelta(minutes=5)),
        ("Рада ухвалила законопроєкт про відповідальність посадовців", "uk", timedelta(hours=3)),
        ("طريق الحرير الجديد يمر من هنا", "ar", timedelta(days=3)),
        ("An-unbroken-identifier/" * 6, "en", timedelta(days=20)),
    ]
    for title, language, age in headlines:
        headline = make_headline(
            title=title,
            language=language,
            published_at=now - age,
            outlet="a-long-subdomain.of-an-outlet-with-a-long-name.example",
        )
        make_pick(collection=selected, headline=headline, placed_at=now - age, note="A note.")
    make_pick(collection=tweets, placed_at=now)


RICH_TEXT = (
    "<p>The trucks went <a href='/links/'>north</a> through the tunnel in one night.</p>"
    "<h2>What was agreed</h2><ul><li>One<ol><li>two</li></ol></li></ul>"
    "<blockquote><p>Nobody asked us.</p><p><cite>A shopkeeper</cite></p></blockquote>"
    "<h3>In figures</h3><table><caption>Vehicles</caption><thead><tr>"
    + "".join(f"<th scope='col'>Column {number}</th>" for number in range(8))
    + "</tr></thead><tbody><tr>"
    + "<td>1234567</td>" * 8
    + "</tr></tbody></table>"
    "<pre><code>" + "a-long-command --with-options " * 8 + "</code></pre>"
    "<p>https://example.org/" + "an-address-without-a-break/" * 6 + "</p><hr>"
    + "<p>" + "The commission has met four times. " * 60 + "</p>"
)  # fmt: skip
