"""The page of a collection."""

from datetime import timedelta

import pytest

from aggregator.models import Collection
from tests.factories import (
    LONG_AGO,
    make_author,
    make_collection,
    make_headline,
    make_image,
    make_pick,
    make_post,
)

pytestmark = pytest.mark.django_db

SECRET = "Zanzibarquark"


def main_of(response):
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_collection_lists_its_picks_with_outlet_and_link(client, time_machine):
    time_machine.move_to(LONG_AGO, tick=False)
    headline = make_headline(
        title="Міст відкрито",
        summary="Коротко.",
        url="https://outlet.example/a?b=1&c=2",
        outlet="outlet.example",
        language="uk",
        published_at=LONG_AGO - timedelta(days=3),
    )
    collection = make_collection(title="Selected Articles", intro="By hand.")
    make_pick(collection=collection, headline=headline, translated_title="Bridge", note="Read it.")
    main = main_of(client.get("/selected-articles/"))
    assert "<h1>Selected Articles</h1>" in main
    assert "<p>By hand.</p>" in main
    assert (
        '<h2><a href="https://outlet.example/a?b=1&amp;c=2" rel="noopener" lang="uk">'
        "Міст відкрито</a>"
    ) in main
    assert '<p class="translated">Bridge</p>' in main
    assert '<p class="excerpt" lang="uk">Коротко.</p>' in main
    assert '<p class="note">Read it.</p>' in main
    assert "<span>outlet.example</span>" in main
    assert '<span aria-hidden="true">3d</span>' in main


def test_editors_words_stand_before_the_outlets(client):
    collection = make_collection(slug="picked")
    headline = make_headline(title="THEIRS", summary="THEIR SUMMARY", language="uk")
    make_pick(collection=collection, headline=headline, title="Ours", excerpt="Our excerpt")
    main = main_of(client.get("/picked/"))
    assert (main.count("Ours"), main.count("Our excerpt"), main.count("THEIR")) == (1, 1, 0)
    assert "lang=" not in main


def test_each_of_our_words_is_in_its_own_language(client):
    collection = make_collection(slug="picked", home_count=1)
    make_pick(
        collection=collection,
        headline=make_headline(title="THEIRS", language="ru"),
        title="Наш",
        excerpt="Уривок",
        note="Примітка",
        title_language="uk",
        translated_title="Наше",
        translated_language="ru",
    )
    for path in ("/picked/", "/"):
        page = client.get(path).content.decode()
        assert ' rel="noopener" lang="uk">Наш</a>' in page
        assert '<p class="translated" lang="ru">Наше</p>' in page
        assert '<p class="excerpt" lang="uk">Уривок</p>' in page
        assert '<p class="note" lang="uk">Примітка</p>' in page


def test_what_is_breaking_says_so_on_every_page(client):
    collection = make_collection(slug="picked", home_count=3)
    make_pick(collection=collection, is_breaking=True)
    make_pick(collection=collection)
    for path in ("/picked/", "/", "/collections/picked/clip/"):
        page = client.get(path).content.decode()
        assert page.count('<span class="breaking">Breaking</span>') == 1, path
    assert "<category>Breaking</category>" in client.get("/picked/feed/").content.decode()
    assert client.get("/picked/feed.json").json()["items"][1]["tags"] == ["Breaking"]


def test_picture_and_intro_stand_on_the_first_page(client, media_folder):
    image = make_image(alt="A bridge in the fog", caption="Fog")
    collection = make_collection(slug="picked", intro="First.\n\n<b>Second</b>.", image=image)
    for _ in range(6):
        make_pick(collection=collection)
    Collection.objects.update(page_count=5)
    first, second = main_of(client.get("/picked/")), main_of(client.get("/picked/page/2/"))
    assert "<p>First.</p>\n\n<p>&lt;b&gt;Second&lt;/b&gt;.</p>" in first
    assert 'alt="A bridge in the fog"' in first
    assert "<figcaption>Fog</figcaption>" in first
    assert "figure" not in second
    assert (first.count('<li class="headline">'), second.count('<li class="headline">')) == (5, 1)


@pytest.mark.parametrize("title", ["", "Ours"])
def test_each_title_on_the_front_page_is_in_its_own_language(client, title):
    for position in (1, 2, 3):
        collection = make_collection(home_count=1, position=position)
        make_pick(collection=collection, title=title, headline=make_headline(language="uk"))
    page = client.get("/").content.decode()
    assert page.count(' rel="noopener">Ours</a>') == (3 if title else 0)
    assert page.count(' rel="noopener" lang="uk">') == (0 if title else 3)


def test_withdrawn_hidden_ended_and_foreign_picks_leak_nowhere(client):
    collection = make_collection(slug="picked", home_count=9)
    make_pick(collection=collection, headline=make_headline(title="Shown"))
    past = LONG_AGO + timedelta(days=1)
    for fields in (
        {"headline": make_headline(title=SECRET), "withdrawn_at": past},
        {"headline": make_headline(title=SECRET, is_hidden=True)},
        {"headline": make_headline(title=SECRET), "until": past},
    ):
        make_pick(collection=collection, **fields)
    make_pick(headline=make_headline(title=SECRET))
    for path in ("/picked/", "/"):
        page = client.get(path).content.decode()
        assert "Shown" in page
        assert SECRET not in page


def test_hostile_headlines_are_escaped(client):
    hostile = '"><script>alert(1)</script>'
    headline = make_headline(
        title=hostile, summary=hostile, outlet=hostile, language='"><script>', url=""
    )
    collection = make_collection(slug="picked", title=hostile, intro=hostile, home_count=3)
    make_pick(collection=collection, headline=headline, note=hostile, translated_title=hostile)
    for path in ("/picked/", "/"):
        page = client.get(path).content.decode()
        assert "<script>" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_collection_goes_on_over_pages(client):
    collection = make_collection(slug="picked")
    for number in range(31):
        make_pick(collection=collection, placed_at=LONG_AGO + timedelta(minutes=number))
    assert 'href="/picked/page/2/"' in main_of(client.get("/picked/"))
    assert main_of(client.get("/picked/page/2/")).count('class="headline"') == 1
    response = client.get("/picked/page/1/")
    assert (response.status_code, response["Location"]) == (301, "/picked/")
    assert client.get("/picked/page/3/").status_code == 404


def test_unknown_word_is_no_collection(client):
    make_collection(slug="picked")
    assert client.get("/nothing/").status_code == 404


def test_collection_does_not_hide_the_sites_own_pages(client):
    for slug in ("feed", "subscribe", "admin"):
        make_collection(slug=slug, title=SECRET)
        assert SECRET not in client.get(f"/{slug}/").content.decode()


@pytest.mark.parametrize("count", [1, 30])
def test_collection_takes_seven_queries_at_any_size(client, django_assert_num_queries, count):
    collection, author = make_collection(slug="picked"), make_author()
    for _ in range(count):
        make_pick(collection=collection)
        make_post(authors=[author])
    with django_assert_num_queries(7):
        client.get("/picked/")
