"""One of many values, given as one parameter."""

import pytest

from blog.among import Among
from blog.models import Post
from tests.factories import make_category, make_post
from tests.plans import plan_of

pytestmark = pytest.mark.django_db

ODD = ['it’s "quoted"', "{a,b}", "back\\slash", "50 %s", "Київ", "'; --", ""]


def found(condition):
    return set(Post.objects.filter(condition).values_list("pk", flat=True))


def test_finds_rows_by_their_keys():
    keys = [make_post().pk for _ in range(3)]
    assert found(Among("pk", keys[1:])) == {*keys[1:]}
    assert found(Among("pk", {keys[0], -1})) == {keys[0]}
    assert found(Among("pk", [])) == set()
    assert found(~Among("pk", keys[:1])) == {*keys[1:]}


def test_finds_rows_by_texts_whatever_is_in_them():
    posts = {title: make_post(title=title or "-", standfirst=title) for title in ODD}
    for title, post in posts.items():
        assert found(Among("standfirst", [title])) == {post.pk}
    assert found(Among("standfirst", ODD)) == {post.pk for post in posts.values()}


def test_goes_through_relations():
    category = make_category()
    post = make_post()
    post.categories.add(category)
    make_post()
    assert found(Among("categories__slug", [category.slug])) == {post.pk}


def test_is_looked_up_by_the_index(django_assert_num_queries):
    make_post()
    with django_assert_num_queries(1) as seen:
        found(Among("slug", ["a", "b"]))
    plan = plan_of(seen[0])
    assert "SEARCH blog_post USING" in plan or "Index Cond" in plan, plan


def test_takes_more_values_than_a_statement_has_parameters():
    post = make_post()
    assert found(Among("pk", range(post.pk, post.pk + 300_000))) == {post.pk}
