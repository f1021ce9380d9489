"""Addresses at which something once stood."""

from datetime import timedelta

import pytest
from django.contrib.redirects.models import Redirect
from django.utils import timezone

from blog import former
from blog.models import Page, Post
from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db


def test_changed_slug_leads_on_with_its_query(client):
    post = make_post(slug="first")
    old = post.get_absolute_url()
    post.slug = "second"
    post.save()
    response = client.get(f"{old}?utm_source=x")
    assert (response.status_code, response["Location"]) == (
        301,
        f"{post.get_absolute_url()}?utm_source=x",
    )


def test_every_earlier_address_leads_straight_to_the_newest(client):
    post = make_post(slug="first")
    paths = []
    for slug in ("second", "third"):
        paths.append(post.get_absolute_url())
        post.slug = slug
        post.save()
    for path in paths:
        assert client.get(path)["Location"] == post.get_absolute_url()


def test_slug_that_comes_back_leads_nowhere(client):
    post = make_post(slug="first")
    first = post.get_absolute_url()
    for slug in ("second", "first"):
        post.slug = slug
        post.save()
    assert client.get(first).status_code == 200
    assert not Redirect.objects.filter(old_path=first).exists()


def test_another_day_leads_on_and_its_deletion_says_gone(client):
    post = make_post(slug="first")
    old = post.get_absolute_url()
    post.published_at -= timedelta(days=3)
    post.save()
    new = post.get_absolute_url()
    assert client.get(old)["Location"] == new
    post.delete()
    assert [client.get(path).status_code for path in (old, new)] == [410, 410]


def test_deleted_post_is_gone_and_says_so_in_words(client):
    post = make_post(title="A secret title")
    path = post.get_absolute_url()
    Post.objects.all().delete()
    response = client.get(path)
    assert response.status_code == 410
    assert "This text was taken down" in response.text
    assert "A secret title" not in response.text
    assert 'name="robots" content="noindex"' in response.text


def test_what_was_never_public_leaves_no_trace(client):
    draft = make_post(status="draft", published_at=None, slug="draft")
    later = make_post(published_at=timezone.now() + timedelta(days=1), slug="later")
    paths = [draft.get_absolute_url(), later.get_absolute_url()]
    for post in (draft, later):
        post.slug += "-2"
        post.save()
        post.delete()
    assert not Redirect.objects.exists()
    assert [client.get(path).status_code for path in paths] == [404, 404]


def test_withdrawn_post_is_gone_until_it_is_published_again(client):
    post = make_post()
    path = post.get_absolute_url()
    post.withdraw()
    assert client.get(path).status_code == 410
    assert post.title not in client.get("/").text + client.get("/feed/").text
    post.status = Post.Status.PUBLISHED
    post.save()
    assert client.get(path).status_code == 200


def test_section_and_page_lead_on_too(client):
    category = make_category(slug="old-section")
    page = Page.objects.create(title="About", slug="about", status="published")
    category.slug, page.slug = "new-section", "about-us"
    category.save()
    page.save()
    assert client.get("/category/old-section/")["Location"] == "/category/new-section/"
    assert client.get("/about/")["Location"] == "/about-us/"


def test_very_long_path_is_simply_unknown(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert former.move_from("/" + "a" * 300) is None


def test_public_pages_ask_for_no_former_address(client, django_assert_max_num_queries):
    make_post()
    with django_assert_max_num_queries(7) as queries:
        client.get("/")
    assert not [query for query in queries.captured_queries if "redirect" in query["sql"]]
