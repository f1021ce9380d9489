"""The archive: years, months and days by the site's clock, and the pages of authors."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from blog import lists
from blog.models import Author, Post, SiteSettings
from tests.factories import make_author, make_category, make_post

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECRET = "Zanzibarquark"


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def posts():
    """Two months, two years, and what nobody may see yet or any more."""
    for title, at in [
        ("Newest", NOW),
        ("Day before", NOW - timedelta(days=1)),
        ("October", datetime(2026, 10, 3, tzinfo=UTC)),
        ("Old", datetime(2019, 2, 28, 23, 59, tzinfo=UTC)),
    ]:
        make_post(title=title, published_at=at)
    for number, (status, at) in enumerate(
        [
            ("published", NOW + timedelta(hours=1)),
            ("published", NOW + timedelta(days=30)),
            ("draft", datetime(2018, 5, 5, tzinfo=UTC)),
            ("withdrawn", datetime(2017, 5, 5, tzinfo=UTC)),
        ]
    ):
        make_post(title=f"{SECRET} {number}", status=status, published_at=at)


def titles(response):
    return [post.title for post in response.context["page"].rows]


def main_of(response):
    return response.text.partition("<main")[2].partition("</main>")[0]


def test_archive_counts_what_is_public_by_month(client, posts):
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main_of(client.get("/archive/"))))
    assert "2026 3 posts November 2 October 1 2019 1 post February 1" in shown
    assert re.findall(r'href="(/\d[^"]*)"', main_of(client.get("/archive/"))) == [
        "/2026/",
        "/2026/11/",
        "/2026/10/",
        "/2019/",
        "/2019/02/",
    ]


def test_archive_follows_the_sites_clock(client, posts):
    SiteSettings.objects.create(time_zone="Europe/Kyiv")
    assert '<a href="/2019/03/">March</a> <span>1</span>' in main_of(client.get("/archive/"))
    assert titles(client.get("/2019/03/")) == ["Old"]
    assert titles(client.get("/2019/03/01/")) == ["Old"]
    assert client.get("/2019/02/").status_code == 404


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/2026/", ["Newest", "Day before", "October"]),
        ("/2026/11/", ["Newest", "Day before"]),
        ("/2026/11/23/", ["Day before"]),
        ("/2019/", ["Old"]),
        ("/2019/02/", ["Old"]),
    ],
)
def test_spans_show_their_public_posts(client, posts, path, shown):
    response = client.get(path)
    assert titles(response) == shown
    assert SECRET not in response.text


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/2020/",
            "/2026/12/",
            "/2026/09/",
            "/2026/11/22/",
            "/2018/",
            "/2018/05/",
            "/2017/05/05/",
        ),
        *(
            "/2026/13/",
            "/2026/00/",
            "/2026/11/31/",
            "/2026/02/30/",
            "/0000/",
            "/9999/",
            "/1234567/",
        ),
        *("/2026/page/2/", "/2026/11/page/2/", "/2026/11/page/0/", "/2026/11/23/page/2/"),
    ],
)
def test_spans_without_a_public_post_are_not_found(client, posts, path):
    response = client.get(path)
    assert (response.status_code, SECRET in response.text) == (404, False)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/2026/page/1/", "/2026/"),
        ("/2019/2/", "/2019/02/"),
        ("/2019/02/page/1/", "/2019/02/"),
        ("/2026/11/4/", "/2026/11/04/"),
        ("/2026/10/october/", "/2026/10/03/october/"),
        ("/2019/02", "/2019/02/"),
    ],
)
def test_other_forms_of_an_address_lead_to_the_one(client, posts, path, target):
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (301, target)


def test_withdrawn_post_is_gone_at_an_address_without_its_day_too(client, posts):
    withdrawn = Post.objects.get(status="withdrawn")
    assert client.get(f"/2017/05/{withdrawn.slug}/").status_code == 410
    draft = Post.objects.get(status="draft")
    assert client.get(f"/2018/05/{draft.slug}/").status_code == 404


def test_year_and_month_go_on_over_pages(client, posts):
    SiteSettings.objects.create(posts_per_page=1)
    assert [titles(client.get(f"/2026/{page}")) for page in ("", "page/2/", "page/3/")] == [
        ["Newest"],
        ["Day before"],
        ["October"],
    ]
    second = client.get("/2026/11/page/2/")
    assert titles(second) == ["Day before"]
    assert '<a class="newer" rel="prev" href="/2026/11/">' in second.text
    assert "November 2026, page 2" in second.text.partition("</title>")[0]


def test_empty_site_has_an_archive(client):
    assert "Nothing has been published here yet." in client.get("/archive/").text


def test_author_has_a_page_with_what_they_wrote(client):
    ada = make_author(name="Ada", bio="Writes about <rivers>.")
    for number in range(2):
        make_post(title=f"Ada's {number}", authors=[ada, make_author()])
    make_post(title="Another's", authors=[make_author()])
    response = client.get("/author/ada/")
    assert titles(response) == ["Ada's 1", "Ada's 0"]
    assert "<p>Writes about &lt;rivers&gt;.</p>" in main_of(response)
    assert '<a href="/author/ada/" rel="author">Ada</a>' in client.get("/").text
    assert "Ada&#x27;s 1" in client.get("/author/ada/feed/").text.replace("'", "&#x27;")


def test_author_without_a_public_post_has_no_page(client):
    make_post(title=SECRET, status="draft", authors=[make_author(name="Ada", bio=SECRET)])
    for path in ("/author/ada/", "/author/ada/feed/", "/author/nobody/"):
        response = client.get(path)
        assert (response.status_code, SECRET in response.text) == (404, False)


def test_author_who_is_renamed_leads_on(client):
    ada = make_author(name="Ada")
    make_post(authors=[ada])
    ada.slug = "ada-l"
    ada.save()
    assert client.get("/author/ada/").url == "/author/ada-l/"
    assert Author.objects.get().get_absolute_url() == reverse("author", args=["ada-l"])


@pytest.mark.parametrize("near", [500, 0])
@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/archive/", 4),
        ("/2026/", 7),
        ("/2026/10/", 5),
        ("/2026/10/01/", 5),
        ("/author/ada/", 6),
        ("/category/review/", 6),
        ("/tag/a/", 6),
    ],
)
def test_lists_cost_the_same_for_any_number(
    client, monkeypatch, django_assert_num_queries, path, queries, rows, near
):
    # Two pages of one post more than a page: the second is deep where near is 0.
    SiteSettings.objects.create(posts_per_page=rows)
    monkeypatch.setattr(lists, "NEAR", near)
    category, author = make_category(name="Review"), make_author(name="Ada")
    for number in range(rows + 1):
        at = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=number)
        make_post(published_at=at, category=category, authors=[author], tags=["a"])
    make_post(published_at=datetime(2018, 1, 1, tzinfo=UTC), authors=[author])
    with django_assert_num_queries(queries):
        client.get(path)
    if path == "/archive/":
        return
    more = 1 if near == 0 and path != "/2026/10/01/" else 0
    with django_assert_num_queries(queries + more):
        assert client.get(f"{path}page/2/").status_code == 200
