"""What is for mail only is on no public page, whatever the address."""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from aggregator import announcing
from aggregator.models import Announcement, Collection
from newsletter.subscription.choices import offers
from tests.factories import (
    make_collection,
    make_feed,
    make_headline,
    make_pick,
    make_post,
    make_subscriber,
)
from tests.newsandtimes.leaking import addresses

pytestmark = pytest.mark.django_db

ASKED = ["search/?q=giraffe", "search/?q=bridge", "search/?q=zebratitle", "?s=zebratitle"]


@pytest.fixture
def hidden():
    """A mail-only collection and what we say there; all of that begins with zebra."""
    fields = {"title": "Zebralist", "slug": "zebralist", "intro": "zebraintro"}
    collection = make_collection(**fields, is_public=False, home_count=8)
    words = {
        "title": "zebratitle",
        "excerpt": "zebraexcerpt",
        "note": "zebranote",
        "translated_title": "zebratranslation",
    }
    headline = make_headline(title="A bridge", feed=make_feed(collection=collection))
    placed_at = timezone.now() - timedelta(minutes=1)
    make_pick(collection=collection, headline=headline, placed_at=placed_at, **words)
    return collection


def public_paths():
    """Return the path of every public address, filled with what would lead to the collection."""
    values = {
        "year": "2026",
        "month": "11",
        "day": "28",
        "number": "1",
        "pk": "1",
        "category": "zebralist",
        "tag": "zebralist",
        "author": "zebralist",
    }
    for _name, route in addresses(""):
        if not route.startswith("admin/"):
            path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values.get(m[1], "zebralist"), route)
            yield "/" + re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]|\[a-z0-9-\]\+|\\", "", path)


def test_no_public_address_tells_of_what_is_for_mail_only(client, hidden):
    make_pick(collection=make_collection(home_count=3), title="Giraffe")
    make_post(title="A post about a bridge")
    call_command("update_search", verbosity=0)
    paths = [*public_paths(), *(f"/{asked}" for asked in ASKED)]
    assert {"/zebralist/", "/zebralist/feed.json", "/collections/zebralist/clip/"} < set(paths)
    for path in paths:
        response = client.get(path)
        said = b"".join(response).decode(errors="replace").casefold()
        # What was asked for may be said again.
        told = set(re.findall(r"zebra\w+", said)) - set(re.findall(r"zebra\w+", path))
        assert not told, path
        assert "zebralist" not in said or response.status_code == 404, path


def test_every_public_address_of_a_list_is_gone_with_the_next_request(client, hidden):
    names = ["page", "clip", "collection-feed", "collection-feed-atom", "collection-feed-json"]
    paths = [reverse(name, args=[hidden.slug]) for name in names]
    paths.append(f"{reverse('oembed')}?url=http://testserver/{hidden.slug}/")
    Collection.objects.filter(pk=hidden.pk).update(is_public=True)
    assert [client.get(path).status_code for path in paths[:-1]] == [200] * 5
    Collection.objects.filter(pk=hidden.pk).update(is_public=False)
    assert [client.get(path).status_code for path in paths] == [404] * 6


def test_no_hub_is_told_of_it(hidden):
    shown = make_pick(placed_at=timezone.now() - timedelta(minutes=1)).collection
    announcing.look(now=timezone.now())
    topics = Announcement.objects.values_list("topic", flat=True)
    assert {topic.split("/")[1] for topic in topics} == {shown.slug}


def test_no_subscriber_is_offered_it_as_a_topic(hidden):
    shown = make_collection()
    subscriber = make_subscriber()
    subscriber.collections.add(hidden)
    found = offers(subscriber, now=timezone.now())["collections"]
    assert list(found) == [shown]
