"""The web archive: what went out, and nothing that was taken back."""

from datetime import UTC, datetime, timedelta

import feedparser
import pytest

from blog.models import Post
from newsletter.models import Edition, EditionItem
from tests.factories import make_digest, make_edition, make_headline, make_pick, make_post

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 7, tzinfo=UTC)


def make_past(**fields):
    fields = {"state": Edition.State.SENT, "frozen_at": AT, "due_at": AT, "number": 1} | fields
    return make_edition(**fields)


def add_post(edition, post, **fields):
    return EditionItem.objects.create(
        edition=edition,
        kind=EditionItem.Kind.POST,
        key=f"post:{post.pk}",
        post=post,
        title=post.title,
        url=f"https://review.example{post.get_absolute_url()}",
        at=post.published_at,
        **fields,
    )


def add_pick(edition, pick, **fields):
    return EditionItem.objects.create(
        edition=edition,
        kind=EditionItem.Kind.PICK,
        key=f"article:{pick.pk}",
        headline=pick.headline,
        collection=pick.collection,
        title=pick.shown_title,
        url=pick.headline.url,
        at=pick.placed_at,
        **fields,
    )


def test_without_editions_there_is_no_archive(client):
    make_edition(state=Edition.State.OPEN, frozen_at=None)
    for path in ("/newsletter/", "/newsletter/page/2/", "/sitemap-newsletter.xml"):
        assert client.get(path).status_code == 404
    assert b"newsletter" not in client.get("/sitemap.xml").content


def test_archive_lists_what_went_out_the_newest_first(client):
    digest = make_digest(title="The daily review")
    make_past(digest=digest, subject="Old news")
    later = AT + timedelta(days=1)
    make_past(digest=digest, subject="New news", frozen_at=later, due_at=later, number=2)
    make_past(subject="Cancelled", state=Edition.State.CANCELLED)
    make_past(subject="Next", state=Edition.State.OPEN, frozen_at=None)
    make_past(subject="One post", kind=Edition.Kind.POST, digest=None, post=make_post())
    response = client.get("/newsletter/")
    assert [str(one.subject) for one in response.context["page"].rows] == ["New news", "Old news"]
    page = response.content.decode()
    assert page.index("New news") < page.index("Old news")
    assert "The daily review 2" in page
    assert "Cancelled" not in page
    assert "One post" not in page


def test_edition_shows_its_items_by_section_in_the_editors_order(client):
    edition = make_past(subject="The day", intro="Good morning.")
    add_post(edition, make_post(title="Second"), section="World", position=2)
    add_post(edition, make_post(title="First"), section="World", position=1)
    said = {"subtitle": "Бюджет прийнято", "note": "Read it to the end."}
    add_pick(
        edition, make_pick(), section="Selected Articles", position=3, outlet="bbc.com", **said
    )
    add_post(edition, make_post(title="Dropped"), section="World", position=4, is_dropped=True)
    response = client.get(f"/newsletter/{edition.pk}/")
    sections = [
        (section.name, [item.title for item in section.items])
        for section in response.context["sections"]
    ]
    pick = edition.items.get(kind=EditionItem.Kind.PICK)
    assert sections == [("World", ["First", "Second"]), ("Selected Articles", [pick.title])]
    page = response.content.decode()
    assert "Good morning." in page
    assert all(words in page for words in ("bbc.com", *said.values()))
    assert page.count('class="headline"') == 3


def test_what_was_taken_back_is_gone_on_the_next_request(client):
    edition = make_past(subject="The day")
    post, pick = make_post(title="A withdrawn post"), make_pick()
    hidden = make_pick(headline=make_headline(title="A hidden headline"))
    add_post(edition, post)
    add_pick(edition, pick)
    add_pick(edition, hidden)
    path = f"/newsletter/{edition.pk}/"
    assert client.get(path).content.decode().count('class="headline"') == 3
    Post.objects.filter(pk=post.pk).update(status=Post.Status.WITHDRAWN)
    hidden.headline.is_hidden = True
    hidden.headline.save()
    page = client.get(path).content.decode()
    assert page.count('class="headline"') == 1
    pick.withdrawn_at = AT
    pick.save()
    for address in (path, "/newsletter/feed/"):
        page = client.get(address).content.decode()
        assert post.title not in page
        assert hidden.headline.title not in page
        assert pick.headline.title not in page
    assert "has been taken back" in client.get(path).content.decode()


def test_edition_that_has_not_gone_out_is_nobodys_business(client):
    for fields in (
        {"state": Edition.State.OPEN, "frozen_at": None},
        {"state": Edition.State.WAITING, "frozen_at": None},
        {"state": Edition.State.CANCELLED},
    ):
        edition = make_past(subject="Secret", **fields)
        response = client.get(f"/newsletter/{edition.pk}/")
        assert response.status_code == 404
        assert b"Secret" not in response.content
    assert client.get("/newsletter/99999999999999999999999/").status_code == 404


def test_mail_of_a_single_post_leads_to_the_post(client):
    post = make_post()
    edition = make_past(kind=Edition.Kind.POST, digest=None, post=post)
    response = client.get(f"/newsletter/{edition.pk}/")
    assert (response.status_code, response["Location"]) == (302, post.get_absolute_url())
    Post.objects.filter(pk=post.pk).update(status=Post.Status.WITHDRAWN)
    assert client.get(f"/newsletter/{edition.pk}/").status_code == 404


@pytest.mark.parametrize("ending", ["feed/", "feed/atom/", "feed.json"])
def test_feed_has_each_digest_with_its_items(client, ending, settings):
    settings.SITE_URL = "https://review.example"
    edition = make_past(subject="The day", intro="Good morning.")
    add_post(edition, make_post(title="Budget passed"), section="World", byline="A. Writer")
    response = client.get(f"/newsletter/{ending}")
    assert response.status_code == 200
    if ending.endswith("json"):
        [item] = response.json()["items"]
        found = (item["title"], item["url"], item["content_html"])
    else:
        parsed = feedparser.parse(response.content)
        assert not parsed.bozo
        [item] = parsed.entries
        found = (item.title, item.link, item.content[0].value)
    assert found[:2] == ("The day", f"https://review.example/newsletter/{edition.pk}/")
    assert "Budget passed" in found[2]
    assert "A. Writer" in found[2]
    again = client.get(f"/newsletter/{ending}", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/newsletter/", 5), ("/newsletter/{}/", 8), ("/newsletter/feed/", 5)],
)
def test_pages_cost_the_same_for_any_number(
    client, settings, django_assert_num_queries, path, queries, count
):
    settings.PAGE_CACHE = False
    digest = make_digest()
    for days in range(count):
        at = AT - timedelta(days=days)
        edition = make_past(digest=digest, subject=f"Day {days}", frozen_at=at, due_at=at)
        for _ in range(3 if days else count):
            add_post(edition, make_post())
            add_pick(edition, make_pick())
    client.get("/newsletter/")
    with django_assert_num_queries(queries):
        response = client.get(path.format(edition.pk))
    assert response.status_code == 200


def test_sign_up_page_leads_to_the_archive_once_there_is_one(client):
    assert "/newsletter/" not in client.get("/subscribe/").content.decode()
    make_past(subject="The day")
    assert '<a href="/newsletter/">' in client.get("/subscribe/").content.decode()


def test_map_for_search_engines_has_the_digests(client, settings):
    settings.SITE_URL = "https://review.example"
    edition = make_past(subject="The day")
    assert b"<loc>https://review.example/sitemap-newsletter.xml</loc>" in (
        client.get("/sitemap.xml").content
    )
    part = client.get("/sitemap-newsletter.xml").content.decode()
    assert part.count("<loc>") == 2
    assert "<loc>https://review.example/newsletter/</loc>" in part
    assert f"<loc>https://review.example/newsletter/{edition.pk}/</loc>" in part
