"""The page of the search: what it finds, and what it must never show."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import quote

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.models import Page, Post, SiteSettings
from tests.factories import (
    make_author,
    make_category,
    make_headline,
    make_post,
)


def titles(response):
    """Return the titles of the results, in their order."""
    found = re.findall(r"<h2[^>]*>(.*?)</h2>", response.content.decode(), re.DOTALL)
    return [unescape(re.sub("<[^>]+>", "", title)) for title in found]


def make_page(**fields):
    return Page.objects.create(**{"status": Page.Status.PUBLISHED, "body": ""} | fields)


def test_posts_pages_and_headlines_are_found(client, indexed):
    make_post(title="Harbour at night", body="<p>Boats.</p>")
    make_page(title="About the harbour")
    make_headline(title="A harbour is dredged", summary="Mud.")
    make_post(title="Trains", body="<p>Rails.</p>")
    indexed()
    found = titles(client.get("/search/?q=harbour"))
    assert sorted(found) == ["A harbour is dredged", "About the harbour", "Harbour at night"]


@pytest.mark.parametrize("typed", ["Київ", "Kyiv", "Киев", "kiev", "КИЇВ", "Києва"])
def test_spellings_of_two_alphabets_meet(client, indexed, typed):
    make_post(title="Вечір у Києві", language="uk")
    make_post(title="Вечер в Киеве", language="ru")
    make_post(title="An evening in Kyiv")
    make_post(title="An evening in Kharkiv")
    indexed()
    assert sorted(titles(client.get("/search/", {"q": typed}))) == [
        *("An evening in Kyiv", "Вечер в Киеве", "Вечір у Києві")
    ]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"night lights"', ["Night lights"]),
        ("night lights", ["Night lights", "Lights of the night"]),
        ("night -lights", ["Night trains"]),
        ('night -"night lights"', ["Lights of the night", "Night trains"]),
        ("night -lights -trains", []),
        ('"night lights', ["Night lights"]),
        ("night zebra", []),
    ],
)
def test_phrases_and_minus_words(client, indexed, typed, expected):
    for title in ("Night lights", "Lights of the night", "Night trains"):
        make_post(title=title, body="")
    indexed()
    assert sorted(titles(client.get("/search/", {"q": typed}))) == sorted(expected)


def test_a_phrase_does_not_reach_from_the_title_into_the_text(client, indexed):
    make_post(title="The harbour", standfirst="Lights are out.", body="<p>Boats sleep.</p>")
    indexed()
    assert titles(client.get('/search/?q="harbour+lights"')) == []
    assert titles(client.get('/search/?q="out+boats"')) == []
    assert titles(client.get('/search/?q="boats+sleep"')) == ["The harbour"]


def test_a_minus_word_counts_wherever_it_stands(client, indexed):
    make_post(title="Harbour", body="<p>Fog.</p>")
    make_post(title="Harbour in the sun", body="<p>Sun.</p>")
    indexed()
    assert titles(client.get("/search/?q=harbour+-fog")) == ["Harbour in the sun"]


def test_the_title_goes_before_the_lead_and_that_before_the_text(client, indexed):
    make_post(title="In the text", body="<p>The harbour.</p>")
    make_post(title="In the lead", standfirst="The harbour.")
    make_post(title="The harbour")
    indexed()
    assert titles(client.get("/search/?q=harbour")) == ["The harbour", "In the lead", "In the text"]


def test_the_newest_goes_first_among_equals_and_by_choice(client, indexed):
    now = timezone.now()
    make_post(title="Old harbour", published_at=now - timedelta(days=900))
    make_post(title="New", body="<p>A harbour.</p>", published_at=now - timedelta(days=2))
    make_post(title="Newer harbour", published_at=now - timedelta(days=9))
    indexed()
    assert titles(client.get("/search/?q=harbour")) == ["Newer harbour", "Old harbour", "New"]
    newest = titles(client.get("/search/?q=harbour&sort=newest"))
    assert newest == ["New", "Newer harbour", "Old harbour"]


def test_tags_authors_and_sections_are_found(client, indexed):
    section = make_category(name="Navigation")
    make_post(
        title="Buoys",
        category=section,
        tags=["Seamark"],
        authors=[make_author(name="Oksana Lysenko")],
    )
    indexed()
    for word in ("navigation", "seamarks", "Лисенко", "oksana"):
        assert titles(client.get("/search/", {"q": word})) == ["Buoys"]


def test_filters_by_kind_section_and_year(client, indexed):
    sea, land = make_category(name="Sea"), make_category(name="Land")
    make_post(title="Harbour 2026", category=sea)
    make_post(title="Harbour 2024", category=sea, published_at=datetime(2024, 5, 1, tzinfo=UTC))
    make_post(title="Harbour on land", category=land)
    make_page(title="Harbour page")
    make_headline(title="Harbour headline")
    indexed()

    def found(**filters):
        return sorted(titles(client.get("/search/", {"q": "harbour"} | filters)))

    assert found(kind="headlines") == ["Harbour headline"]
    assert found(kind="pages") == ["Harbour page"]
    assert found(category="sea") == ["Harbour 2024", "Harbour 2026"]
    assert found(category="sea", year="2024") == ["Harbour 2024"]
    assert found(kind="posts") == ["Harbour 2024", "Harbour 2026", "Harbour on land"]
    assert len(found(kind="x", category="x", year="x", sort="x", page="x")) == 5


def test_hits_are_marked_and_everything_is_escaped(client, indexed):
    make_post(
        title="<b>Harbour</b> & co",
        body="<p>" + "Water. " * 60 + "Then the harbours &lt;script&gt; came. " + "Sand. " * 60,
    )
    make_headline(title='"><img src=x onerror=alert(1)> harbour', summary="<i>harbour</i>")
    indexed()
    page = client.get("/search/", {"q": 'harbour -"<script>alert("'}).content.decode()
    assert "&lt;b&gt;<mark>Harbour</mark>&lt;/b&gt; &amp; co" in page
    assert "Then the <mark>harbours</mark> &lt;script&gt; came. Sand." in page
    assert ">…Water. Water." in page
    assert "&lt;i&gt;<mark>harbour</mark>&lt;/i&gt;" in page
    assert [word for word in ("<img src=x", "<b>", "<i>", "<script>") if word in page] == []


def test_headlines_lead_to_their_outlets_and_posts_to_us(client, indexed):
    post = make_post(title="Harbour", language="uk")
    make_headline(
        title="Harbour two",
        url="https://outlet.example/harbour",
        language="ka",
        published_at=timezone.now() - timedelta(hours=3),
    )
    indexed()
    page = client.get("/search/?q=harbour").content.decode()
    assert f'<h2 lang="uk"><a href="{post.get_absolute_url()}">' in page
    assert '<h2 lang="ka"><a href="https://outlet.example/harbour" rel="noopener">' in page
    assert re.search(r"<span>outlet.example</span> <time [^>]*data-age=\"compact\"", page)


def hidden_things():
    """Make one of everything that readers may not meet, each with the word."""
    now = timezone.now()
    category = make_category()
    for status in (Post.Status.DRAFT, Post.Status.REVIEW, Post.Status.WITHDRAWN):
        make_post(title=f"Zebra {status}", status=status, category=category)
    make_post(title="Zebra to come", published_at=now + timedelta(days=1), category=category)
    make_post(title="Open", tags=[], review_note="zebra", category=category)
    make_page(title="Zebra page", status=Page.Status.DRAFT)
    make_headline(title="Zebra hidden", is_hidden=True)


def test_what_readers_may_not_see_is_not_found(client, indexed):
    hidden_things()
    make_post(title="Zebra in the open")
    indexed()
    assert titles(client.get("/search/?q=zebra")) == ["Zebra in the open"]
    assert titles(client.get("/search/?q=zebra&sort=newest")) == ["Zebra in the open"]


def test_a_scheduled_post_is_found_from_its_minute_on(client, indexed, time_machine):
    make_post(title="Zebra to come", published_at=datetime(2026, 6, 1, 12, tzinfo=UTC))
    indexed()
    time_machine.move_to(datetime(2026, 6, 1, 11, 59, tzinfo=UTC), tick=False)
    assert titles(client.get("/search/?q=zebra")) == []
    time_machine.move_to(datetime(2026, 6, 1, 12, 0, tzinfo=UTC), tick=False)
    assert titles(client.get("/search/?q=zebra")) == ["Zebra to come"]


def test_what_is_taken_back_is_gone_at_once_though_the_index_lags(client, indexed):
    post, page, headline = (
        make_post(title="Zebra post"),
        make_page(title="Zebra page"),
        make_headline(title="Zebra headline"),
    )
    gone = make_headline(title="Zebra deleted")
    indexed()
    assert len(titles(client.get("/search/?q=zebra"))) == 4
    post.withdraw()
    page.status = Page.Status.DRAFT
    page.save()
    headline.is_hidden = True
    headline.save()
    gone.delete()
    assert titles(client.get("/search/?q=zebra")) == []


def test_no_words_no_results_and_only_minus_words(client, indexed):
    make_post(title="Harbour")
    indexed()
    for typed, words in [
        ("", "the same whether you write"),
        ("-harbour", "There is no word to look for."),
        ("😀", "There is no word to look for."),
        ("zebra", "Nothing was found for “zebra”."),
    ]:
        response = client.get("/search/", {"q": typed})
        assert (titles(response), words in response.content.decode()) == ([], True)


def test_no_results_lead_to_less(client, indexed):
    make_post(title="Harbour")
    indexed()
    page = client.get("/search/?q=harbour+zebra&kind=posts").content.decode()
    links = re.findall(r'<li><a href="(/search/[^"]+)">([^<]+)</a></li>', page)
    assert [(unescape(link), text) for link, text in links] == [
        ("/search/?q=harbour+zebra", "Search everything, in all years"),
        ("/search/?q=zebra&kind=posts", "zebra"),
        ("/search/?q=harbour&kind=posts", "harbour"),
    ]


def test_pages_are_bounded(client, indexed):
    section = make_category()
    for number in range(45):
        make_post(title=f"Harbour {number}", category=section)
    indexed()
    pages = [titles(client.get(f"/search/?q=harbour&page={n}")) for n in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [20, 20, 5, 0]
    assert len({title for page in pages for title in page}) == 45
    assert (
        'href="/search/?q=harbour&amp;page=3"'
        in client.get("/search/?q=harbour&page=2").content.decode()
    )
    for number in ("0", "-1", "99999999999", "x", "٣"):
        assert client.get("/search/", {"q": "harbour", "page": number}).status_code == 200


def test_engines_do_not_walk_it_and_its_address_is_plain(client, indexed):
    response = client.get("/search/?q=a%26b&utm_source=x&kind=posts")
    assert response["X-Robots-Tag"] == "noindex"
    page = response.content.decode()
    assert '<link rel="canonical" href="http://testserver/search/?q=a%26b">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
    assert client.post("/search/?q=a").status_code == 405


@pytest.mark.parametrize("rows", [1, 30])
def test_any_number_of_results_costs_the_same_queries(
    client, indexed, django_assert_num_queries, is_postgres, rows
):
    for number in range(rows):
        make_post(title=f"Harbour {number}")
        make_headline(title=f"Harbour headline {number}")
    make_page(title="Harbour page")
    indexed()
    with django_assert_num_queries(8 + is_postgres):  # which is told not to compile
        client.get("/search/?q=harbour&sort=newest")


@pytest.mark.parametrize(
    "query",
    [
        "%00",
        "harbour%00",
        "%ff%fe",
        "%ed%a0%80",
        quote('"' * 99),
        quote("a AND (b OR NEAR(c, 2)) NOT *"),
        quote("{title} : x"),
        quote("' OR 1=1; --"),
        quote("%s %d %(x)s"),
        quote("!a & b | <-> 'c' :*"),
        quote("\u202eabc مرحبا שלום"),
        quote("-"),
        quote("- - -"),
        quote("x" * 10_000),
        quote("a " * 5_000),
        quote("\\"),
        "a;b&&&q=c",
    ],
)
def test_odd_queries_are_answered(client, indexed, query):
    make_post(title="Harbour")
    indexed()
    for more in ("", "&kind=posts&category=x&year=%00&sort=%ff&page=%00"):
        assert client.get(f"/search/?q={query}{more}").status_code == 200


@given(typed=st.text(alphabet=st.characters(), max_size=80))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_whatever_is_typed_is_answered(client, indexed, typed):
    address = quote(typed.encode("utf-8", "surrogatepass"))
    assert client.get(f"/search/?q={address}").status_code == 200


def test_browsers_are_told_how_to_search(client, db):
    response = client.get("/opensearch.xml")
    assert response["Content-Type"] == "application/opensearchdescription+xml"
    assert 'template="http://testserver/search/?q={searchTerms}"' in response.content.decode()
    assert 'href="/opensearch.xml"' in client.get("/").content.decode()


def test_results_go_compressed_to_who_takes_them_so(client, indexed):
    make_post(title="Harbour at night", body="<p>Boats.</p>")
    indexed()
    plain = client.get("/search/?q=harbour")
    packed = client.get("/search/?q=harbour", headers={"accept-encoding": "gzip"})
    assert (packed["Content-Encoding"], plain.get("Content-Encoding")) == ("gzip", None)
    assert "Accept-Encoding" in plain["Vary"]
    assert b"<mark>Harbour</mark> at night" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2


def test_years_begin_on_the_clock_of_the_site_on_every_database(client, indexed):
    SiteSettings.objects.create(time_zone="Pacific/Kiritimati")  # 14 hours ahead
    for hour in (9, 10):
        make_post(
            title=f"Harbour {hour}", published_at=datetime(2025, 12, 31, hour, 30, tzinfo=UTC)
        )
    indexed()
    assert titles(client.get("/search/?q=harbour&year=2025")) == ["Harbour 9"]
    assert titles(client.get("/search/?q=harbour&year=2026")) == ["Harbour 10"]
