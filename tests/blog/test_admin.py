"""The publication's pages in the newsroom."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from blog.models import Post, SiteSettings
from tests.factories import make_author, make_category, make_editor, make_post

pytestmark = pytest.mark.django_db

NEEDS_TEXT = (
    "An article needs a text before it is published. A title alone is of the kind “Opinion”."
)


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


def form_of(**fields):
    return {
        "title": "A title",
        "kind": "article",
        "language": "en",
        "status": "published",
        "body": "<p>Text</p>",
        "published_at_0": "2026-11-01",
        "published_at_1": "10:00:00",
    } | fields


def test_post_is_written_with_its_own_category_among_all(client, editor):
    own, other = make_category(), make_category()
    response = client.post(
        reverse("admin:blog_post_add"),
        form_of(category=own.pk, categories=[other.pk], tags="one, two", body="<p onclick=x>T</p>"),
    )
    assert response.status_code == 302
    post = Post.objects.get()
    assert post.body == "<p>T</p>"
    assert set(post.categories.all()) == {own, other}
    assert sorted(post.tags.names()) == ["one", "two"]


def test_hashtags_of_the_title_become_tags(client, editor):
    client.post(
        reverse("admin:blog_post_add"),
        form_of(
            title="#Peace and #мир now", kind="opinion", category=make_category().pk, tags="peace"
        ),
    )
    assert sorted(Post.objects.get().tags.names()) == ["peace", "мир"]


def test_post_published_without_a_date_is_published_now(client, editor, time_machine):
    now = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
    time_machine.move_to(now, tick=False)
    response = client.post(
        reverse("admin:blog_post_add"),
        form_of(category=make_category().pk, published_at_0="", published_at_1=""),
    )
    assert response.status_code == 302
    assert Post.objects.get().published_at == now


def test_post_without_a_needed_text_is_told_at_the_field(client, editor):
    response = client.post(
        reverse("admin:blog_post_add"), form_of(category=make_category().pk, body="<p></p>")
    )
    assert response.context["errors"][0] == [NEEDS_TEXT]
    assert Post.objects.count() == 0


def test_new_post_is_signed_with_the_editors_own_byline(client, editor):
    author = make_author(user=editor)
    response = client.get(reverse("admin:blog_post_add"))
    assert response.context["adminform"].form.initial["authors"] == [author.pk]


@pytest.mark.parametrize("rows", [1, 30])
def test_post_list_costs_the_same_for_any_number(client, editor, rows, django_assert_num_queries):
    for _ in range(rows):
        make_post()
    with django_assert_num_queries(7):
        response = client.get(reverse("admin:blog_post_changelist"))
    assert len(response.context["cl"].result_list) == rows


def test_site_settings_open_at_their_one_form_and_are_saved(client, editor):
    response = client.get(reverse("admin:blog_sitesettings_changelist"), follow=True)
    assert response.redirect_chain == [("/admin/blog/sitesettings/1/change/", 302)]
    response = client.post(
        "/admin/blog/sitesettings/1/change/",
        {
            "title": "Our Review",
            "publisher": "We",
            "posts_per_page": "12",
            "outlet_share": "40",
            "outlet_share_from": "5",
            "language": "uk",
            "time_zone": "Europe/Kyiv",
            "second_factor": "nobody",
            "feed_text": "whole",
        },
    )
    assert response.status_code == 302
    site = SiteSettings.load()
    assert (site.title, site.posts_per_page, site.language) == ("Our Review", 12, "uk")
    assert client.get("/admin/blog/sitesettings/add/").status_code == 403
    assert client.post("/admin/blog/sitesettings/1/delete/", {"post": "yes"}).status_code == 403


def test_site_settings_refuse_an_unknown_time_zone(client, editor):
    response = client.post(
        "/admin/blog/sitesettings/1/change/",
        {
            "title": "T",
            "publisher": "We",
            "posts_per_page": "12",
            "outlet_share": "40",
            "outlet_share_from": "5",
            "language": "en",
            "time_zone": "Kyiv",
            "second_factor": "nobody",
            "feed_text": "whole",
        },
    )
    assert response.context["errors"][0] == [
        "“Kyiv” is no time zone. Use a name such as Europe/Kyiv."
    ]
    assert SiteSettings.objects.count() == 0


@pytest.mark.parametrize("target", ["//evil.example", "javascript:alert(1)", "links"])
def test_link_refuses_what_is_no_address(client, editor, target):
    response = client.post(
        "/admin/blog/navlink/add/",
        {"label": "x", "target": target, "place": "footer", "position": "0"},
    )
    assert response.context["errors"][0] == [
        "Use a path of this site (/links/) or a full address (https://…)."
    ]
