"""The source of what editors share, among the feeds of the newsroom."""

import pytest
from django.urls import reverse

from aggregator.models import Feed
from tests.factories import make_editor, make_feed, make_headline

pytestmark = pytest.mark.django_db
LIST = reverse("admin:aggregator_feed_changelist")


@pytest.fixture
def shared(client):
    client.force_login(make_editor())
    feed = Feed.objects.shared()
    make_headline(feed=feed)
    return feed


def test_it_is_listed_as_what_it_is_and_counted_nowhere(client, shared):
    response = client.get(LIST)
    page = response.content.decode()
    assert "Shared by editors" in page
    assert '<span class="health health-off">never polled</span>' in page
    assert list(response.context["states"]) == []
    assert "Shared by editors" not in client.get("/admin/").content.decode()


def test_it_can_be_seen_and_not_changed_polled_or_deleted(client, shared):
    for name in ("change", "poll", "take", "delete"):
        path = reverse(f"admin:aggregator_feed_{name}", args=[shared.pk])
        assert client.post(path, {"post": "yes", "url": "https://a.example/"}).status_code == 403
    page = client.get(reverse("admin:aggregator_feed_change", args=[shared.pk]))
    assert page.status_code == 200
    assert page.context["has_change_permission"] is False
    shared.refresh_from_db()
    assert (shared.url, shared.is_active) == ("", False)


def test_actions_on_several_leave_it_alone(client, shared):
    other = make_feed()
    rows = {"_selected_action": [shared.pk, other.pk]}
    assert client.post(LIST, rows | {"action": "delete_selected", "post": "yes"}).status_code == 403
    client.post(LIST, rows | {"action": "poll_now"})
    assert Feed.objects.count() == 2
    before = shared.next_poll_at
    shared.refresh_from_db()
    assert shared.next_poll_at == before
