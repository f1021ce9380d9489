"""Secret links to what is not public yet."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from blog.models import PreviewLink
from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_post(title="Nobody knows yet", status="draft", published_at=None)


@pytest.fixture
def link(draft):
    return PreviewLink.objects.create(post=draft)


def test_link_shows_the_draft_and_leaves_no_trace(client, link):
    response = client.get(link.get_absolute_url())
    assert response.status_code == 200
    assert "Nobody knows yet" in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Referrer-Policy"] == "no-referrer"
    assert 'content="noindex, nofollow"' in response.text
    assert "canonical" not in response.text
    assert client.cookies == {}


def test_draft_is_nowhere_else(client, link):
    category = link.post.category
    for path in ("/", "/feed/", category.get_absolute_url(), "/corrections/"):
        assert "Nobody knows yet" not in client.get(path).text
    assert client.get(link.post.get_absolute_url()).status_code == 404


def test_other_links_cannot_be_made_from_one(client, link):
    other = PreviewLink.objects.create(post=make_post(status="draft", published_at=None))
    signature = link.get_absolute_url().rstrip("/").partition(":")[2]
    for token in (f"{other.pk}:{signature}", str(link.pk), "x", f"{link.pk}:", "%00"):
        assert client.get(f"/preview/{token}/").status_code == 404
    forged = signing.Signer(salt="another").sign(str(link.pk))
    assert client.get(f"/preview/{forged}/").status_code == 404


def test_link_ends_by_itself_and_by_hand(client, link, time_machine):
    path = link.get_absolute_url()
    other = PreviewLink.objects.create(post=link.post)
    other.revoked_at = timezone.now()
    other.save()
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(path).status_code == 200
    time_machine.move_to(timezone.now() + timedelta(days=7, seconds=1))
    assert client.get(path).status_code == 404


def test_link_leads_on_once_the_post_is_public_and_shows_nothing_withdrawn(client, link):
    post = link.post
    post.status, post.body = "published", "<p>Text</p>"
    post.save()
    response = client.get(link.get_absolute_url())
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    assert response["Cache-Control"] == "private, no-store"
    post.withdraw()
    assert client.get(link.get_absolute_url()).status_code == 404


def test_preview_of_a_scheduled_post_shows_it(client):
    later = make_post(published_at=timezone.now() + timedelta(days=1), category=make_category())
    link = PreviewLink.objects.create(post=later)
    assert later.title in client.get(link.get_absolute_url()).text
