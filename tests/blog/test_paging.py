"""Pages cut without counting."""

import pytest
from django.http import Http404
from django.urls import Resolver404, resolve

from blog.models import Category
from blog.paging import cut_page
from tests.factories import make_category

pytestmark = pytest.mark.django_db


@pytest.fixture
def categories():
    return [make_category(name=f"C{number}", position=number) for number in range(1, 6)]


@pytest.mark.parametrize(
    ("number", "rows", "newer", "older"),
    [(1, ["C1", "C2"], None, 2), (2, ["C3", "C4"], 1, 3), (3, ["C5"], 2, None)],
)
def test_cut_page_knows_its_neighbours(categories, number, rows, newer, older):
    page = cut_page(Category.objects.all(), number=number, per_page=2)
    assert [category.name for category in page.rows] == rows
    assert (page.newer, page.older) == (newer, older)


def test_cut_page_brings_what_follows(categories):
    page = cut_page(Category.objects.all(), number=1, per_page=2, look_ahead=2)
    assert [category.name for category in page.following] == ["C3", "C4"]


def test_cut_page_takes_one_query_and_never_counts(categories, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        cut_page(Category.objects.all(), number=2, per_page=2)
    assert "COUNT" not in queries.captured_queries[0]["sql"].upper()


def test_cut_page_ends_behind_the_last_page(categories):
    with pytest.raises(Http404):
        cut_page(Category.objects.all(), number=4, per_page=2)


def test_cut_page_goes_no_farther_than_it_is_told(categories, django_assert_num_queries):
    page = cut_page(Category.objects.all(), number=2, per_page=2, most_pages=2)
    assert [category.name for category in page.rows] == ["C3", "C4"]
    assert page.older is None
    with django_assert_num_queries(0), pytest.raises(Http404):
        cut_page(Category.objects.all(), number=3, per_page=2, most_pages=2)


def test_first_page_may_be_empty():
    assert cut_page(Category.objects.all(), number=1, per_page=2).rows == []


@pytest.mark.parametrize("number", ["0", "01", "-1", "1e3", "1234567", "٣"])
def test_page_number_takes_plain_digits_only(number):
    with pytest.raises(Resolver404):
        resolve(f"/page/{number}/")
