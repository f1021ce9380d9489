"""Maps of the site, read back by a strict XML parser, and robots.txt."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from django.utils import timezone

from blog.models import Page, Post, SiteSettings
from newsandtimes import sitemaps
from tests.factories import make_category, make_collection, make_pick, make_post

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
BASE = "https://review.example"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
N = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(autouse=True)
def _now(settings, time_machine):
    settings.SITE_URL = BASE
    time_machine.move_to(NOW, tick=False)


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    assert len(response.content) < 50 * 2**20
    return ET.fromstring(response.content)  # noqa: S314  it is our own


def entries(client, path):
    """The addresses of a map, each with its date."""
    root = read(client, path)
    each = {f"{S}urlset": f"{S}url", f"{S}sitemapindex": f"{S}sitemap"}[root.tag]
    assert {child.tag for child in root} <= {each}
    return [
        (one.findtext(f"{S}loc").removeprefix(BASE), one.findtext(f"{S}lastmod")) for one in root
    ]


def post_of(at, *, saved_at=None, **fields):
    post = make_post(published_at=at, **fields)
    Post.objects.filter(pk=post.pk).update(updated_at=saved_at or at)
    return post


def test_index_lists_the_months_with_their_last_change(client):
    post_of(AT)
    post_of(datetime(2026, 9, 1, tzinfo=UTC), saved_at=AT + timedelta(hours=1))
    post_of(datetime(1999, 12, 31, 23, tzinfo=UTC))
    assert entries(client, "/sitemap.xml") == [
        ("/sitemap-sections.xml", "2026-11-22T11:30:00+00:00"),
        ("/sitemap-posts-2026-11-1.xml", "2026-11-22T10:30:00+00:00"),
        ("/sitemap-posts-2026-9-1.xml", "2026-11-22T11:30:00+00:00"),
        ("/sitemap-posts-1999-12-1.xml", "1999-12-31T23:00:00+00:00"),
    ]


def test_every_part_that_the_index_names_is_there(client):
    SiteSettings.objects.create(time_zone="Europe/Kyiv")
    for days in (0, 10, 40, 400):
        post_of(NOW - timedelta(days=days, hours=1))
    late = post_of(datetime(2026, 10, 31, 23, tzinfo=UTC))  # November in Kyiv
    timezone.activate("Europe/Kyiv")
    paths = [path for path, _ in entries(client, "/sitemap.xml")]
    listed = [path for part in paths for path, _ in entries(client, part)]
    assert sorted(listed) == sorted(
        ["/", *(p.get_absolute_url() for p in Post.objects.all()), *categories()]
    )
    assert late.get_absolute_url() in [
        path for path, _ in entries(client, "/sitemap-posts-2026-11-1.xml")
    ]


def categories():
    return [post.category.get_absolute_url() for post in Post.objects.all()]


def test_part_holds_the_posts_of_its_month(client):
    first = post_of(AT, saved_at=NOW)
    second = post_of(AT - timedelta(days=1))
    post_of(datetime(2026, 10, 31, 23, tzinfo=UTC))
    assert entries(client, "/sitemap-posts-2026-11-1.xml") == [
        (first.get_absolute_url(), "2026-11-25T12:00:00+00:00"),
        (second.get_absolute_url(), "2026-11-21T10:30:00+00:00"),
    ]


def test_large_month_has_several_parts(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "PART_SIZE", 2)
    made = [post_of(AT - timedelta(minutes=number)) for number in range(5)]
    parts = [path for path, _ in entries(client, "/sitemap.xml")][1:]
    assert parts == [f"/sitemap-posts-2026-11-{number}.xml" for number in (1, 2, 3)]
    listed = [path for part in parts for path, _ in entries(client, part)]
    assert listed == [post.get_absolute_url() for post in made]
    assert client.get("/sitemap-posts-2026-11-4.xml").status_code == 404


@pytest.mark.parametrize("part", ["2026-13-1", "2026-0-1", "0-1-1", "9999-12-1", "2026-11-0"])
def test_impossible_parts_are_not_there(client, part):
    post_of(AT)
    assert client.get(f"/sitemap-posts-{part}.xml").status_code == 404


def test_sections_hold_what_stands_still(client):
    post = post_of(AT, category=make_category(name="Review"))
    make_category(name="Empty")
    page = Page.objects.create(title="About", body="<p>A</p>", status="published")
    Page.objects.create(title="Secret", body="<p>A</p>")
    make_pick(collection=make_collection(title="Selected Articles"), placed_at=AT)
    make_collection(title="Nothing yet")
    assert entries(client, "/sitemap-sections.xml") == [
        ("/", "2026-11-22T10:30:00+00:00"),
        (page.get_absolute_url(), "2026-11-25T12:00:00+00:00"),
        (post.category.get_absolute_url(), "2026-11-22T10:30:00+00:00"),
        ("/selected-articles/", "2026-11-22T10:30:00+00:00"),
    ]


def test_nothing_that_is_not_public_is_in_a_map(client):
    public = post_of(NOW - timedelta(hours=1), title="Public")
    secret = make_category(name="Secret")
    for status in ("draft", "review", "withdrawn"):
        make_post(title="Secret", status=status, published_at=NOW, category=secret)
    make_post(title="Secret", published_at=NOW + timedelta(minutes=1), category=secret)
    make_post(title="Secret", published_at=NOW + timedelta(days=40), category=secret)
    make_post(title="Secret", published_at=NOW - timedelta(days=99), status="draft")
    assert [path for path, _ in entries(client, "/sitemap.xml")] == [
        "/sitemap-sections.xml",
        "/sitemap-posts-2026-11-1.xml",
    ]
    for path in ("/sitemap-sections.xml", "/sitemap-posts-2026-11-1.xml", "/news-sitemap.xml"):
        assert b"ecret" not in client.get(path).content
    assert entries(client, "/sitemap-posts-2026-11-1.xml")[0][0] == public.get_absolute_url()
    assert client.get("/sitemap-posts-2027-1-1.xml").status_code == 404


def test_a_withdrawal_changes_the_date_of_its_month(client, time_machine):
    post_of(AT)
    gone = post_of(AT - timedelta(days=1))
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    gone.refresh_from_db()
    gone.withdraw()
    assert entries(client, "/sitemap.xml")[1] == (
        "/sitemap-posts-2026-11-1.xml",
        "2026-11-25T13:00:00+00:00",
    )


def test_news_are_our_own_articles_of_two_days(client):
    SiteSettings.objects.create(title="The\x0b Review", time_zone="Europe/Kyiv")
    post_of(NOW - timedelta(days=2, minutes=1), title="Too old")
    post_of(NOW, title="Re-shared", kind="link", source_url="https://wsj.com/a")
    fresh = post_of(NOW - timedelta(hours=47), title="Ours & <new>\x08", language="uk", slug="ours")
    opinion = post_of(NOW - timedelta(hours=1), title="Opinion", kind="opinion", saved_at=NOW)
    found = [
        (
            one.findtext(f"{S}loc"),
            one.findtext(f"{N}news/{N}publication/{N}name"),
            one.findtext(f"{N}news/{N}publication/{N}language"),
            one.findtext(f"{N}news/{N}publication_date"),
            one.findtext(f"{N}news/{N}title"),
        )
        for one in read(client, "/news-sitemap.xml")
    ]
    assert found == [
        (
            f"{BASE}{opinion.get_absolute_url()}",
            *("The Review", "en", "2026-11-25T13:00:00+02:00", "Opinion"),
        ),
        (
            f"{BASE}{fresh.get_absolute_url()}",
            *("The Review", "uk", "2026-11-23T15:00:00+02:00", "Ours & <new>"),
        ),
    ]


def test_maps_of_an_empty_site_are_valid(client):
    assert entries(client, "/sitemap.xml") == [("/sitemap-sections.xml", None)]
    assert entries(client, "/sitemap-sections.xml") == [("/", None)]
    assert list(read(client, "/news-sitemap.xml")) == []


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/sitemap.xml", 5),
        ("/sitemap-posts-2026-11-1.xml", 2),
        ("/sitemap-sections.xml", 5),
        ("/news-sitemap.xml", 2),
    ],
)
def test_a_map_takes_the_same_queries_at_any_size(
    client, django_assert_num_queries, path, queries, count
):
    for number in range(count):
        post_of(NOW - timedelta(minutes=number))
        make_pick()
    with django_assert_num_queries(queries):
        client.get(path)


def test_robots_are_told_where_the_maps_are_whatever_the_host(client, settings):
    settings.ALLOWED_HOSTS = ["review.example", "evil.example"]
    response = client.get("/robots.txt", headers={"host": "evil.example"})
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /admin/\nDisallow: /search/\n\n"
        f"Sitemap: {BASE}/sitemap.xml\nSitemap: {BASE}/news-sitemap.xml\n"
    )
    post_of(AT)
    assert b"evil" not in client.get("/sitemap.xml", headers={"host": "evil.example"}).content


def test_maps_may_be_kept_for_a_while(client):
    kept = {path: client.get(path)["Cache-Control"] for path in ("/sitemap.xml", "/robots.txt")}
    assert set(kept.values()) == {"public, max-age=3600"}
    assert client.get("/news-sitemap.xml")["Cache-Control"] == "public, max-age=300"
