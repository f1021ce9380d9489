"""Headlines are found by what editors say about them, as long as they say it in public."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from aggregator.collecting import place_new, withdraw
from aggregator.models import Collection, Pick
from newsandtimes.search.models import Pending
from tests.factories import make_collection, make_headline, make_pick

pytestmark = pytest.mark.django_db

WORDS = {
    "title": "Lion",
    "translated_title": "Лев",
    "excerpt": "A mane.",
    "note": "Roars.",
    "title_language": "ru",
}


@pytest.fixture
def pick():
    """A pick in our own words."""
    headline = make_headline(title="Zebra", summary="Stripes.", language="uk")
    return make_pick(headline=headline, **WORDS)


def results_of(client, typed):
    return client.get("/search/", {"q": typed}).context["results"].rows


@pytest.mark.parametrize("typed", ["zebra", "stripes", "lion", "лев", "mane", "roars"])
def test_a_headline_is_found_by_the_outlets_words_and_by_ours(client, indexed, pick, typed):
    indexed()
    assert [found.row.pk for found in results_of(client, typed)] == [pick.headline_id]


def test_it_is_shown_in_our_words_and_their_language(client, indexed, pick):
    indexed()
    page = client.get("/search/", {"q": "roars"}).content.decode()
    assert '<h2 lang="ru"><a href="https://outlet.example/1" rel="noopener">Lion</a></h2>' in page
    assert "<mark>Roars</mark>" in page
    assert "Zebra" not in page


def test_a_dead_link_leads_to_the_copy_that_stands_for_it(client, indexed, pick):
    copy = "https://web.archive.example/1"
    Pick.objects.filter(pk=pick.pk).update(title="", translated_title="", excerpt="", note="")
    other = make_pick(headline=pick.headline, collection=make_collection(), archived_url=copy)
    indexed()
    page = client.get("/search/", {"q": "zebra"}).content.decode()
    assert f'<a href="{copy}" rel="noopener"><mark>Zebra</mark></a>' in page
    assert "<span>archived copy</span>" in page
    assert "https://outlet.example/1" not in page
    withdraw(other, now=timezone.now())
    page = client.get("/search/", {"q": "zebra"}).content.decode()
    assert '<a href="https://outlet.example/1" rel="noopener"><mark>Zebra</mark></a>' in page
    assert "archived copy" not in page


def gone_by_withdrawal(pick):
    withdraw(pick, now=timezone.now())


def gone_by_new_words(pick):
    Pick.objects.filter(pk=pick.pk).update(title="", translated_title="", excerpt="", note="")


def gone_with_its_collection(pick):
    Collection.objects.filter(pk=pick.collection_id).update(is_public=False)


def gone_into_another(pick):
    Pick.objects.filter(pk=pick.pk).update(collection=make_collection(is_public=False))


def gone_altogether(pick):
    pick.delete()


@pytest.mark.parametrize(
    "go",
    [
        *(gone_by_withdrawal, gone_by_new_words, gone_with_its_collection),
        *(gone_into_another, gone_altogether),
    ],
)
def test_words_that_are_gone_find_nothing_and_are_shown_nowhere(client, indexed, pick, go):
    indexed()
    go(pick)
    # Before the worker comes it may be found by them; they are on no page any more.
    assert "Lion" not in client.get("/search/", {"q": "zebra"}).content.decode()
    indexed()
    assert results_of(client, "lion") == []
    assert [found.title for found in results_of(client, "zebra")] == ["<mark>Zebra</mark>"]


def test_words_of_a_pick_that_has_ended_are_not_shown(client, indexed, pick):
    indexed()
    Pick.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert "Lion" not in client.get("/search/", {"q": "zebra"}).content.decode()


def test_what_a_feed_puts_into_a_collection_costs_the_index_nothing(indexed):
    headline = make_headline()
    indexed()
    place_new([headline], collection_id=make_collection().pk)
    assert not Pending.objects.exists()


def test_words_from_before_are_put_into_the_index(indexed, pick):
    make_pick()
    indexed()
    migration = import_module("newsandtimes.search.migrations.0002_words_of_picks")
    migration.note(apps, SimpleNamespace(connection=connection))
    assert list(Pending.objects.values_list("kind", "object_id")) == [(3, pick.headline_id)]
