"""The newsroom's search over everything."""

import pytest
from django.urls import reverse

from blog.models import Page, Post, Tag
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_editor,
    make_feed,
    make_headline,
    make_image,
    make_member,
    make_post,
    make_subscriber,
)

pytestmark = pytest.mark.django_db

SEARCH = reverse("admin:search")


def make_rows(rows):
    category = make_category(name="Міст category")
    feed = make_feed(title="Міст feed")
    for number in range(rows):
        make_post(title=f"Міст {number}", category=category)
        Page.objects.create(title=f"Міст {number}")
        make_image(alt=f"Міст {number}")
        make_headline(title=f"Міст {number}", feed=feed)
        make_collection(title=f"Міст {number}")
        Tag.objects.create(name=f"міст {number}")
        make_author(name=f"Міст {number}")
        make_subscriber(email=f"міст{number}@example.org")


def found(client, text):
    return {
        group.title: [row.label for row in group.rows]
        for group in client.get(SEARCH, {"q": text}).context["groups"]
    }


def test_everything_is_found_in_its_group(client):
    client.force_login(make_editor())
    make_rows(1)
    make_post(title="Something else")
    assert found(client, "МІСТ") == {
        "Posts": ["Міст 0"],
        "Pages": ["Міст 0"],
        "Images": ["Міст 0"],
        "Headlines": ["Міст 0"],
        "Collections": ["Міст 0"],
        "Feeds": ["Міст feed"],
        "Categories": ["Міст category"],
        "Tags": ["міст 0"],
        "Authors": ["Міст 0"],
        "Subscribers": ["міст0@example.org"],
    }
    assert found(client, "nothing like it") == {}
    assert found(client, "") == {}


def test_ten_of_a_group_are_shown_and_a_link_to_all(client):
    client.force_login(make_editor())
    category = make_category()
    for number in range(11):
        make_post(title=f"Bridge {number}", category=category)
    [group] = client.get(SEARCH, {"q": "bridge"}).context["groups"]
    assert [row.label for row in group.rows] == [f"Bridge {n}" for n in range(10, 0, -1)]
    assert group.has_more
    assert len(client.get(group.link).context["cl"].result_list) == 11


def test_contributor_finds_own_posts_and_no_subscriber_page_or_headline(client):
    make_rows(2)
    contributor = make_member("contributor")
    make_post(title="Міст own", created_by=contributor, status=Post.Status.DRAFT)
    client.force_login(contributor)
    groups = found(client, "міст")
    assert groups["Posts"] == ["Міст own"]
    assert sorted(groups) == ["Authors", "Categories", "Images", "Posts", "Tags"]


def test_script_gets_the_results_alone(client):
    client.force_login(make_editor())
    make_post(title="<script>alert(1)</script> bridge")
    text = client.get(SEARCH, {"q": "bridge", "part": ""}).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; bridge" in text
    assert "<html" not in text
    assert "<script" not in text


@pytest.mark.parametrize("text", ["'", '"', "%", "\\", "\x00", "a" * 5000, "🦆", "*", "NOT"])
def test_any_text_is_answered(client, text):
    client.force_login(make_editor())
    make_rows(1)
    response = client.get(SEARCH, {"q": text})
    assert (response.status_code, response.context["groups"]) == (200, [])


@pytest.mark.parametrize("rows", [1, 30])
def test_search_costs_the_same_for_any_number(client, rows, django_assert_num_queries):
    client.force_login(make_editor())
    make_rows(rows)
    with django_assert_num_queries(13):
        client.get(SEARCH, {"q": "міст"})
