"""Standing texts under their bare names."""

import pytest
from django.core.exceptions import ValidationError

from aggregator.models import Collection
from blog.models import Page
from tests.factories import make_collection

pytestmark = pytest.mark.django_db


def make_page(**fields):
    return Page.objects.create(**{"title": "About us", "status": "published"} | fields)


def test_page_is_shown_under_its_name(client):
    page = make_page(body="<p>We are <b>six</b>.</p><script>x</script>")
    assert page.get_absolute_url() == "/about-us/"
    response = client.get("/about-us/")
    assert "<h1>About us</h1>" in response.text
    assert "<p>We are <b>six</b>.</p>" in response.text
    assert "<script>x" not in response.text


def test_draft_is_not_there(client):
    make_page(status="draft", title="Not yet known")
    response = client.get("/not-yet-known/")
    assert response.status_code == 404
    assert "Not yet known" not in response.text


@pytest.mark.parametrize("slug", ["admin", "feed", "corrections", "subscribe", "2026", "page"])
def test_name_of_something_else_is_refused(slug):
    with pytest.raises(ValidationError, match="is the address of something else"):
        Page(title="x", slug=slug).full_clean()


def test_pages_and_collections_do_not_take_each_others_names():
    make_collection(title="Links", slug="links")
    make_page(title="Privacy", slug="privacy")
    with pytest.raises(ValidationError, match="is the address of something else"):
        Page(title="Links").full_clean()
    collection = Collection(title="Privacy")
    collection.save()
    assert collection.slug != "privacy"


def test_own_name_may_stay():
    page = make_page(slug="about")
    page.full_clean()


def test_page_in_another_language_says_so(client):
    make_page(title="Про нас", slug="pro-nas", language="uk")
    assert '<h1 lang="uk">Про нас</h1>' in client.get("/pro-nas/").text


@pytest.mark.parametrize("rows", [1, 30])
def test_page_takes_four_queries_at_any_number(client, rows, django_assert_num_queries):
    for number in range(rows):
        Page.objects.create(title=f"Page {number}", status=Page.Status.PUBLISHED)
    with django_assert_num_queries(4):
        assert client.get("/page-0/").status_code == 200
