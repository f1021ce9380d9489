"""Where pictures stand: known after each save, shown to those who may know."""

import importlib

import pytest
from django.apps import apps
from django.urls import reverse

from blog import usage
from blog.models import Image, ImageUse, Page, Post
from tests.factories import make_editor, make_image, make_member, make_post, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]


def figure(image):
    return f'<figure><img src="{image.file.url}" alt="x"></figure>'


def uses():
    return sorted(ImageUse.objects.values_list("image_id", "post_id", "page_id"), key=str)


def test_uses_follow_the_text():
    first, second, third = make_image(), make_image(), make_image()
    post = make_post(body=figure(first) + figure(second) + figure(first))
    page = Page.objects.create(title="About", body=figure(first))
    assert uses() == sorted(
        [(first.pk, post.pk, None), (second.pk, post.pk, None), (first.pk, None, page.pk)], key=str
    )
    post.body = figure(third)
    post.save()
    page.delete()
    assert uses() == [(third.pk, post.pk, None)]


def test_text_as_it_is_costs_one_query(django_assert_max_num_queries):
    post = make_post()
    with django_assert_max_num_queries(1):
        usage.note(post)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/media/pictures/2026/11/a/full.jpg", "pictures/2026/11/a/full.jpg"),
        ("http://testserver/media/images/a.jpg", "images/a.jpg"),
        ("/media/secret.txt", ""),
        ("//evil.example/media/images/a.jpg", ""),
        ("/static/a.jpg", ""),
    ],
)
def test_only_our_own_pictures_have_names(address, name):
    assert usage.name_at(address) == name


def test_picture_in_use_says_where_before_it_is_deleted(client):
    client.force_login(make_editor())
    image, unused = make_image(alt="A road"), make_image()
    make_post(title="Led by it", image=image)
    make_post(title="Holding it", body=figure(image))
    page = client.get(reverse("admin:blog_image_delete", args=[image.pk])).content.decode()
    assert "This picture is in use." in page
    assert "Leads <a" in page
    assert ">Led by it</a>" in page
    assert ">Holding it</a>" in page
    both = client.post(
        reverse("admin:blog_image_changelist"),
        {"action": "delete_selected", "_selected_action": [image.pk, unused.pk]},
    ).content.decode()
    assert ">Holding it</a>" in both
    other = client.get(reverse("admin:blog_image_delete", args=[unused.pk])).content.decode()
    assert "This picture stands nowhere." in other
    client.post(reverse("admin:blog_image_delete", args=[image.pk]), {"post": "yes"})
    assert list(Image.objects.all()) == [unused]
    assert Post.objects.count() == 2


def test_titles_of_others_drafts_are_not_told(client):
    author = make_member("author")
    client.force_login(author)
    image = make_image(created_by=author)
    make_post(title="Sealed words", status="draft", image=image, created_by=make_user())
    page = client.get(reverse("admin:blog_image_change", args=[image.pk])).content.decode()
    assert "Sealed words" not in page
    assert "Leads a text that you may not see" in page


@pytest.mark.parametrize("rows", [1, 30])
def test_library_costs_the_same_for_any_number(client, rows, django_assert_num_queries):
    client.force_login(make_editor())
    for _ in range(rows):
        image = make_image()
        make_post(image=image, body=figure(image))
    with django_assert_num_queries(8):
        page = client.get(reverse("admin:blog_image_changelist")).content.decode()
    assert page.count("in 2 texts") == rows


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("alt=none", ["silent"]),
        ("alt=some", ["led", "used", "free"]),
        ("used=yes", ["led", "used"]),
        ("used=no", ["free", "silent"]),
        ("q=free", ["free"]),
    ],
)
def test_library_is_filtered_and_searched(client, query, names):
    client.force_login(make_editor())
    led, used = make_image(alt="led"), make_image(alt="used")
    make_image(alt="free")
    make_image(alt="", credit="silent")
    make_post(image=led, body=figure(used))
    response = client.get(reverse("admin:blog_image_changelist") + "?" + query)
    found = {image.alt or image.credit for image in response.context["cl"].result_list}
    assert found == set(names)
    if "silent" in names:
        assert b"No alternative text" in response.content


def test_lead_picture_needs_words_for_those_who_do_not_see_it(client):
    client.force_login(make_editor())
    image = make_image(alt="")
    post = make_post()
    path = reverse("admin:blog_post_change", args=[post.pk])
    response = client.post(path, {"title": "T", "image": image.pk})
    assert response.context["adminform"].form.errors["image"] == [
        f"“{image}” has no alternative text. Choose it once more and give it one."
    ]


def test_texts_that_were_there_before_are_looked_through():
    image, other = make_image(), make_image()
    post = make_post(body=figure(image))
    page = Page.objects.create(title="About", body=figure(other))
    ImageUse.objects.all().delete()
    migration = importlib.import_module("blog.migrations.0012_note_picture_uses")
    migration.note_uses(apps, None)
    migration.note_uses(apps, None)
    assert uses() == sorted([(image.pk, post.pk, None), (other.pk, None, page.pk)], key=str)
