"""The search on an OpenSearch server, against a small one of our own that checks the requests."""

from datetime import timedelta

import pytest
from django.utils import timezone

from blog.models import Page
from newsandtimes.environment import search_backend
from newsandtimes.search import updating
from newsandtimes.search.models import Builder, Kind, Pending
from tests.factories import make_category, make_headline, make_post
from tests.newsandtimes.search.opensearch_server import OpenSearchServer
from tests.newsandtimes.search.test_views import hidden_things, titles


@pytest.fixture
def server(db, settings):
    """Have a server search in the place of the database."""
    with OpenSearchServer() as server:
        settings.SEARCH_URL = f"{server.url}/review-"
        settings.MODELSEARCH_BACKENDS = {"default": search_backend(settings.SEARCH_URL)}
        yield server


def test_posts_pages_and_headlines_are_found_in_any_spelling(client, server):
    make_post(title="Вечір у Києві", language="uk")
    Page.objects.create(title="About Kyiv", status="published")
    make_headline(title="Киев сегодня")
    make_post(title="Kharkiv")
    updating.update()
    for typed in ("Київ", "kyiv", "Киев"):
        found = sorted(titles(client.get("/search/", {"q": typed})))
        assert found == ["About Kyiv", "Вечір у Києві", "Киев сегодня"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"night lights"', ["Night lights"]),
        ("night lights", ["Lights of the night", "Night lights"]),
        ("night -lights", ["Night trains"]),
        ('night -"night lights"', ["Lights of the night", "Night trains"]),
        ("night -rails", ["Lights of the night", "Night lights"]),
        ("night rails", ["Night trains"]),
        ("Гамбург", ["Hamburg"]),
        ("zebra", []),
    ],
)
def test_phrases_and_minus_words(client, server, typed, expected):
    for title in ("Night lights", "Lights of the night", "Hamburg"):
        make_post(title=title, body="")
    make_post(title="Night trains", body="<p>Rails.</p>")
    updating.update()
    assert sorted(titles(client.get("/search/", {"q": typed}))) == expected


def test_the_best_goes_first_and_the_newest_by_choice(client, server):
    now = timezone.now()
    make_post(title="Trains", body="<p>A harbour.</p>", published_at=now - timedelta(days=1))
    make_post(title="Harbour", published_at=now - timedelta(days=3))
    updating.update()
    assert titles(client.get("/search/?q=harbour")) == ["Harbour", "Trains"]
    assert titles(client.get("/search/?q=harbour&sort=newest")) == ["Trains", "Harbour"]


def test_filters(client, server):
    sea = make_category(name="Sea")
    make_post(title="Harbour at sea", category=sea)
    make_post(title="Harbour on land")
    make_headline(title="Harbour headline")
    updating.update()
    assert titles(client.get("/search/?q=harbour&category=sea")) == ["Harbour at sea"]
    assert titles(client.get("/search/?q=harbour&kind=headlines")) == ["Harbour headline"]
    assert len(titles(client.get("/search/?q=harbour&year=2026"))) == 3


def test_what_readers_may_not_see_is_not_found(client, server):
    hidden_things()
    post, headline = make_post(title="Zebra post"), make_headline(title="Zebra headline")
    updating.update()
    assert sorted(titles(client.get("/search/?q=zebra"))) == ["Zebra headline", "Zebra post"]
    # The server still has them; the database says that they are gone.
    post.withdraw()
    headline.is_hidden = True
    headline.save()
    assert titles(client.get("/search/?q=zebra")) == []
    updating.update()
    kept = [key for index in server.indexes.values() for key in index.documents]
    assert str(post.pk) not in kept


def test_one_request_a_search(client, server, django_assert_num_queries):
    make_post(title="Harbour")
    updating.update()
    server.requests.clear()
    with django_assert_num_queries(4):
        client.get("/search/?q=harbour")
    assert [path for _, path, _ in server.requests] == ["/_msearch"]


def test_an_empty_server_has_nothing_and_a_broken_one_says_so(client, server):
    make_post(title="Harbour")
    assert titles(client.get("/search/?q=harbour")) == []
    server.is_broken = True
    response = client.get("/search/?q=harbour")
    assert response.status_code == 503
    assert "The search does not answer at present." in response.content.decode()


def test_saving_touches_no_network(server, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        make_post(title="Harbour")
    assert (server.requests, Pending.objects.count() > 0) == ([], True)


def test_another_server_is_filled_and_what_is_lost_is_dropped(client, server):
    post = make_post(title="Harbour")
    Page.objects.create(title="Harbour page", status="published")
    updating.prepare()
    assert server.requests == []  # whoever migrates need not reach it
    updating.update()
    assert Builder.objects.get().built.startswith(f"127.0.0.1:{server.server_port}/review- ")
    index = server.indexes["review-post-1"]
    index.documents["999"] = index.documents[str(post.pk)] | {"pk": "999"}
    updating.rebuild()
    updating.update()
    assert list(index.documents) == [str(post.pk)]


def test_a_server_that_fails_while_indexing_loses_nothing(server):
    make_post(title="Harbour")
    server.is_broken = True
    with pytest.raises(Exception, match="503"):
        updating.update()
    assert (Pending.objects.filter(kind=Kind.POST).exists(), updating.is_busy()) == (True, False)
    server.is_broken = False
    updating.update()
    assert len(server.indexes["review-post-1"].documents) == 1
