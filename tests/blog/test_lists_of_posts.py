"""Pages of the public lists: what stands on each, at which cost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from blog import lists
from blog.lists import STREAM, PostList, cut_list
from blog.models import ListKind, Post, SiteSettings
from tests.factories import make_author, make_category, make_post
from tests.plans import plan_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def archive():
    """Fifty posts over seven months, some at the same instant, and three scheduled ones."""
    category, author = make_category(), make_author()
    ages = [timedelta(days=4 * (n // 2)) for n in range(50)]
    ages += [-timedelta(minutes=1), -timedelta(days=2), -timedelta(days=40)]
    for number, age in enumerate(ages):
        fields = {"category": category, "authors": [author]} if number % 3 else {}
        make_post(published_at=NOW - age, tags=["even"] if number % 2 else [], **fields)
    make_post(status=Post.Status.DRAFT, published_at=NOW - timedelta(days=3), category=category)
    return category, author


def keys(posts):
    return [post.pk for post in posts]


@pytest.mark.parametrize("near", [0, 500], ids=["by months", "along the index"])
@pytest.mark.parametrize("owner", ["stream", "category", "tag", "author"])
def test_pages_hold_what_the_whole_list_holds(archive, monkeypatch, near, owner):
    monkeypatch.setattr(lists, "NEAR", near)
    category, author = archive
    published = Post.objects.published(now=NOW)
    tag = published.filter(tags__name="even").first().tags.get()
    posts, whole = {
        "stream": (STREAM, published),
        "category": (PostList.of(category), published.filter(categories=category)),
        "tag": (PostList.of(tag), published.filter(tags=tag)),
        "author": (PostList.of(author), published.filter(authors=author)),
    }[owner]
    whole = keys(whole)
    for per_page in (1, 4, 7):
        for number in range(1, len(whole) // per_page + 2):
            start = (number - 1) * per_page
            if start >= len(whole) and number > 1:
                with pytest.raises(Http404):
                    cut_list(posts, number=number, per_page=per_page, now=NOW)
                continue
            page = cut_list(posts, number=number, per_page=per_page, now=NOW, look_ahead=3)
            assert keys(page.rows) == whole[start : start + per_page]
            assert keys(page.following) == whole[start + per_page : start + per_page + 3]


@pytest.mark.parametrize("near", [0, 500])
def test_span_of_time_is_cut_like_a_list(archive, monkeypatch, near):
    monkeypatch.setattr(lists, "NEAR", near)
    since, before = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
    posts = PostList(ListKind.STREAM, since=since, before=before)
    whole = keys(Post.objects.published(now=NOW).filter(published_at__gte=since))
    shown = [
        key
        for number in range(1, len(whole) // 5 + 2)
        for key in keys(cut_list(posts, number=number, per_page=5, now=NOW).rows)
    ]
    assert shown == whole


def test_scheduled_post_moves_all_pages_at_its_minute(archive, monkeypatch):
    monkeypatch.setattr(lists, "NEAR", 0)
    later = NOW + timedelta(minutes=1)
    before = cut_list(STREAM, number=3, per_page=5, now=NOW, look_ahead=1)
    after = cut_list(STREAM, number=3, per_page=5, now=later)
    assert keys(after.rows)[1:] == keys(before.rows)[:-1]


def test_page_far_down_is_found_by_the_index_of_places_alone():
    category = make_category()
    old = NOW - timedelta(days=900)
    Post.objects.bulk_create(
        Post(
            slug=f"p{n}",
            title="P",
            category=category,
            status="published",
            published_at=old + timedelta(hours=n),
        )
        for n in range(700)
    )
    with CaptureQueriesContext(connection) as queries:
        page = cut_list(STREAM, number=65, per_page=10, now=NOW)
    assert [post.slug for post in page.rows] == [f"p{n}" for n in range(59, 49, -1)]
    tallies, posts = queries.captured_queries
    assert "OFFSET 640" not in posts["sql"]
    plan = plan_of(posts)
    assert "place_in_list" in plan
    assert not any(name in plan for name in ("post_stream", "post_in_state", "SCAN blog_post"))
    assert "blog_tally" in tallies["sql"]


def test_page_beyond_all_costs_no_walk(archive, django_assert_num_queries):
    with django_assert_num_queries(1) as queries, pytest.raises(Http404):
        cut_list(STREAM, number=99_999, per_page=10, now=NOW)
    assert not any("OFFSET 9" in query["sql"] for query in queries.captured_queries)


@pytest.mark.parametrize("path", ["/", "/category/review/", "/tag/a/"])
def test_deep_page_of_every_list_takes_one_query_more(client, monkeypatch, path):
    SiteSettings.objects.create(posts_per_page=1)
    category, author = make_category(name="Review"), make_author()
    for _ in range(9):
        make_post(category=category, authors=[author], tags=["a"])
    counts = []
    for near in (500, 0):
        monkeypatch.setattr(lists, "NEAR", near)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"{path}page/3/").status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[0] + 1 <= 8


def test_dates_of_lists_are_asked_for_at_the_present(client, time_machine):
    time_machine.move_to(NOW)
    make_post(title="Out", published_at=timezone.now())
    make_post(title="Later", published_at=timezone.now() + timedelta(seconds=5))
    assert [post.title for post in client.get("/").context["page"].rows] == ["Out"]
