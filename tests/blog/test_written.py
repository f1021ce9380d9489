"""Statements that are written once and asked with other values."""

from datetime import timedelta

import pytest

from blog.models import Post
from blog.written import SOME_TIME, Written, some_keys, some_words
from tests.factories import LONG_AGO, make_post

pytestmark = pytest.mark.django_db

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
    (slug,) = some_words(1)
    written = Written(Post.objects.filter(slug=slug).order_by().values("pk"))
    assert written.rows({slug: "50-%s"}) == [(post.pk,)]
    assert written.rows({slug: "' OR 1 = 1 --"}) == []


def test_no_two_blanks_are_alike():
    assert len({*some_keys(100), *some_words(100)}) == 200
