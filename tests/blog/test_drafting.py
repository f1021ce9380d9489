"""Posts about outside pages begin as drafts with their source."""

from datetime import UTC, datetime

import pytest

from blog import drafting
from blog.drafting import NoCategoryError, Source, draft_link_post
from blog.models import Post, SiteSettings
from tests.factories import make_author, make_category, make_editor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SOURCE = Source(
    url="https://kyivpost.example/a?b=1",
    title="Ports open <again> #Odesa",
    outlet="Kyiv Post",
    quote="The first line\n\nThe <b>second</b> & last",
    language="uk-UA",
)


def test_draft_has_quote_source_outlet_and_its_editors_byline():
    make_category(name="Later", position=2)
    first = make_category(name="World", position=1)
    ada = make_editor()
    own, _theirs = make_author(user=ada), make_author(user=make_editor())
    post = draft_link_post(SOURCE, by=ada, now=NOW)
    post.refresh_from_db()
    assert (post.kind, post.status, post.title) == ("link", "draft", "Ports open <again> #Odesa")
    assert (post.source_url, post.outlet) == ("https://kyivpost.example/a?b=1", "Kyiv Post")
    assert post.body == (
        "<blockquote><p>The first line</p>"
        "<p>The &lt;b&gt;second&lt;/b&gt; &amp; last</p></blockquote>"
    )
    assert (post.language, post.category, post.created_by) == ("uk", first, ada)
    assert list(post.authors.all()) == [own]
    assert list(post.tags.names()) == ["Odesa"]
    assert [(version.number, version.saved_by) for version in post.versions.all()] == [(1, ada)]
    assert Post.objects.published().count() == 0


def test_draft_without_quote_or_language_is_empty_in_the_sites_language():
    make_category()
    SiteSettings(language="ru").save()
    bare = Source(url="https://www.a.example/", title="T", language="xx")
    post = draft_link_post(bare, by=make_editor(), now=NOW)
    assert (post.body, post.language, post.outlet) == ("", "ru", "a.example")


def test_words_too_long_are_cut_and_still_a_draft():
    make_category()
    long = Source(url="https://a.example/", title="word " * 200, outlet="name " * 80)
    post = draft_link_post(long, by=make_editor(), now=NOW)
    assert len(post.title) <= drafting.TITLE_MAX_LENGTH
    assert post.title.endswith("…")
    post.full_clean()


def test_without_a_category_nothing_is_made():
    with pytest.raises(NoCategoryError):
        draft_link_post(SOURCE, by=make_editor(), now=NOW)
    assert Post.objects.count() == 0
