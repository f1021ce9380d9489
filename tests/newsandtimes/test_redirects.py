"""Former addresses in the newsroom."""

import pytest
from django.contrib import admin
from django.contrib.redirects.models import Redirect
from django.contrib.sites.models import Site
from django.urls import reverse

from blog.models import Page
from tests.factories import make_editor, make_post

pytestmark = pytest.mark.django_db

ADD = reverse("admin:redirects_redirect_add")


@pytest.fixture(autouse=True)
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


def add(client, old, new=""):
    """Return the errors, or the words on the next page."""
    response = client.post(ADD, {"old_path": old, "new_path": new}, follow=True)
    if "adminform" in response.context:
        return dict(response.context["adminform"].errors)
    return [str(message) for message in response.context["messages"]]


def kept():
    return list(Redirect.objects.values_list("old_path", "new_path", "site"))


def test_readers_are_led_on_or_told_that_it_is_gone(client):
    post = make_post()
    add(client, "/old/", post.get_absolute_url())
    add(client, "/2019/01/02/gone/", "")
    assert client.get("/old/?a=1").url == f"{post.get_absolute_url()}?a=1"
    assert client.get("/2019/01/02/gone/").status_code == 410


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (" /old/ ", "/old/"),
        ("http://testserver/old/", "/old/"),
        ("/%D1%81%D1%82%D0%B0%D1%80%D0%B5/", "/старе/"),
    ],
)
def test_former_address_is_taken_as_it_is_pasted(client, typed, path):
    add(client, typed, "/")
    assert kept() == [(path, "/", 1)]


@pytest.mark.parametrize(
    "old",
    ["old", "//evil.example/", "https://evil.example/old/", "/", "/old/?p=1", "/a b/", "/a#b"],
)
def test_what_is_no_path_of_this_site_is_refused(client, old):
    assert set(add(client, old)) == {"old_path"}
    assert kept() == []


@pytest.mark.parametrize("name", ["post", "page", "home", "feed", "admin", "media"])
def test_nobody_is_led_away_from_where_something_stands(client, name):
    page = Page.objects.create(title="About", status="published")
    paths = {
        "post": make_post().get_absolute_url(),
        "page": page.get_absolute_url(),
        "home": "/page/1/",
        "feed": "/feed/",
        "admin": "/admin/nothing/",
        "media": "/media/images/x.png",
    }
    path = paths[name]
    assert add(client, path, "/elsewhere/") == {
        "old_path": [f"Something stands at “{path}”: readers are not led away from it."]
    }


@pytest.mark.parametrize(
    "new", ["javascript:alert(1)", "//evil.example", "new", "ftp://x.example", "https://", "/a b"]
)
def test_target_that_is_no_address_is_refused(client, new):
    assert set(add(client, "/old/", new)) == {"new_path"}
    assert kept() == []


def test_leading_to_another_site_is_said(client):
    assert add(client, "/old/", "https://other.example/x")[0] == (
        "Readers of “/old/” are now led to another site: https://other.example/x"
    )
    text = client.get(reverse("admin:redirects_redirect_changelist")).content.decode()
    assert "another site" in text


def test_leading_to_an_empty_place_is_said(client):
    assert "Nothing stands at “/new/” yet" in add(client, "/old/", "/new/")[0]


def test_nobody_is_led_in_a_circle(client):
    add(client, "/a/", "/b/")
    add(client, "/b/", "/c/?x=1")
    for target in ("/a/", "/b/", "/c/", "http://testserver/a/"):
        assert set(add(client, "/c/", target)) == {"new_path"}
    assert len(kept()) == 2


def test_one_address_leads_to_one_place(client):
    add(client, "/a/", "/b/")
    assert set(add(client, "/a/", "/c/")) == {"old_path"}


def test_redirects_are_found_by_words_of_both_addresses(client):
    add(client, "/old-bridge/", "/")
    add(client, "/other/", "")
    url = reverse("admin:redirects_redirect_changelist")
    found = client.get(url, {"q": "bridge"}).context["cl"].result_list
    assert [one.old_path for one in found] == ["/old-bridge/"]


def test_sites_are_nothing_for_editors():
    assert Site not in admin.site._registry
