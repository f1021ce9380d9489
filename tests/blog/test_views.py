"""A post's page and a category's pages."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from blog.models import Post, SiteSettings
from tests.factories import make_author, make_category, make_image, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
SECRET = "Zanzibarquark"


@pytest.fixture
def hidden_posts():
    """A draft and a scheduled post whose every text holds one secret word."""
    category = make_category(name="Review")
    texts = {"title": SECRET, "standfirst": SECRET, "body": f"<p>{SECRET}</p>"}
    draft = make_post(category=category, status=Post.Status.DRAFT, **texts)
    tomorrow = timezone.now() + timedelta(days=1)
    scheduled = make_post(category=category, published_at=tomorrow, **texts)
    return draft, scheduled


def text_of(response):
    return response.content.decode()


def test_post_shows_its_text_with_title_byline_and_source(client):
    post = make_post(
        kind=Post.Kind.LINK,
        title="A golden opportunity",
        standfirst="Why now.",
        body="<p>An <em>essay</em>.</p>",
        source_url="https://www.wsj.com/a?b=1&c=2",
        authors=[make_author(name="Ada"), make_author(name="Bob")],
        tags=["Peace"],
    )
    page = text_of(client.get(post.get_absolute_url()))
    assert page.count("<h1") == 1
    assert "<h1>A golden opportunity</h1>" in page
    assert '<p class="standfirst">Why now.</p>' in page
    assert "<p>An <em>essay</em>.</p>" in page
    ada, bob = (f'<a href="/author/{n.lower()}/" rel="author">{n}</a>' for n in ("Ada", "Bob"))
    assert f"<span>{ada} and {bob}</span>" in page
    assert (
        '<a class="outlet" href="https://www.wsj.com/a?b=1&amp;c=2" rel="noopener">'
        "Post Link: wsj.com</a>"
    ) in page
    assert '<li><a href="/tag/peace/" rel="tag">Peace</a></li>' in page


def test_post_marks_its_language_and_names_its_canonical_address(client, settings):
    settings.SITE_URL = "https://review.example"
    post = make_post(title="Київ", language="uk", published_at=AT)
    page = text_of(client.get(post.get_absolute_url() + "?utm_source=x"))
    assert '<html lang="en">' in page
    assert '<h1 lang="uk">Київ</h1>' in page
    assert '<link rel="canonical" href="https://review.example/2026/11/22/kyiv/">' in page


def test_post_shows_its_image_with_caption_and_credit(client):
    image = make_image(alt="A <road>", caption="The pass", credit="Ada")
    page = text_of(client.get(make_post(image=image).get_absolute_url()))
    assert 'width="4" height="3" alt="A &lt;road&gt;"' in page
    assert "<figcaption>The pass · Ada</figcaption>" in page


def test_post_leads_to_its_neighbours(client):
    older, post, newer = (
        make_post(title=title, published_at=AT, category=make_category())
        for title in ("Older", "Middle", "Newest")
    )
    page = text_of(client.get(post.get_absolute_url()))
    assert f'<a rel="prev" href="{older.get_absolute_url()}">' in page
    assert f'<a rel="next" href="{newer.get_absolute_url()}">' in page
    assert 'rel="prev"' not in text_of(client.get(older.get_absolute_url()))
    assert 'rel="next"' not in text_of(client.get(newer.get_absolute_url()))


@pytest.mark.parametrize("date", ["2025/01/01", "2026/11/23", "2026/11/31", "99999/99/99"])
def test_wrong_date_leads_on_to_the_post(client, date):
    make_post(title="Moved", published_at=AT)
    response = client.get(f"/{date}/moved/")
    assert (response.status_code, response["Location"]) == (301, "/2026/11/22/moved/")


def test_date_of_a_post_is_that_of_the_sites_zone(client):
    SiteSettings.objects.create(time_zone="Europe/Kyiv")
    make_post(title="Late", published_at=AT)
    response = client.get("/2026/11/22/late/")
    assert (response.status_code, response["Location"]) == (301, "/2026/11/23/late/")
    assert "<h1>Late</h1>" in text_of(client.get("/2026/11/23/late/"))


def test_missing_slash_leads_on(client):
    make_post(title="Moved", published_at=AT)
    response = client.get("/2026/11/22/moved")
    assert (response.status_code, response["Location"]) == (301, "/2026/11/22/moved/")


@pytest.mark.parametrize("which", [0, 1])
def test_hidden_post_is_not_found_at_any_address(client, hidden_posts, which):
    post = hidden_posts[which]
    for path in (post.get_absolute_url(), f"/2020/01/01/{post.slug}/"):
        response = client.get(path)
        assert response.status_code == 404
        assert SECRET not in text_of(response).replace(f'value="{path}"', "")


def test_hidden_posts_leak_nowhere(client, hidden_posts):
    shown = make_post(title="Shown", category=hidden_posts[0].category, tags=["a"])
    for path in ("/", "/category/review/", shown.get_absolute_url(), "/feed/"):
        page = text_of(client.get(path))
        assert "Shown" in page
        assert SECRET.lower() not in page.lower()


def test_scheduled_post_appears_at_its_minute(client, time_machine):
    post = make_post(title="Soon", published_at=AT)
    time_machine.move_to(AT - timedelta(seconds=1), tick=False)
    assert client.get(post.get_absolute_url()).status_code == 404
    time_machine.move_to(AT, tick=False)
    assert "<h1>Soon</h1>" in text_of(client.get(post.get_absolute_url()))


def test_titles_and_texts_are_escaped_on_every_page(client):
    hostile = '"><script>alert(1)</script>'
    category = make_category(name=f"C {hostile}", slug="c", description=hostile)
    post = make_post(
        title=hostile,
        standfirst=hostile,
        body="<p>ok</p><script>alert(1)</script>",
        category=category,
        authors=[make_author(name=hostile)],
        tags=[hostile],
    )
    make_post(title="Neighbour", category=category)
    for path in ("/", "/category/c/", post.get_absolute_url(), "/nope/"):
        assert "<script>" not in text_of(client.get(path))


def test_category_lists_its_posts_newest_first_and_others_not(client):
    category = make_category(name="Review", description="Longer pieces.")
    for number in range(3):
        make_post(title=f"In {number}", category=category)
    also = make_post(title="Also in")
    also.categories.add(category)
    make_post(title="Elsewhere")
    page = text_of(client.get("/category/review/"))
    main = page.partition("<main")[2].partition("</main>")[0]
    titles = re.findall(r"<h2><a [^>]*>([^<]*)</a></h2>", main)
    assert titles == ["Also in", "In 2", "In 1", "In 0"]


def test_no_post_stands_twice_on_a_category_page(client):
    category = make_category(name="Review")
    for number in range(4):
        make_post(title=f"Post-{number}", category=category)
    page = text_of(client.get("/category/review/"))
    assert [page.count(f">Post-{number}</a>") for number in range(4)] == [1, 1, 1, 1]


def test_category_goes_on_over_pages(client):
    SiteSettings.objects.create(posts_per_page=2)
    category = make_category(name="Review")
    for number in range(3):
        make_post(title=f"Post-{number}", category=category)
    assert 'href="/category/review/page/2/"' in text_of(client.get("/category/review/"))
    second = text_of(client.get("/category/review/page/2/"))
    assert '<a class="newer" rel="prev" href="/category/review/">' in second
    assert ">Post-0</a></h2>" in second
    response = client.get("/category/review/page/1/")
    assert (response.status_code, response["Location"]) == (301, "/category/review/")
    assert client.get("/category/review/page/3/").status_code == 404


def test_unknown_category_is_not_found(client):
    assert client.get("/category/nope/").status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_post_takes_six_queries_at_any_size(client, django_assert_num_queries, count):
    author = make_author()
    posts = [make_post(authors=[author], tags=["a", "b"]) for _ in range(count + 1)]
    with django_assert_num_queries(6):
        client.get(posts[0].get_absolute_url())


@pytest.mark.parametrize("count", [1, 30])
def test_category_takes_six_queries_at_any_size(client, django_assert_num_queries, count):
    category, author = make_category(name="Review"), make_author()
    for _ in range(count):
        make_post(category=category, authors=[author])
    make_post(authors=[author])
    with django_assert_num_queries(6):
        client.get("/category/review/")


def test_public_pages_set_no_cookie_and_vary_on_none(client):
    post = make_post(category=make_category(name="Review"))
    for path in ("/", post.get_absolute_url(), "/category/review/", "/feed/", "/nope/"):
        response = client.get(path)
        assert (dict(response.cookies), response.get("Vary")) == ({}, None)
