"""Who may do what with posts and pictures, in the newsroom and by the bare functions."""

import itertools
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from blog import rights, versions
from blog.models import Image, Post, PreviewLink, Role
from tests.factories import (
    LONG_AGO,
    make_author,
    make_category,
    make_editor,
    make_image,
    make_member,
    make_post,
    make_user,
)

pytestmark = pytest.mark.django_db

ROLES = ["contributor", "author", "editor", "administrator"]
Status = Post.Status


def make_draft(**fields):
    return make_post(**{"status": Status.DRAFT, "published_at": None} | fields)


def form_of(post=None, **fields):
    category = post.category if post else make_category()
    return {
        "title": "A title",
        "kind": "article",
        "language": "en",
        "status": "draft",
        "body": "<p>Text</p>",
        "category": category.pk,
        "begun_with": post.version if post else 0,
        **{f"corrections-{key}": value for key, value in {"TOTAL_FORMS": 0}.items()},
        "corrections-INITIAL_FORMS": 0,
    } | fields


def change(post):
    return reverse("admin:blog_post_change", args=[post.pk])


@pytest.fixture
def login(client):
    def login(role, **fields):
        user = make_member(role, **fields)
        client.force_login(user)
        return user

    return login


@pytest.mark.parametrize(
    ("role", "state", "is_theirs", "expected"),
    [
        # what somebody may do with a post: see, edit, publish, delete
        ("contributor", "draft", True, "see edit delete"),
        ("contributor", "review", True, "see edit delete"),
        ("contributor", "scheduled", True, "see"),
        ("contributor", "published", True, "see"),
        ("contributor", "withdrawn", True, "see"),
        ("contributor", "draft", False, ""),
        ("contributor", "published", False, ""),
        ("author", "draft", True, "see edit publish delete"),
        ("author", "scheduled", True, "see edit publish"),
        ("author", "published", True, "see edit publish"),
        ("author", "withdrawn", True, "see edit publish"),
        ("author", "draft", False, ""),
        ("author", "published", False, ""),
        ("editor", "draft", False, "see edit publish delete"),
        ("editor", "published", False, "see edit publish delete"),
        ("administrator", "withdrawn", False, "see edit publish delete"),
        ("nobody", "draft", True, ""),
        ("nobody", "published", True, ""),
    ],
)
def test_what_a_role_may_do_with_a_post(role, state, is_theirs, expected):
    user = make_user(is_staff=True) if role == "nobody" else make_member(role)
    now = timezone.now()
    at = {"draft": None, "review": None, "scheduled": now + timedelta(days=1)}.get(state, LONG_AGO)
    status = "published" if state == "scheduled" else state
    post = make_post(status=status, published_at=at, created_by=user if is_theirs else make_user())

    may = {
        "see": rights.may_see,
        "edit": rights.may_edit,
        "publish": rights.may_publish,
        "delete": rights.may_delete,
    }
    assert " ".join(word for word, ask in may.items() if ask(user, post)) == expected
    assert Post.objects.visible_to(user).exists() == ("see" in expected)
    assert Post.objects.editable_by(user).exists() == ("edit" in expected)
    assert Post.objects.publishable_by(user).exists() == ("publish" in expected)


def test_nobody_in_particular_may_do_anything():
    post = make_post()
    assert not rights.may_see(AnonymousUser(), post)
    assert not Post.objects.visible_to(AnonymousUser()).exists()
    off = make_member("administrator", is_active=False)
    assert not rights.may_see(off, post)
    assert not Post.objects.visible_to(off).exists()


def test_a_post_is_ones_own_by_its_byline_too():
    user = make_member("author")
    signed, begun, other = make_draft(), make_draft(created_by=user), make_draft()
    signed.authors.set([make_author(user=user), make_author()])
    other.authors.set([make_author(user=make_member("author")), make_author()])

    assert set(Post.objects.visible_to(user)) == {signed, begun}
    assert [rights.is_own(user, post) for post in (signed, begun, other)] == [True, True, False]


@pytest.mark.parametrize("role", ["contributor", "author"])
def test_others_drafts_are_not_there(client, login, role):
    login(role)
    post = make_draft(title="Zebra merger", standfirst="Zebra", review_note="Zebra")
    versions.keep(post, by=None, now=timezone.now())
    link = PreviewLink.objects.create(post=post)
    for path in [
        change(post),
        f"/admin/blog/post/{post.pk}/",
        f"/admin/blog/post/{post.pk}/delete/",
        f"/admin/blog/post/{post.pk}/history/",
        f"/admin/blog/post/{post.pk}/versions/1/",
        f"/admin/blog/post/{post.pk}/versions/1/restore/",
        f"/admin/blog/post/{post.pk}/preview/",
        f"/admin/blog/post/{post.pk}/withdraw/",
        f"/admin/blog/post/{post.pk}/links/",
        f"/admin/blog/post/{post.pk}/links/{link.pk}/",
        f"/admin/blog/post/writing/{post.pk}/",
        f"/admin/blog/post/writing/{post.pk}/drop/",
    ]:
        for method in (client.get, client.post):
            response = method(path, follow=True)
            assert response.status_code in {404, 405}, path
            assert b"Zebra" not in response.content
    response = client.get("/admin/blog/post/?q=Zebra")
    assert response.status_code == 200
    assert list(response.context["cl"].result_list) == []
    assert b"merger" not in response.content


def test_a_contributor_sends_to_review_and_cannot_publish(client, login):
    user = login("contributor")
    page = client.get(reverse("admin:blog_post_add"))
    form = page.context["adminform"].form
    assert [value for value, label in form.fields["status"].choices] == ["draft", "review"]
    assert not {"published_at", "slug"} & set(form.fields)
    assert b"Left empty: the moment of publishing" not in page.content

    client.post(reverse("admin:blog_post_add"), form_of(status="review", slug="mine"))
    post = Post.objects.get()
    assert (post.status, post.created_by, post.slug) == (Status.REVIEW, user, "a-title")

    for status in ("published", "withdrawn"):
        response = client.post(
            change(post),
            form_of(post, status=status, published_at_0="2026-01-01", published_at_1="10:00"),
        )
        assert response.status_code == 200
        assert "status" in response.context["adminform"].form.errors
    post.refresh_from_db()
    assert (post.status, post.published_at) == (Status.REVIEW, None)


def test_what_is_out_cannot_be_touched_by_a_contributor(client, login):
    user = login("contributor")
    for fields in ({}, {"published_at": timezone.now() + timedelta(days=1)}):
        post = make_post(created_by=user, title="Stays", **fields)
        versions.keep(post, by=user, now=timezone.now())
        assert client.get(change(post)).status_code == 200
        for path in (
            change(post),
            f"/admin/blog/post/{post.pk}/delete/",
            f"/admin/blog/post/{post.pk}/withdraw/",
            f"/admin/blog/post/{post.pk}/links/",
            f"/admin/blog/post/{post.pk}/versions/1/restore/",
            f"/admin/blog/post/writing/{post.pk}/?typed",
        ):
            body = form_of(post, title="Changed", slug="changed") | {"post": "yes"}
            assert client.post(path, body).status_code == 403, path
        before = Post.objects.values().get(pk=post.pk)
        assert (before["title"], before["status"]) == ("Stays", "published")
        assert not post.preview_links.exists()


def test_deleting_several_takes_only_what_one_may_delete(client, login):
    user = login("contributor")
    mine, out = make_draft(created_by=user), make_post(created_by=user)
    others = make_draft()
    delete = {"action": "delete_selected", "post": "yes"}
    assert (
        client.post(
            "/admin/blog/post/", delete | {"_selected_action": [mine.pk, out.pk, others.pk]}
        ).status_code
        == 403
    )
    assert Post.objects.count() == 3
    client.post("/admin/blog/post/", delete | {"_selected_action": [mine.pk, others.pk]})
    assert set(Post.objects.all()) == {out, others}
    client.post("/admin/blog/post/", delete | {"_selected_action": [mine.pk], "select_across": 1})
    assert set(Post.objects.all()) == {out, others}


def test_deleting_very_many_asks_for_each_too(client, login):
    """Of many rows the page names a few only; whether each may go is asked all the same."""
    user = login("contributor")
    category = make_category()
    for _ in range(201):
        make_draft(created_by=user, category=category)
    out = make_post(created_by=user, category=category)
    delete = {
        "action": "delete_selected",
        "post": "yes",
        "_selected_action": [out.pk],
        "select_across": "1",
    }
    assert client.post("/admin/blog/post/", delete).status_code == 403
    assert Post.objects.count() == 202


def test_an_author_publishes_schedules_shows_and_withdraws_their_own(client, login):
    user = login("author")
    post = make_draft(created_by=user)
    client.post(f"/admin/blog/post/{post.pk}/links/")
    assert post.preview_links.get().created_by == user

    response = client.post(change(post), form_of(post, status="published"))
    assert response.status_code == 302
    post.refresh_from_db()
    assert post.can_be_withdrawn

    correction = {
        "corrections-TOTAL_FORMS": 1,
        "corrections-0-text": "It was Tuesday.",
        "published_at_0": "2026-01-02",
        "published_at_1": "10:00",
    }
    client.post(change(post), form_of(post, status="published", **correction))
    assert [note.text for note in post.corrections.all()] == ["It was Tuesday."]

    assert client.post(f"/admin/blog/post/{post.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(f"/admin/blog/post/{post.pk}/withdraw/")
    post.refresh_from_db()
    assert post.status == Status.WITHDRAWN


def test_nobody_signs_with_another_persons_name(client, login):
    user = login("author")
    own, house = make_author(user=user), make_author(name="The Review")
    other = make_author(name="Other person", user=make_member("author"))

    response = client.post(
        reverse("admin:blog_post_add"), form_of(authors=[own.pk, other.pk], status="draft")
    )
    assert "authors" in response.context["adminform"].form.errors
    assert Post.objects.count() == 0
    client.post(reverse("admin:blog_post_add"), form_of(authors=[own.pk, house.pk]))
    post = Post.objects.get()
    assert set(post.authors.all()) == {own, house}

    # An editor has added the second person: the first saves again without losing them.
    post.authors.add(other)
    client.post(change(post), form_of(post, title="Again", authors=[own.pk, other.pk]))
    assert set(Post.objects.get(title="Again").authors.all()) == {own, other}

    names = {"app_label": "blog", "model_name": "post", "field_name": "authors"}
    offered = client.get("/admin/autocomplete/", names).json()["results"]
    assert {one["text"] for one in offered} == {own.name, house.name}
    login("editor")
    offered = client.get("/admin/autocomplete/", names).json()["results"]
    assert {one["text"] for one in offered} == {own.name, house.name, other.name}


@pytest.mark.parametrize("role", ["contributor", "author"])
def test_pictures_are_seen_by_all_and_changed_by_whose_they_are(client, login, role):
    user = login(role)
    mine, other, nobodys = make_image(created_by=user), make_image(created_by=make_user()), None
    nobodys = make_image()
    for image, expected in ((mine, 302), (other, 403), (nobodys, 403)):
        path = reverse("admin:blog_image_change", args=[image.pk])
        assert client.get(path).status_code == 200
        assert client.post(path, {"alt": "New words"}).status_code == expected
        assert client.post(f"/admin/blog/image/{image.pk}/delete/").status_code == 403
    assert list(Image.objects.filter(alt="New words")) == [mine]


def test_list_of_ones_own_is_found_without_looking_at_others(login, django_assert_num_queries):
    user = login("author")
    mine = [make_draft(created_by=user) for _ in range(3)]
    for _ in range(5):
        make_draft()
    user.has_perm("blog.view_post")  # asks for the permissions once
    with django_assert_num_queries(1):
        assert set(Post.objects.visible_to(user).order_by("-id")) == set(mine)


def test_roles_rise_in_steps():
    held = [rights.permissions_of(make_member(role)) for role in ROLES]
    assert all(lower < higher for lower, higher in itertools.pairwise(held))
    everything = {
        f"{one.content_type.app_label}.{one.codename}"
        for one in Permission.objects.select_related("content_type")
    }
    assert held[-1] == everything
    assert {name for name in held[0] if not name.startswith("blog.")} == set()


def test_editors_manage_neither_people_nor_settings_nor_addresses():
    held = rights.permissions_of(make_member("editor"))
    kept_back = {"user", "group", "sitesettings", "subscriber", "permission", "session"}
    assert {name for name in held if name.rpartition("_")[2] in kept_back} == set()
    assert "newsletter.count_subscribers" in held


def test_nobody_manages_who_may_do_more():
    boss, administrator, editor = make_editor(), make_member("administrator"), make_member("editor")
    assert rights.may_manage(boss, administrator)
    assert rights.may_manage(administrator, editor)
    assert not rights.may_manage(administrator, boss)
    assert not rights.may_manage(editor, administrator)
    # Switched off, it is the same account still.
    administrator.is_active = False
    administrator.save()
    assert not rights.may_manage(editor, administrator)

    extra = make_member("editor")
    content = ContentType.objects.get_for_model(Role)
    extra.user_permissions.add(
        Permission.objects.create(codename="launch", name="Launch", content_type=content)
    )
    administrator = make_member("administrator")
    assert not rights.may_manage(administrator, extra)


def test_a_role_is_given_in_the_place_of_another():
    user = make_member("contributor")
    own = Group.objects.create(name="Photographers")
    user.groups.add(own)
    rights.give_role(user, Role.objects.get(key="editor"))
    assert rights.role_of(user).key == "editor"
    assert {group.name for group in user.groups.all()} == {"Editor", "Photographers"}
    rights.give_role(user, None)
    assert rights.role_of(user) is None
    assert list(user.groups.all()) == [own]


def test_roles_to_give_are_those_with_no_more_rights_than_ones_own():

    def keys(user):
        return [role.key for role in rights.roles_to_give(user)]

    assert keys(make_editor()) == ROLES
    assert keys(make_member("administrator")) == ROLES
    assert keys(make_member("editor")) == ROLES[:3]
