"""Addresses as WordPress and Ghost had them, and pages for who finds nothing."""

from datetime import UTC, datetime

import pytest

from blog import former
from blog.models import Post
from tests.factories import make_author, make_category, make_collection, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.fixture
def post():
    category = make_category(name="Review")
    fields = {"category": category, "authors": [make_author(name="Ada")], "tags": ["a"]}
    return make_post(title="Moved here", published_at=AT, **fields)


def leads(client, path):
    response = client.get(path)
    return response.status_code, response.get("Location")


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/?s=peace+talks", "/search/?q=peace+talks"),
        ("/?s=%D0%9A%D0%B8%D1%97%D0%B2%26x%3D1", "/search/?q=%D0%9A%D0%B8%D1%97%D0%B2%26x%3D1"),
        ("/page/3/?s=x", "/search/?q=x"),
        ("/index.php?s=x", "/search/?q=x"),
        ("/index.php", "/"),
        ("/?tag=a", "/tag/a/"),
        ("/?category_name=review", "/category/review/"),
        ("/?author_name=ada", "/author/ada/"),
        ("/?m=202611", "/2026/11/"),
        ("/?m=2026", "/2026/"),
        ("/?feed=rss2", "/feed/"),
        ("/?feed=atom", "/feed/atom/"),
        ("/page/1/", "/"),
        ("/category/review/page/1/", "/category/review/"),
        ("/author/ada/page/1/", "/author/ada/"),
        ("/tag/a/page/1/", "/tag/a/"),
        ("/wp-sitemap.xml", "/sitemap.xml"),
        ("/wp-sitemap-posts-post-1.xml", "/sitemap.xml"),
        ("/sitemap_index.xml", "/sitemap.xml"),
        ("/rss/", "/feed/"),
        ("/rss", "/rss/"),
        ("/atom/", "/feed/atom/"),
        ("/feed/rss2/", "/feed/"),
        ("/feed/rdf/", "/feed/"),
        ("/tag/a/rss/", "/tag/a/feed/"),
        ("/author/ada/rss/", "/author/ada/feed/"),
        ("/category/review/feed/rss2/", "/category/review/feed/"),
    ],
)
def test_old_forms_lead_on(client, post, path, target):
    assert leads(client, path) == (301, target)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/feed", "/feed/"),
        ("/category/review", "/category/review/"),
        ("/category/review/page/2", "/category/review/page/2/"),
        ("/2026/11", "/2026/11/"),
        ("/2026/11/23/moved-here", "/2026/11/23/moved-here/"),
        ("/archive", "/archive/"),
        ("/links", "/links/"),
        ("/feed.json/", "/feed.json"),
        ("/sitemap.xml/", "/sitemap.xml"),
        ("/robots.txt/", "/robots.txt"),
        ("/about/fetcher/", "/about/fetcher"),
    ],
)
def test_each_address_has_one_form(client, post, path, target):
    make_collection(slug="links")
    assert leads(client, path) == (301, target)


def test_post_is_found_by_its_former_number_wherever_it_goes(client, post):
    former.remember_number("p", 17, post.get_absolute_url())
    assert leads(client, "/?p=17") == (301, "/2026/11/23/moved-here/")
    assert leads(client, "/?utm_source=x&p=0017") == (301, "/2026/11/23/moved-here/")
    post.slug = "and-again"
    post.save()
    assert leads(client, "/?p=17") == (301, "/2026/11/23/and-again/")
    post.delete()
    assert leads(client, "/?p=17") == (410, None)


def test_category_is_found_by_its_former_number(client, post):
    former.remember_number("cat", 4, post.category.get_absolute_url())
    assert leads(client, "/?cat=4") == (301, "/category/review/")
    with pytest.raises(ValueError, match="numbered"):
        former.remember_number("x", 4, "/")


@pytest.mark.parametrize("value", ["18", "x", "-1", "", "1e9", "9" * 300, "17;DROP", "٣"])
def test_number_that_nobody_knows_is_not_found(client, post, value):
    former.remember_number("p", 17, post.get_absolute_url())
    assert leads(client, f"/?p={value}") == (404, None)


def test_number_of_our_own_is_no_former_number(client, post):
    assert leads(client, f"/?p={post.pk}") == (404, None)


def test_other_questions_change_nothing(client, post):
    assert client.get("/?utm_source=x").status_code == 200
    assert client.get("/search/?p=1&q=x").status_code == 200
    assert client.post("/?s=x").status_code == 405


def test_uploads_lead_to_where_they_are_now(client):
    former.remember_move("/wp-content/uploads/2019/05/bridge.jpg", "/media/images/bridge.jpg")
    former.remember_end("/wp-content/uploads/2019/05/gone.png")
    for name in ("bridge.jpg", "bridge-300x200.jpg", "bridge-scaled.jpg"):
        path = f"/wp-content/uploads/2019/05/{name}"
        assert leads(client, path) == (301, "/media/images/bridge.jpg")
    assert leads(client, "/wp-content/uploads/2019/05/gone-150x150.png") == (410, None)
    assert leads(client, "/wp-content/uploads/2019/05/other.jpg") == (404, None)


@pytest.mark.parametrize("path", ["/comments/feed/", "/2026/11/23/moved-here/feed/"])
def test_feeds_of_comments_are_gone(client, post, path):
    assert leads(client, path) == (410, None)


@pytest.mark.parametrize(
    "path",
    [
        "/%2Fevil.example/",
        "/\\evil.example",
        "/?s=//evil.example",
        "/?tag=//evil.example",
        "/?category_name=https://evil.example",
        "/wp-content/uploads///evil.example/x.jpg",
        "/tag///evil.example/rss/",
        "/%5Cevil.example/feed.json/",
        "/index.php?s=%0d%0aLocation:%20https://evil.example",
    ],
)
def test_nobody_is_led_to_another_site(client, path):
    status, target = leads(client, path)
    assert status in {301, 404, 410}
    assert target is None or (target.startswith("/") and target[1:2] not in {"/", "\\"})


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "//evil.example/feed.json/"])
def test_path_of_two_slashes_leads_to_no_other_host(client, path):
    response = client.get("/", PATH_INFO=path)
    assert response.status_code in {301, 404}
    assert not response.get("Location", "").startswith("//")


@pytest.mark.parametrize("status", [404, 410])
def test_who_finds_nothing_is_helped_on(client, post, status):
    make_post(title="Secret", status="draft")
    gone = make_post(title="Zanzibarquark", status=Post.Status.WITHDRAWN)
    path = gone.get_absolute_url() if status == 410 else "/no/such/place/"
    response = client.get(path)
    assert response.status_code == status
    main = response.text.partition("<main")[2].partition("</main>")[0]
    assert '<form class="search-form lost" role="search" action="/search/">' in main
    assert "Moved here</a>" in main
    assert '<meta name="robots" content="noindex">' in response.text
    assert not any(word in response.text for word in ("Secret", "Zanzibarquark"))


@pytest.mark.parametrize("rows", [1, 30])
def test_page_that_is_not_there_takes_five_queries(client, rows, django_assert_num_queries):
    for _ in range(rows):
        make_post(authors=[make_author()])
    with django_assert_num_queries(5):
        assert client.get("/no/such/place/").status_code == 404
