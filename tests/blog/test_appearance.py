"""How a post will look, from its form; and the tags that the form suggests."""

import pytest
from django.urls import reverse

from blog.models import Post, SiteSettings, Tag
from blog.tagging import suggested_tags
from tests.factories import make_author, make_category, make_editor, make_member, make_post

pytestmark = pytest.mark.django_db
NEW = reverse("admin:blog_post_appearance", args=[0])


@pytest.fixture
def editor(client):
    editor = make_editor()
    client.force_login(editor)
    return editor


def form_of(**fields):
    return {
        "title": "A title",
        "kind": "article",
        "language": "en",
        "status": "draft",
        "body": "<p>Text</p>",
    } | fields


def test_a_post_is_shown_as_it_will_look_and_nothing_is_saved(client, editor):
    SiteSettings.objects.create(title="Our Review", feed_signature="first appeared here")
    author = make_author(name="Ada")
    response = client.post(
        NEW,
        form_of(
            title="#Peace & <b>war</b>",
            standfirst="Two sentences.",
            body='<p onclick="x()">Our text, <a href="/links/">here</a></p><script>1</script>',
            category=make_category(name="Review").pk,
            authors=[author.pk],
        ),
    )
    text = response.text
    assert Post.objects.count() == 0
    search, _, rest = text.partition('id="on-page"')
    card, _, feed = rest.partition('id="in-feed"')
    assert '<p class="title">#Peace &amp; &lt;b&gt;war&lt;/b&gt; – Our Review</p>' in search
    assert "Two sentences." in search
    assert '<span class="hashtag">#Peace</span>' in card
    assert f'<a href="{author.get_absolute_url()}" rel="author">Ada</a>' in card
    assert ">Review</a>" in card
    assert '<a href="http://testserver/links/" rel="noopener">here</a>' in feed
    assert "first appeared here" in feed
    for hostile in ("onclick", "<script", "<b>war"):
        assert hostile not in text
    assert "no-store" in response["Cache-Control"]


def test_what_is_typed_is_shown_and_not_what_is_stored(client, editor):
    post = make_post(title="Stored", body="<p>Stored</p>", authors=[make_author(name="Ada")])
    response = client.post(
        reverse("admin:blog_post_appearance", args=[post.pk]),
        form_of(title="Typed", body="<p>Typed</p>", slug=post.slug, category=post.category_id),
    )
    assert ("Typed" in response.text, ">Stored<" in response.text) == (True, False)
    assert "Ada" not in response.text
    post.refresh_from_db()
    assert (post.title, post.body) == ("Stored", "<p>Stored</p>")


@pytest.mark.parametrize(
    "data",
    [
        {},
        form_of(),
        form_of(title="", body=""),
        form_of(kind="link", source_url="javascript:alert(1)"),
        form_of(category="99999", authors=["x"], published_at_0="nonsense"),
        form_of(title="x" * 9999),
    ],
)
def test_a_form_that_is_not_done_yet_is_shown_too(client, editor, data):
    response = client.post(NEW, data)
    assert response.status_code == 200
    assert "javascript:" not in response.text


def test_long_texts_are_cut_as_a_search_engine_cuts_them(client, editor):
    response = client.post(NEW, form_of(title="word " * 40, standfirst="more " * 100))
    assert len(response.context["search_title"]) <= 60
    assert len(response.context["search_description"]) <= 158


def test_somebody_elses_draft_cannot_be_looked_at_through_the_form(client):
    post = make_post(title="Secret", status=Post.Status.DRAFT)
    client.force_login(make_member("contributor"))
    path = reverse("admin:blog_post_appearance", args=[post.pk])
    response = client.post(path, form_of(title=""))
    assert (response.status_code, "Secret" in response.text) == (404, False)
    assert client.post(NEW, form_of()).status_code == 200


def test_tags_are_names_between_commas(client, editor):
    client.post(
        reverse("admin:blog_post_add"),
        form_of(category=make_category().pk, tags='New York, #peace ,, "a, b", Peace'),
    )
    names = sorted(name.lower() for name in Post.objects.get().tags.names())
    assert names == ["a, b", "new york", "peace"]


def test_one_tag_of_two_words_is_one_tag(client, editor):
    client.post(
        reverse("admin:blog_post_add"), form_of(category=make_category().pk, tags="New York")
    )
    assert list(Post.objects.get().tags.names()) == ["New York"]


def test_a_tag_that_is_too_long_is_told_at_the_field(client, editor):
    response = client.post(
        reverse("admin:blog_post_add"), form_of(category=make_category().pk, tags="a," + "x" * 101)
    )
    assert "is too long for a tag: at most 100 characters." in response.text
    assert Tag.objects.count() == 0


def test_stored_tags_come_back_into_the_form_as_they_were(client, editor):
    post = make_post(tags=["New York", "a, b"])
    page = client.get(reverse("admin:blog_post_change", args=[post.pk]))
    assert 'value="New York, &quot;a, b&quot;"' in page.text


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ми", ["Мир", "Миргород"]),
        ("МИР", ["Мир", "Миргород"]),
        ("#mir", ["Мир", "Миргород"]),
        ("гір", ["Гірське"]),
        ("new y", ["New York"]),
        ("york", []),
        ("", []),
        ("%", []),
        ("a" * 500, []),
    ],
)
def test_known_tags_are_suggested_by_their_beginning_in_either_alphabet(typed, found):
    for name in ("Миргород", "Мир", "Гірське", "New York"):
        Tag.objects.create(name=name)
    assert suggested_tags(typed) == found


def test_suggestions_cost_one_query_and_are_few(client, editor, django_assert_num_queries):
    for number in range(30):
        Tag.objects.create(name=f"Tag {number:02}")
    path = reverse("admin:blog_post_tags")
    client.get(path)
    with django_assert_num_queries(4):
        names = client.get(path, {"q": "tag"}).json()["names"]
    assert names == [f"Tag {number:02}" for number in range(10)]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_form_of_a_post_costs_the_same_whatever_it_holds(
    client, editor, rows, django_assert_num_queries
):
    post = make_post(
        authors=[make_author() for _ in range(rows)], tags=[f"tag {n}" for n in range(rows)]
    )
    post.categories.add(*(make_category() for _ in range(rows)))
    path = reverse("admin:blog_post_change", args=[post.pk])
    client.get(path)
    with django_assert_num_queries(13):
        client.get(path)
