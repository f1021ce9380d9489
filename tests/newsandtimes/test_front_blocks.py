"""The front page in the editors' hands: blocks, their places and order, pinned posts."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aggregator.models import Collection
from blog.models import AuditEntry, Post, SiteSettings
from newsandtimes.home import front_page
from newsandtimes.models import FrontBlock
from tests.factories import (
    make_collection,
    make_editor,
    make_headline,
    make_member,
    make_pick,
    make_post,
)
from tests.plans import plan_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
LIST = reverse("admin:newsandtimes_frontblock_changelist")


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


def block(kind, **fields):
    FrontBlock.objects.filter(kind=kind).update(**fields)


def set_block(collection, **fields):
    FrontBlock.objects.filter(collection=collection).update(**fields)


def places():
    front = front_page(number=1, per_page=3, now=NOW)
    return {
        place: [
            shown.band.collection.title if shown.band else shown.kind
            for shown in getattr(front, place)
        ]
        for place in ("top", "main", "side")
    }


def filled(title, **fields):
    collection = make_collection(title=title, home_count=3, **fields)
    make_pick(collection=collection)
    return collection


def test_new_site_has_its_blocks_and_each_collection_brings_one():
    filled("A")
    filled("B")
    make_collection(title="Not on the front page")
    assert places() == {"top": ["A"], "main": ["stream"], "side": ["sign-up", "recent", "B"]}
    assert FrontBlock.objects.filter(kind="collection").count() == 3


def test_blocks_stand_where_editors_put_them():
    first, second, third = filled("A"), filled("B"), filled("C")
    set_block(second, place="top")
    set_block(third, place="main", position=0)
    block("recent", place="main", position=2)
    block("stream", position=1)
    assert places() == {
        "top": ["B"],
        "main": ["C", "stream", "recent"],
        "side": ["sign-up", "A"],
    }
    set_block(first, is_shown=False)
    block("sign-up", is_shown=False)
    assert places()["side"] == []


def test_block_in_a_place_that_is_none_of_its_own_stays_in_its_own():
    block("stream", place="top")
    block("sign-up", place="top")
    assert places() == {"top": [], "main": ["stream"], "side": ["sign-up", "recent"]}


def test_emptied_table_shows_what_a_new_site_does():
    FrontBlock.objects.all().delete()
    assert places() == {"top": [], "main": ["stream"], "side": ["sign-up", "recent"]}


def test_front_page_shows_its_blocks(client):
    main, side = filled("In the middle"), filled("Beside")
    set_block(main, place="main")
    set_block(side, place="side")
    make_post(title="The post")
    page = client.get("/").text
    middle = page.partition("<main")[2].partition("</main>")[0]
    assert "In the middle" in middle
    assert "The post" in middle
    assert "Beside" in page.partition("<aside")[2]
    block("stream", is_shown=False)
    block("sign-up", is_shown=False)
    page = client.get("/").text
    assert "The post" in page.partition("<aside")[2]  # among recent posts
    assert "The post" not in page.partition("<main")[2].partition("</main>")[0]
    assert "sign-up-email" not in page


def test_deleted_collection_takes_its_block_along(client):
    client.force_login(make_editor())
    collection = filled("A")
    url = reverse("admin:aggregator_collection_delete", args=[collection.pk])
    client.post(url, {"post": "yes"})
    assert not Collection.objects.exists()
    assert not FrontBlock.objects.filter(kind="collection").exists()


def test_pinned_post_stands_first_until_its_time(client, time_machine):
    SiteSettings.objects.create(posts_per_page=3)
    for number in range(12):
        make_post(title=f"P{number}", published_at=NOW - timedelta(days=20 - number))
    Post.objects.filter(title="P1").update(pinned_until=NOW + timedelta(hours=1))
    Post.objects.filter(title="P10").update(pinned_until=NOW + timedelta(hours=2))
    Post.objects.filter(title="P8").update(pinned_until=NOW + timedelta(hours=3))
    Post.objects.filter(title="P11").update(pinned_until=NOW - timedelta(hours=1))

    def shown():
        response = client.get("/")
        return (
            [post.title for post in response.context["page"].rows],
            [post.title for post in response.context["recent"]],
        )

    assert shown() == (["P10", "P8", "P1", "P11", "P9"], ["P7", "P6", "P5", "P4", "P3"])
    second = client.get("/page/2/").context["page"].rows
    assert [post.title for post in second] == ["P8", "P7", "P6"]
    time_machine.move_to(NOW + timedelta(hours=1))
    assert shown()[0] == ["P10", "P8", "P11", "P9"]
    time_machine.move_to(NOW + timedelta(hours=4))
    assert shown() == (["P11", "P10", "P9"], ["P8", "P7", "P6", "P5", "P4"])


def test_pinned_posts_are_found_by_their_index(client):
    for _ in range(30):
        make_post()
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    (stream,) = [
        query for query in queries.captured_queries if "pinned_until" in query["sql"][-900:]
    ]
    plan = plan_of(stream)
    assert "post_pinned" in plan
    assert not any(name in plan for name in ("post_stream", "post_in_state", "SCAN blog_post"))


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"published_at": NOW + timedelta(days=1)}])
def test_pin_makes_nothing_public(client, fields):
    make_post(title="Secret", pinned_until=NOW + timedelta(days=9), **fields)
    make_post(title="Public")
    assert [post.title for post in client.get("/").context["page"].rows] == ["Public"]


def test_article_stands_once_whoever_brings_it(client):
    link = "https://outlet.example/story"
    make_post(kind=Post.Kind.LINK, title="Our link post", source_url=f"{link}?utm_source=x")
    first, second = make_collection(home_count=3), make_collection(home_count=3)
    for collection, name in [(first, "one"), (second, "two")]:
        make_pick(collection=collection, headline=make_headline(url=link, title=f"Story {name}"))
    both = {"url": "https://outlet.example/other", "title": "Both"}
    for collection in (first, second):
        make_pick(collection=collection, headline=make_headline(**both))
    make_pick(collection=second, headline=make_headline(title="Second only"))
    page = client.get("/").text
    assert [page.count(word) for word in ("Our link post", "Story", ">Both<", "Second only")] == [
        1,
        0,
        1,
        1,
    ]


def test_editor_pins_a_post_and_sees_it_in_the_list(client):
    client.force_login(make_member("editor"))
    post = make_post(title="Pinned one")
    url = reverse("admin:blog_post_change", args=[post.pk])
    form = client.get(url).context["adminform"].form
    assert "pinned_until" in form.fields
    Post.objects.filter(pk=post.pk).update(pinned_until=NOW + timedelta(days=8, hours=1))
    text = client.get(reverse("admin:blog_post_changelist")).text
    assert "Published, pinned until 2 Dec 2026, 13:00" in text


def test_who_does_not_publish_pins_nothing(client):
    contributor = make_member("contributor")
    client.force_login(contributor)
    post = make_post(status="draft", published_at=None, created_by=contributor)
    form = client.get(reverse("admin:blog_post_change", args=[post.pk])).context["adminform"].form
    assert "pinned_until" not in form.fields


def test_editor_arranges_blocks_and_the_audit_keeps_it(client):
    client.force_login(make_member("editor"))
    collection = filled("Selected")
    own = FrontBlock.objects.get(collection=collection)
    assert "3 headlines" in client.get(LIST).text
    url = reverse("admin:newsandtimes_frontblock_change", args=[own.pk])
    client.post(url, {"is_shown": "on", "place": "main"})
    stream = FrontBlock.objects.get(kind="stream")
    for way in ("down", "down", "down"):
        client.post(reverse("admin:newsandtimes_frontblock_shift", args=[stream.pk, way]))
    assert places()["main"] == ["Selected", "stream"]
    assert AuditEntry.objects.filter(object_name="the stream of posts").count() == 3
    assert AuditEntry.objects.filter(object_name="Selected", kind="changed").count() == 1


def test_place_that_is_not_offered_is_refused(client):
    client.force_login(make_editor())
    stream = FrontBlock.objects.get(kind="stream")
    url = reverse("admin:newsandtimes_frontblock_change", args=[stream.pk])
    response = client.post(url, {"is_shown": "on", "place": "top"})
    assert set(response.context["adminform"].form.errors) == {"place"}
    stream.refresh_from_db()
    assert stream.place == "auto"


def test_new_collection_comes_last_among_arranged_blocks(client):
    client.force_login(make_editor())
    filled("A")
    stream = FrontBlock.objects.get(kind="stream")
    client.post(reverse("admin:newsandtimes_frontblock_shift", args=[stream.pk, "down"]))
    filled("B", position=0)
    assert [str(one) for one in FrontBlock.objects.all()][-1] == "B"
