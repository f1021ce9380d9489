"""Statements that are written once and asked with other values."""

from datetime import timedelta

import pytest

from aggregator.models import Headline
from blog.among import Among
from blog.models import Post
from blog.written import MANY_KEYS, MANY_WORDS, SOME_TIME, Written, many_keys, some_keys
from tests.factories import LONG_AGO, make_headline, make_post

pytestmark = pytest.mark.django_db

A_WORD = "a blank"
HOUR = timedelta(hours=1)


def test_each_blank_takes_its_value_and_what_is_fixed_stays():
    posts = [make_post(published_at=LONG_AGO - number * HOUR) for number in range(3)]
    draft = make_post(published_at=LONG_AGO, status=Post.Status.DRAFT)
    first, second = some_keys(2)
    public = Post.objects.published(now=SOME_TIME).filter(pk__in=[first, second])
    written = Written(public)

    def found(now, *keys):
        blanks = {SOME_TIME: now} | dict(zip((first, second), keys, strict=True))
        return [post.pk for post in written.models(blanks)]

    newest, middle, oldest = (post.pk for post in posts)
    assert found(LONG_AGO, oldest, newest) == [newest, oldest]
    assert found(LONG_AGO - HOUR, newest, middle) == [middle]
    assert found(LONG_AGO, middle, draft.pk) == [middle]


def test_texts_are_filled_in_as_they_are():
    post = make_post(slug="50-%s")
    written = Written(Post.objects.filter(slug=A_WORD).order_by().values("pk"))
    assert written.rows({A_WORD: "50-%s"}) == [(post.pk,)]
    assert written.rows({A_WORD: "' OR 1 = 1 --"}) == []


def test_as_many_values_are_filled_in_as_there_are():
    posts = [make_post(slug=f"p-{number}", published_at=LONG_AGO) for number in range(3)]
    by_key = Written(Post.objects.filter(Among("pk", MANY_KEYS)).order_by("pk").values("pk"))
    by_slug = Written(Post.objects.filter(Among("slug", MANY_WORDS)).order_by("pk").values("pk"))
    for some in (posts, posts[1:], []):
        rows = [(post.pk,) for post in some]
        assert by_key.rows({MANY_KEYS: {post.pk for post in some}}) == rows
        assert by_slug.rows({MANY_WORDS: [post.slug for post in some]}) == rows


def test_values_are_what_the_query_set_would_give():
    headline = make_headline(first_seen_at=LONG_AGO, is_hidden=True)
    rows = Headline.objects.order_by().values_list("pk", "first_seen_at", "is_hidden")
    assert Written(rows).values({}) == [*rows] == [(headline.pk, LONG_AGO, True)]


def test_no_two_blanks_are_alike():
    assert len({*some_keys(100)}) == len({*many_keys(100)}) == 100
