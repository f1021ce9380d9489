"""What stands beside a post, and how it is passed on."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog.beside import beside
from blog.models import Correction, Post
from blog.share import ways
from tests.factories import make_author, make_category, make_headline, make_post
from tests.plans import plan_of

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 10, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def made(title, *, hours=0, **fields):
    return make_post(title=title, published_at=AT + timedelta(hours=hours), **fields)


def found(post, *, now=NOW):
    around = beside(post, list(post.tags.all()), now=now)
    return {
        "newer": around.newer and around.newer.title,
        "older": around.older and around.older.title,
        "related": [one.title for one in around.related],
        "recent": [one.title for one in around.recent],
    }


def test_related_share_tags_first_and_the_category_then():
    section = make_category()
    made("Two tags", hours=-90, tags=["a", "b"])
    made("Tag and section", hours=-80, tags=["a"], category=section)
    made("One tag", hours=-70, tags=["b"])
    made("Section", hours=-60, category=section)
    made("Section, older", hours=-61, category=section)
    made("Nothing in common", hours=-50, tags=["c"])
    made("Before", hours=-1)
    post = made("Itself", tags=["a", "b"], category=section)
    made("Hidden", status=Post.Status.DRAFT, tags=["a", "b"])
    made("Later", hours=10**4, tags=["a", "b"])
    assert found(post) == {
        "newer": None,
        "older": "Before",
        "related": ["Two tags", "Tag and section", "One tag", "Section"],
        "recent": ["Before", "Nothing in common", "Section, older"],
    }


def test_neighbours_are_those_of_the_stream_whatever_is_related():
    section = make_category()
    for number in range(30):
        made(f"P{number}", hours=number // 2, category=section, tags=["a"])
    for number in (0, 1, 14, 28, 29):
        post = Post.objects.get(title=f"P{number}")
        around = found(post)
        assert around["older"] == (f"P{number - 1}" if number else None)
        assert around["newer"] == (f"P{number + 1}" if number < 29 else None)
        assert len(around["related"]) == 4
        assert len(around["recent"]) == 5
        shown = around["related"] + around["recent"]
        assert len(set(shown)) == 9
        assert post.title not in shown


def test_scheduled_neighbour_comes_at_its_minute():
    post = made("Itself")
    made("Next", hours=5)
    assert found(post, now=AT + timedelta(hours=4))["newer"] is None
    assert found(post, now=AT + timedelta(hours=5))["newer"] == "Next"


def test_only_post_has_nothing_beside_it(client):
    post = made("Itself", tags=["a"])
    assert found(post) == {"newer": None, "older": None, "related": [], "recent": []}
    page = client.get(post.get_absolute_url()).text
    assert not any(word in page for word in ("Related posts", "Neighbouring", "Other coverage"))


def test_everything_beside_a_post_is_found_by_indexes():
    section = make_category()
    for number in range(40):
        made(f"P{number}", hours=number, category=section, tags=["a", "b"])
    post = Post.objects.get(title="P20")
    tags = list(post.tags.all())
    with CaptureQueriesContext(connection) as queries:
        beside(post, tags, now=NOW)
    assert len(queries) == 1
    plan = plan_of(queries.captured_queries[0])
    assert "place_in_list" in plan
    assert not any(name in plan for name in ("post_stream", "post_in_state", "SCAN blog_p"))


@pytest.mark.parametrize("rows", [1, 30])
def test_post_with_everything_takes_eight_queries(client, rows, django_assert_num_queries):
    author, section = make_author(), make_category()
    shared = {"category": section, "tags": ["a", "b"], "authors": [author]}
    link = "https://outlet.example/story"
    for number in range(rows):
        made(f"P{number}", hours=-number, **shared)
        make_headline(url=link)
        make_headline(url=f"{link}/{number}")
    body = "".join(f'<p><a href="{link}/{number}">x</a></p>' for number in range(rows))
    post = made("Itself", kind=Post.Kind.LINK, source_url=link, body=body, **shared)
    Correction.objects.create(post=post, text="Wrong", made_at=AT)
    with django_assert_num_queries(8):
        page = client.get(post.get_absolute_url())
    assert "Other coverage" in page.text
    assert "Wrong" in page.text


def test_post_is_passed_on_without_scripts(client):
    post = made('Bridges & "rivers" #Київ')
    page = client.get(post.get_absolute_url()).text
    link = f"http://testserver{post.get_absolute_url()}"
    assert f'<input id="share-link" type="url" readonly value="{link}">' in page
    for way in ways(post):
        parts = urlsplit(way.url)
        assert parts.scheme in {"https", "mailto"}
        asked = parse_qs(parts.query)
        values = " ".join(value for one in asked.values() for value in one)
        assert link in values
        assert (post.title in values) == (way.name not in {"Facebook", "LinkedIn"})
    assert page.count('rel="nofollow noopener"') == len(ways(post))
    assert "<script src" not in page.replace('<script type="module"', "")


def test_preview_offers_nothing_to_pass_on(client):
    post = make_post(status=Post.Status.DRAFT)
    link = post.preview_links.create()
    page = client.get(link.get_absolute_url()).text
    assert post.title in page
    assert not any(word in page for word in ("share-link", "Related posts", "on-paper"))
    assert timezone.now() > post.published_at
