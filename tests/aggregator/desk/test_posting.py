"""Making posts of headlines."""

import pytest
from django.utils import timezone

from aggregator.desk.errors import NotAllowedError, RefusedError
from aggregator.models import Headline
from blog import versions, writing
from blog.models import Post
from tests.aggregator.desk.desking import NOW, choose, take_back, wait
from tests.factories import make_author, make_category, make_editor, make_user

pytestmark = pytest.mark.django_db


def test_post_is_a_draft_with_quote_source_outlet_and_byline():
    make_category()
    editor = make_editor()
    byline = make_author(user=editor)
    headline = wait("Ports open", summary="All of <them>", outlet="kyivpost.com", language="uk")
    decision = choose(headline, editor, "post")
    post = Post.objects.get()
    assert (post.kind, post.status, post.title, post.language) == (
        *("link", "draft", "Ports open", "uk"),
    )
    assert (post.source_url, post.outlet) == (headline.url, "kyivpost.com")
    assert post.body == "<blockquote><p>All of &lt;them&gt;</p></blockquote>"
    assert list(post.authors.all()) == [byline]
    assert decision.before["post"] == post.pk
    assert not Headline.objects.waiting(now=NOW).exists()
    assert not Post.objects.published().exists()


def test_post_takes_the_editors_own_words():
    make_category()
    editor, headline = make_editor(), wait()
    choose(headline, editor, "words", words={"title": "Ours", "excerpt": "In short"})
    choose(headline, editor, "post")
    post = Post.objects.get()
    assert (post.title, post.language) == ("Ours", "en")
    assert "In short" in post.body


def test_undo_deletes_a_draft_that_nobody_touched():
    make_category()
    editor = make_editor()
    choose(wait(), editor, "post")
    take_back(editor)
    assert not Post.objects.exists()
    assert Headline.objects.waiting(now=NOW).exists()


@pytest.mark.parametrize("touch", ["saved", "typed"])
def test_undo_leaves_a_draft_that_somebody_works_on(touch):
    make_category()
    editor = make_editor()
    choose(wait(), editor, "post")
    post, now = Post.objects.get(), timezone.now()
    if touch == "saved":
        post.title = "Another"
        post.save()
        versions.keep(post, by=editor, now=now)
    else:
        sheet = writing.Sheet(editor, Post, post.pk, "token")
        writing.note(sheet, now=now, form={"title": ["Another"]})
    with pytest.raises(RefusedError, match="worked on since"):
        take_back(editor)
    assert Post.objects.exists()


def test_post_is_refused_without_a_category_an_address_or_the_right():
    headline, editor = wait(), make_editor()
    with pytest.raises(RefusedError, match="category"):
        choose(headline, editor, "post")
    make_category()
    with pytest.raises(RefusedError, match="no address"):
        choose(wait(url=""), editor, "post")
    with pytest.raises(NotAllowedError):
        choose(headline, make_user(is_staff=True), "post")
    assert not Post.objects.exists()
