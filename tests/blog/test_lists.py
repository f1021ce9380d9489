"""Lists of the newsroom: filters beside long tables, deleting what much hangs on, order."""

import pytest
from django.urls import reverse

from blog.models import Category, NavLink, Post, Tag
from tests.factories import make_category, make_editor, make_image, make_member, make_post

pytestmark = pytest.mark.django_db

State = Post.Status


@pytest.fixture(autouse=True)
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


def shown(client, **query):
    response = client.get(reverse("admin:blog_post_changelist"), query)
    return [post.title for post in response.context["cl"].result_list]


def test_posts_are_filtered_by_where_they_are_on_their_way(client):
    future = make_post().published_at.replace(year=2100)
    Post.objects.all().delete()
    make_post(title="Draft", status=State.DRAFT, published_at=None)
    make_post(title="Later", published_at=future)
    make_post(title="Out")
    make_post(title="Gone", status=State.WITHDRAWN)
    assert shown(client) == ["Gone", "Out", "Later", "Draft"]  # the last touched first
    assert shown(client, state="draft") == ["Draft"]
    assert shown(client, state="scheduled") == ["Later"]
    assert shown(client, state="published") == ["Out"]
    assert shown(client, state="withdrawn") == ["Gone"]


def test_few_categories_are_links_and_many_are_looked_up(client):
    category = make_category(name="Review")
    make_post(title="In it", category=category)
    make_post(title="Elsewhere", category=make_category())
    assert shown(client, category__id__exact=category.pk) == ["In it"]
    url = reverse("admin:blog_post_changelist")
    assert 'class="picked-filter"' not in client.get(url).content.decode()
    for _ in range(30):
        make_category()
    text = client.get(url, {"category__id__exact": category.pk, "q": "it"}).content.decode()
    assert 'class="picked-filter"' in text
    assert f'<option value="{category.pk}" selected>Review</option>' in text
    assert '<input type="hidden" name="q" value="it">' in text
    assert text.count("<option") < 20
    assert shown(client, category__id__exact=category.pk, q="in") == ["In it"]


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("author", 5), ("category", 5), ("tag", 5), ("image", 8), ("page", 5), ("navlink", 6)],
)
def test_lists_cost_the_same_for_any_number(client, rows, name, queries, django_assert_num_queries):
    from tests.factories import make_author

    for number in range(rows):
        make_author()
        make_category()
        Tag.objects.create(name=f"tag {number}")
        make_image()
        NavLink.objects.create(label="x", target="/x/")
        client.get("/")
    from blog.models import Page

    for number in range(rows):
        Page.objects.create(title=f"Page {number}")
    with django_assert_num_queries(queries):
        response = client.get(reverse(f"admin:blog_{name}_changelist"))
    assert len(response.context["cl"].result_list) == rows


def test_what_hangs_on_a_tag_is_named_while_it_is_little_and_summed_up_where_it_is_much(
    client, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr("blog.deleting.MOST_LISTED", 3)
    category = make_category()
    posts = [make_post(tags=["much"], category=category) for _ in range(5)]
    posts[0].tags.add("little")
    little, much = Tag.objects.get(name="little"), Tag.objects.get(name="much")
    url = reverse("admin:blog_tag_delete", args=[little.pk])
    assert "more than" not in client.get(url).content.decode()
    url = reverse("admin:blog_tag_delete", args=[much.pk])
    with django_assert_max_num_queries(8):
        text = client.get(url).content.decode()
    assert "more than 3" in text
    client.post(url, {"post": "yes"})
    assert list(Tag.objects.all()) == [little]
    assert Post.objects.count() == 5


def test_category_with_many_posts_is_not_deleted_and_says_why(client, monkeypatch):
    monkeypatch.setattr("blog.deleting.MOST_LISTED", 3)
    category = make_category()
    for _ in range(5):
        make_post(category=category)
    url = reverse("admin:blog_category_delete", args=[category.pk])
    assert "Posts: more than 3" in client.get(url).content.decode()
    client.post(url, {"post": "yes"})
    assert list(Category.objects.all()) == [category]


def order(place="masthead"):
    return [link.label for link in NavLink.objects.filter(place=place)]


def shift(client, label, way):
    link = NavLink.objects.get(label=label)
    return client.post(reverse("admin:blog_navlink_shift", args=[link.pk, way]))


def test_links_are_moved_up_and_down_within_their_row(client):
    for label, place in [("A", "masthead"), ("B", "masthead"), ("Z", "footer"), ("C", "masthead")]:
        form = {"label": label, "target": "/x/", "place": place}
        client.post(reverse("admin:blog_navlink_add"), form)
    assert order() == ["A", "B", "C"]
    assert shift(client, "C", "up").url == reverse("admin:blog_navlink_changelist")
    assert order() == ["A", "C", "B"]
    shift(client, "A", "up")
    shift(client, "B", "down")
    assert order() == ["A", "C", "B"]
    shift(client, "A", "down")
    assert order() == ["C", "A", "B"]
    assert order("footer") == ["Z"]


def test_order_is_changed_by_those_who_may_and_by_nobody_else(client):
    for label in ("A", "B"):
        form = {"label": label, "target": "/x/", "place": "masthead"}
        client.post(reverse("admin:blog_navlink_add"), form)
    url = reverse("admin:blog_navlink_shift", args=[NavLink.objects.get(label="B").pk, "up"])
    assert client.get(url).status_code == 405
    assert client.post(url.replace("up", "away")).status_code == 404
    client.force_login(make_member("author"))
    assert client.post(url).status_code == 403
    assert order() == ["A", "B"]
