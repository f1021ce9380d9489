"""Every save is a version: kept, compared, restored."""

from datetime import UTC, datetime

import pytest

from blog import versions
from blog.models import Page, Post
from tests.factories import make_author, make_category, make_image, make_post, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def save(post, *, by=None, **fields):
    for name, value in fields.items():
        setattr(post, name, value)
    post.save()
    return versions.keep(post, by=by, now=NOW)


def test_each_save_keeps_who_and_when():
    post, editor = make_post(), make_user()
    first = save(post, by=editor, title="One")
    second = save(post, title="Two")
    assert [(v.number, v.saved_by, v.saved_at) for v in (first, second)] == [
        (1, editor, NOW),
        (2, None, NOW),
    ]
    assert [v.content["title"] for v in post.versions.all()] == ["Two", "One"]
    assert Post.objects.get().version == 2


def test_save_that_changes_nothing_is_no_version():
    post = make_post()
    assert save(post).number == save(post).number == 1
    assert post.versions.count() == 1


def test_differences_name_the_fields_and_mark_the_words():
    post = make_post(title="The old bridge", body="<p>It stands.</p>", tags=["Stone"])
    before = save(post).content
    post.tags.set(["Stone", "Steel"])
    after = save(post, title="The new bridge", body="<p>It fell.</p>").content
    found = {d.label: d.marked for d in versions.differences(before, after, model=Post)}
    assert set(found) == {"title", "text", "tags"}
    assert found["title"].after == "The <ins>new </ins>bridge"
    assert found["text"].before == "It <del>stands</del>."


def test_restored_version_says_what_it_said_and_keeps_its_state():
    own, other, author = make_category(), make_category(), make_author()
    image = make_image()
    post = make_post(
        title="First", category=own, tags=["One"], authors=[author], image=image, status="draft"
    )
    first = save(post)
    post.authors.clear()
    post.tags.set(["Two"])
    save(
        post, title="Second", category=other, image=None, status="published", published_at=NOW,
        slug="moved",
    )  # fmt: skip
    third = versions.restore(post, first, by=None, now=NOW)
    post = Post.objects.get()
    assert (post.title, post.category, post.image) == ("First", own, image)
    assert (list(post.authors.all()), sorted(post.tags.names())) == ([author], ["One"])
    assert (post.status, post.slug) == ("published", "moved")
    assert (third.number, third.restored_from) == (3, 1)


def test_what_is_gone_meanwhile_stays_away():
    gone = make_category(name="Gone")
    image = make_image()
    post = make_post(category=gone, image=image)
    first = save(post)
    kept = make_category()
    save(post, category=kept, image=None)
    post.categories.set([kept])
    gone.delete()
    image.delete()
    versions.restore(post, first, by=None, now=NOW)
    post = Post.objects.get()
    assert (post.category, post.image, list(post.categories.all())) == (kept, None, [kept])


def test_pages_have_versions_too():
    page = Page.objects.create(title="About", body="<p>We.</p>")
    first = versions.keep(page, by=None, now=NOW)
    save(page, title="About us")
    versions.restore(page, first, by=None, now=NOW)
    assert Page.objects.get().title == "About"
