"""What a post derives from its text, and when it is public."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from blog.models import Post
from tests.factories import make_category, make_post

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_published_is_decided_by_status_and_date():
    past = make_post(published_at=NOW - timedelta(seconds=1))
    exact = make_post(published_at=NOW)
    make_post(published_at=NOW + timedelta(seconds=1))
    make_post(status=Post.Status.DRAFT, published_at=NOW - timedelta(days=1))
    make_post(status=Post.Status.DRAFT, published_at=None)
    assert list(Post.objects.published(now=NOW)) == [exact, past]


def test_published_orders_equal_times_by_the_newer_id():
    first, second = make_post(published_at=NOW), make_post(published_at=NOW)
    assert list(Post.objects.published(now=NOW)) == [second, first]


def test_publishing_without_a_date_takes_the_moment(time_machine):
    time_machine.move_to(NOW, tick=False)
    assert make_post(published_at=None).published_at == NOW


def test_equal_titles_get_different_slugs():
    category = make_category()
    slugs = [make_post(title="Київ чекає", category=category).slug for _ in range(3)]
    assert slugs == ["kyiv-chekaie", "kyiv-chekaie-2", "kyiv-chekaie-3"]


def test_slug_stays_when_the_title_changes():
    post = make_post(title="First title")
    post.title = "Second title"
    post.save()
    assert post.slug == "first-title"


def test_language_decides_the_transliteration():
    assert make_post(title="Гора", language="uk").slug == "hora"
    assert make_post(title="Гора", language="ru").slug == "gora"


def test_text_is_cleaned_and_measured():
    post = make_post(body="<p>One two</p><script>alert(1)</script><p>three &amp; four</p>")
    assert post.body == "<p>One two</p><p>three &amp; four</p>"
    assert post.summary == "One two three & four"
    assert post.word_count == 5
    assert post.reading_time_min == 1


def test_standfirst_is_the_summary_where_there_is_one():
    assert make_post(standfirst="In short.", body="<p>At length.</p>").summary == "In short."


def test_a_post_stands_in_its_own_category():
    category, other = make_category(), make_category()
    post = make_post(category=category)
    post.categories.add(other)
    assert set(post.categories.all()) == {category, other}


def test_link_post_names_its_outlet_after_the_host():
    post = make_post(kind=Post.Kind.LINK, source_url="https://www.outlet.example/story")
    assert post.outlet == "outlet.example"


def test_link_posts_outlet_is_cut_to_what_fits():
    post = make_post(
        kind=Post.Kind.LINK, source_url=f"https://{'a' * 60}.{'b' * 60}.{'c' * 60}.example/"
    )
    post.refresh_from_db()
    assert len(post.outlet) == 120
    assert post.outlet.endswith("…")


def test_link_post_without_a_source_is_refused():
    with pytest.raises(ValidationError) as refusal:
        Post(title="x", kind=Post.Kind.LINK, category=make_category()).full_clean()
    assert list(refusal.value.message_dict) == ["source_url"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(kind=Post.Kind.LINK)


def test_title_alone_makes_an_opinion_but_no_article():
    category = make_category()
    published = {"status": Post.Status.PUBLISHED, "published_at": NOW, "category": category}
    Post(title="x", kind=Post.Kind.OPINION, **published).full_clean()
    with pytest.raises(ValidationError) as refusal:
        Post(title="x", kind=Post.Kind.ARTICLE, **published).full_clean()
    assert list(refusal.value.message_dict) == ["body"]


def test_tags_have_readable_slugs():
    post = make_post(tags=["Мир", "Peace talks"])
    assert sorted(post.tags.values_list("slug", flat=True)) == ["mir", "peace-talks"]


def test_address_carries_the_date_of_the_active_zone():
    post = make_post(title="Late", published_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert post.get_absolute_url() == "/2026/11/22/late/"
    with timezone.override("Europe/Kyiv"):
        assert post.get_absolute_url() == "/2026/11/23/late/"


def test_footnotes_are_no_words_of_the_excerpt_and_lead_on_in_the_feed(client):
    post = make_post(
        body='<p>One<sup><a href="#fn-1" id="fnref-1">1</a></sup></p>'
        '<ol><li id="fn-1"><p>Note.</p><a href="#fnref-1">↩</a></li></ol>'
    )
    assert (post.summary, post.word_count) == ("One Note.", 2)
    page = client.get(post.get_absolute_url()).text
    assert '<a href="#fn-1" id="fnref-1" role="doc-noteref" rel="noopener">1</a>' in page
    assert 'role="doc-backlink" aria-label="Back to the text" rel="noopener">↩</a>' in page
    address = f"http://testserver{post.get_absolute_url()}#fn-1"
    assert f'&lt;a href="{address}" id="fnref-1"' in client.get("/feed/").text
