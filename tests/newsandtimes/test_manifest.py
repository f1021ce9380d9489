"""How a telephone names the site and the newsroom, and what it shares with the latter."""

import pytest

from blog.models import SiteSettings
from tests.factories import make_editor

pytestmark = pytest.mark.django_db


def test_newsroom_stands_in_share_menus(client):
    SiteSettings(title="The Review").save()
    response = client.get("/admin/manifest.webmanifest")
    told = response.json()
    assert response["Content-Type"] == "application/manifest+json; charset=utf-8"
    assert (told["name"], told["short_name"]) == ("The Review: Newsroom", "Newsroom")
    assert {told[name] for name in ("id", "start_url", "scope")} == {"/admin/"}
    assert told["share_target"] == {
        "action": "/admin/share/",
        "method": "GET",
        "enctype": "application/x-www-form-urlencoded",
        "params": {"title": "title", "text": "text", "url": "url"},
    }
    assert [icon["sizes"] for icon in told["icons"]] == ["192x192", "512x512", "512x512"]


def test_readers_manifest_shares_nothing(client):
    told = client.get("/manifest.webmanifest").json()
    assert (told["start_url"], told["scope"]) == ("/", "/")
    assert {"share_target", "id"}.isdisjoint(told)


def test_each_page_names_its_own_manifest(client):
    readers, editors = "/manifest.webmanifest", "/admin/manifest.webmanifest"
    link = '<link rel="manifest" href="{}">'
    page = client.get("/").content.decode()
    assert link.format(readers) in page
    assert link.format(editors) not in page
    client.force_login(make_editor())
    page = client.get("/admin/").content.decode()
    assert link.format(editors) in page
    assert link.format(readers) not in page
