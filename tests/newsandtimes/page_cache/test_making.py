"""What is never kept, and that a page is made once."""

import threading
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.test.signals import template_rendered
from django.urls import reverse
from django.utils import timezone

from blog import changes
from blog.caching import for_everyone, is_for_everyone
from blog.models import Post, PreviewLink, SiteSettings
from newsandtimes.page_cache import keeping
from newsletter import tokens
from tests.factories import (
    make_editor,
    make_member,
    make_post,
    make_subscriber,
)
from tests.newsandtimes.page_cache.asking import NOON, body, fetch

pytestmark = pytest.mark.django_db


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
