"""Feeds that are deleted with much that they brought."""

import pytest
from django.urls import reverse

from aggregator import removal
from aggregator.models import Feed, Fingerprint, Headline, Pick
from tests.factories import LONG_AGO, make_editor, make_feed, make_headline, make_pick

pytestmark = pytest.mark.django_db


@pytest.fixture
def feed():
    """A feed that is large, as steps of two rows go."""
    feed = make_feed(title="Large")
    for number in range(5):
        headline = make_headline(feed=feed)
        make_pick(headline=headline)
        Fingerprint.objects.create(feed=feed, key=f"{number}", until=LONG_AGO)
    return feed


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch):
    monkeypatch.setattr("aggregator.removal.AT_ONCE", 2)


def test_all_of_a_feed_goes_and_nothing_of_another(feed):
    other = make_pick().headline
    assert removal.remove(feed.pk) == 10
    assert list(Feed.objects.all()) == [other.feed]
    assert list(Headline.objects.all()) == [other]
    assert (Pick.objects.count(), Fingerprint.objects.count()) == (1, 0)


def test_removal_goes_on_where_it_was_killed(feed, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("aggregator.removal._remove_some", lambda _feed: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            removal.remove(feed.pk)
    assert Feed.objects.count() == 1
    removal._remove_some(feed.pk)
    assert (Feed.objects.count(), Headline.objects.count()) == (1, 3)
    assert removal.remove(feed.pk) == 8
    assert Feed.objects.count() == 0


@pytest.mark.parametrize("way", ["page", "list"])
def test_large_feed_is_left_to_the_worker_and_polled_no_more(client, feed, settings, way):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
    small = make_headline().feed
    client.force_login(make_editor())
    if way == "page":
        url = reverse("admin:aggregator_feed_delete", args=[feed.pk])
        response = client.post(url, {"post": "yes"}, follow=True)
    else:
        url = reverse("admin:aggregator_feed_changelist")
        form = {"action": "delete_selected", "_selected_action": [feed.pk, small.pk], "post": "y"}
        response = client.post(url, form, follow=True)
    assert "“Large” has brought so much that it goes bit by bit." in response.content.decode()
    left = {one.title: one.is_active for one in Feed.objects.all()}
    assert left == ({"Large": False} | ({small.title: True} if way == "page" else {}))


def test_large_feed_is_gone_once_the_worker_has_been(client, feed):
    client.force_login(make_editor())
    client.post(reverse("admin:aggregator_feed_delete", args=[feed.pk]), {"post": "yes"})
    assert Feed.objects.count() == 0
