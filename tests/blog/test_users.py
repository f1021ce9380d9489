"""Accounts and groups in the newsroom: nobody gives more rights than they have."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from blog import rights
from blog.models import Author, Post, Role, User
from tests.factories import make_author, make_editor, make_member, make_post, make_user

pytestmark = pytest.mark.django_db

LIST = "/admin/blog/user/"


def page_of(user):
    return f"{LIST}{user.pk}/change/"


def form_of(user, **fields):
    """What the form sends when nothing is changed; ``None`` for a box that is not ticked."""
    role = rights.role_of(user)
    form = {
        "username": user.username,
        "email": user.email,
        "is_active": "on",
        "role": role.key if role else "",
    } | fields
    return {name: value for name, value in form.items() if value is not None}


@pytest.fixture
def administrator(client):
    user = make_member("administrator")
    client.force_login(user)
    return user


def test_an_administrator_makes_an_account_with_a_role(client, administrator):
    page = client.get(f"{LIST}add/")
    words = page.content.decode()
    assert "Contributor: writes posts and sends them to review" in words
    client.post(
        f"{LIST}add/",
        {
            "username": "ada",
            "email": "ada@example.org",
            "usable_password": "false",
            "role": "author",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )
    ada = User.objects.get(username="ada")
    assert (ada.is_staff, ada.is_superuser, ada.has_usable_password()) == (True, False, False)
    assert rights.role_of(ada).key == "author"

    client.post(page_of(ada), form_of(ada, role="editor"))
    assert [group.name for group in ada.groups.all()] == ["Editor"]

    client.post(page_of(ada), form_of(ada, role=""))
    ada.refresh_from_db()
    assert (ada.is_staff, ada.groups.count()) == (False, 0)


def test_an_administrator_makes_nobody_a_superuser(client, administrator):
    launch = Permission.objects.first()
    group = Group.objects.create(name="Secret")
    ada = make_member("editor")
    for user in (ada, administrator):
        client.post(
            page_of(user),
            form_of(
                user,
                is_superuser="on",
                is_staff="on",
                user_permissions=[launch.pk],
                groups=[group.pk],
            ),
        )
        user.refresh_from_db()
        assert (user.is_superuser, user.user_permissions.count()) == (False, 0)
        assert group not in user.groups.all()


def test_nobody_changes_their_own_role_or_switches_themselves_off(client, administrator):
    response = client.post(page_of(administrator), form_of(administrator, role="", is_active=None))
    assert response.status_code == 302
    administrator.refresh_from_db()
    assert (administrator.is_active, administrator.is_staff) == (True, True)
    assert rights.role_of(administrator).key == "administrator"
    assert client.post(f"{LIST}{administrator.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        LIST, {"action": "delete_selected", "_selected_action": administrator.pk, "post": "yes"}
    )
    assert User.objects.filter(pk=administrator.pk).exists()


def test_a_superuser_cannot_be_touched_by_an_administrator(client, administrator):
    boss = make_editor(username="boss", password="first-password-1")
    assert client.get(page_of(boss)).status_code == 200  # to look at
    assert b"md5" not in client.get(page_of(boss)).content
    before = User.objects.values().get(pk=boss.pk)
    password = {"password1": "another-one-22", "password2": "another-one-22"}
    for path, form in [
        (page_of(boss), form_of(boss, email="mine@example.org", is_active=None)),
        (f"{LIST}{boss.pk}/password/", password | {"usable_password": "true"}),
        (f"{LIST}{boss.pk}/delete/", {"post": "yes"}),
        (LIST, {"action": "delete_selected", "_selected_action": boss.pk, "post": "yes"}),
    ]:
        assert client.post(path, form).status_code == 403, path
    assert User.objects.values().get(pk=boss.pk) == before


def test_an_administrator_with_fewer_rights_gives_no_more_than_those(client):
    role = Role.objects.get(key="administrator")
    user = make_member("administrator")
    role.group.permissions.remove(Permission.objects.get(codename="change_sitesettings"))
    helper = Group.objects.create(name="Helpers")
    helper.permissions.add(Permission.objects.get(codename="change_sitesettings"))
    client.force_login(user)
    ada = make_member("editor")
    ada.groups.add(helper)
    assert client.post(page_of(ada), form_of(ada)).status_code == 403
    change_settings = Permission.objects.get(codename="change_sitesettings")
    assert client.post(f"/admin/auth/group/{helper.pk}/change/").status_code == 403
    response = client.post(
        f"/admin/auth/group/{role.group.pk}/change/", {"permissions": [change_settings.pk]}
    )
    assert response.status_code == 200
    assert "permissions" in response.context["adminform"].form.errors
    assert not User.objects.get(pk=user.pk).has_perm("blog.change_sitesettings")


def test_roles_keep_their_names_and_stay(client, administrator):
    group = Role.objects.get(key="editor").group
    path = f"/admin/auth/group/{group.pk}/"
    kept = [one.pk for one in group.permissions.all()][1:]
    client.post(f"{path}change/", {"name": "Other", "permissions": kept})
    group.refresh_from_db()
    assert (group.name, group.permissions.count()) == ("Editor", len(kept))
    assert client.post(f"{path}delete/", {"post": "yes"}).status_code == 403
    own = Group.objects.create(name="Photographers")
    assert client.post(f"/admin/auth/group/{own.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Group.objects.count() == 4


def test_a_superuser_gives_single_rights(client):
    client.force_login(make_editor())
    ada = make_user()
    group = Group.objects.create(name="Photographers")
    picked = Permission.objects.get(codename="view_headline")
    client.post(
        page_of(ada),
        form_of(ada, role="author", groups=[group.pk], user_permissions=[picked.pk]),
    )
    ada.refresh_from_db()
    assert (ada.is_staff, ada.is_superuser) == (True, False)
    assert {one.name for one in ada.groups.all()} == {"Author", "Photographers"}
    client.post(page_of(ada), form_of(ada, role="", groups=[], user_permissions=[picked.pk]))
    ada.refresh_from_db()
    assert (ada.is_staff, ada.groups.count()) == (True, 0)


def test_deleting_a_user_keeps_their_posts(client, administrator):
    ada = make_member("author")
    byline = make_author(user=ada)
    post = make_post(created_by=ada, authors=[byline])
    assert client.post(f"{LIST}{ada.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=ada.pk).exists()
    assert Post.objects.get() == post
    assert (Post.objects.get().created_by, Author.objects.get().user) == (None, None)


def test_an_inactive_user_is_out_at_once_and_cannot_log_in(client, administrator):
    ada = make_member("editor", username="ada", password="a-password-33")
    other = type(client)()
    other.force_login(ada)
    assert other.get("/admin/blog/post/").status_code == 200
    client.post(page_of(ada), form_of(ada, is_active=None))
    assert other.get("/admin/blog/post/").status_code == 302
    assert not other.login(username="ada", password="a-password-33")


@pytest.mark.parametrize("rows", [1, 30])
def test_list_costs_the_same_for_any_number(client, administrator, rows, django_assert_num_queries):
    for number in range(rows):
        make_member(list(Role.Key)[number % 4])
    with django_assert_num_queries(10):
        response = client.get(LIST)
    assert len(response.context["cl"].result_list) == rows + 1


def test_list_says_who_has_which_role(client, administrator):
    make_editor(username="boss")
    make_user(username="none")
    both = make_member("author", username="both")
    both.groups.add(Role.objects.get(key="editor").group)
    page = client.get(LIST)
    model_admin = page.context["cl"].model_admin
    shown = {user.username: model_admin.role(user) for user in page.context["cl"].result_list}
    assert shown == {
        administrator.username: "Administrator",
        "boss": "Superuser",
        "none": None,
        "both": "Editor",
    }


def test_editors_see_bylines_without_logins(client):
    byline = make_author(user=make_user(username="zebra-login"))
    client.force_login(make_member("editor"))
    for path in ("/admin/blog/author/", reverse("admin:blog_author_change", args=[byline.pk])):
        response = client.get(path)
        assert response.status_code == 200
    assert b"zebra-login" not in client.get("/admin/blog/author/").content
    client.post(reverse("admin:blog_author_change", args=[byline.pk]), {"name": "New", "user": ""})
    byline.refresh_from_db()
    assert (byline.name, byline.user.username) == ("New", "zebra-login")
