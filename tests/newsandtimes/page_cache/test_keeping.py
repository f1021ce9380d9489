"""What is kept: never stale after a change, never older than a minute."""

from datetime import timedelta

import pytest

from aggregator.models import Pick
from blog.models import NavLink, Page, Post, SiteSettings
from newsandtimes.page_cache import keeping
from tests.factories import (
    make_collection,
    make_pick,
    make_post,
)
from tests.newsandtimes.page_cache.asking import NOON, ask, body

pytestmark = pytest.mark.django_db


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


def test_process_remembers_no_more_pages_than_it_may(monkeypatch, client):
    monkeypatch.setattr(keeping, "NEAR_PAGES", 3)
    posts = [make_post() for _ in range(5)]
    for post in posts:
        body(client, post.get_absolute_url())
    assert len(keeping._near) == 3
