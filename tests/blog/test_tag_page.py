"""A tag's page, and the ways to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Post, SiteSettings, Tag
from blog.templatetags.posts import title_with_tags
from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db


def test_tag_lists_its_posts_newest_first_and_others_not(client):
    for number in range(2):
        make_post(title=f"In {number}", tags=["Мир"])
    make_post(title="Out", tags=["War"])
    page = client.get("/tag/mir/")
    assert [post.title for post in page.context["page"].rows] == ["In 1", "In 0"]
    text = page.text.partition("<aside")[0]
    assert ">#Мир</h1>" in text
    assert "Out" not in text


def test_tag_without_a_public_post_has_no_page(client):
    tomorrow = timezone.now() + timedelta(days=1)
    make_post(title="Secret", status=Post.Status.DRAFT, tags=["draft"])
    make_post(title="Secret", published_at=tomorrow, tags=["coming"])
    make_post(title="Secret", status=Post.Status.WITHDRAWN, tags=["withdrawn"])
    Tag.objects.create(name="bare")
    for slug in ("draft", "coming", "withdrawn", "bare", "nothing"):
        response = client.get(f"/tag/{slug}/")
        assert (response.status_code, "Secret" in response.text) == (404, False)


def test_tag_page_leaves_out_what_is_not_public(client):
    make_post(title="Open", tags=["a"])
    make_post(title="Secret", status=Post.Status.DRAFT, tags=["a"])
    text = client.get("/tag/a/").text
    assert ("Open" in text, "Secret" in text) == (True, False)


def test_tag_goes_on_over_pages(client):
    SiteSettings.objects.create(posts_per_page=2)
    category = make_category()
    for number in range(3):
        make_post(title=f"Post-{number}", category=category, tags=["a"])
    assert 'href="/tag/a/page/2/"' in client.get("/tag/a/").text
    second = client.get("/tag/a/page/2/")
    assert [post.title for post in second.context["page"].rows] == ["Post-0"]
    response = client.get("/tag/a/page/1/")
    assert (response.status_code, response["Location"]) == (301, "/tag/a/")
    assert client.get("/tag/a/page/3/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_tag_page_costs_the_same_for_any_number(client, rows, django_assert_num_queries):
    SiteSettings.objects.create(posts_per_page=30)
    for _ in range(rows):
        make_post(tags=["a"])
    with django_assert_num_queries(6):
        page = client.get("/tag/a/")
    assert len(page.context["page"].rows) == rows


def test_tag_with_a_name_of_its_own_making_still_has_an_address(client):
    tag = Tag.objects.create(name="x", slug="мир")
    make_post().tags.add(tag)
    assert client.get(tag.get_absolute_url()).status_code == 200


def test_hashtags_of_a_title_lead_to_their_tags_on_the_posts_own_page(client):
    post = make_post(title="<b>#Мир</b> or #War, #other", tags=["мир", "War"])
    assert title_with_tags(post) == (
        '&lt;b&gt;<a class="hashtag" href="/tag/mir/" rel="tag">#Мир</a>&lt;/b&gt; or '
        '<a class="hashtag" href="/tag/war/" rel="tag">#War</a>, '
        '<span class="hashtag">#other</span>'
    )
    page = client.get(post.get_absolute_url()).text
    assert f"<h1>{title_with_tags(post)}</h1>" in page
    # On a card the whole title is a link already.
    assert 'class="hashtag" href' not in client.get("/").text


def test_hashtags_cost_a_post_no_query(client, django_assert_num_queries):
    plain = make_post(title="Plain", tags=["a", "b"])
    tagged = make_post(title="#a and #b", tags=["a", "b"])
    client.get(plain.get_absolute_url())
    for post in (plain, tagged):
        with django_assert_num_queries(6):
            client.get(post.get_absolute_url())
