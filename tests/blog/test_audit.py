"""The audit: who did what, when, with the change; what is kept of it and what is not."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.auth.tokens import default_token_generator
from django.core.management import call_command
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from blog import audit, versions
from blog.models import AuditEntry, Category, Post, Role, SiteSettings, User
from newsandtimes import tasks
from newsletter.models import Subscriber
from tests.factories import (
    make_author,
    make_category,
    make_collection,
    make_headline,
    make_member,
    make_post,
    make_subscriber,
    make_user,
)

pytestmark = pytest.mark.django_db

LIST = "/admin/blog/auditentry/"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def post_form(post, **fields):
    return {
        "title": post.title,
        "standfirst": post.standfirst,
        "body": post.body,
        "kind": "article",
        "language": "en",
        "status": post.status,
        "category": post.category_id,
        "categories": [row.pk for row in post.categories.all()],
        "authors": [row.pk for row in post.authors.all()],
        "published_at_0": "2026-01-01",
        "published_at_1": "12:00:00",
        "slug": post.slug,
        "begun_with": post.version,
        "corrections-TOTAL_FORMS": 0,
        "corrections-INITIAL_FORMS": 0,
    } | fields


def kept(**conditions):
    """What was kept, oldest first: kind, on what, by whom."""
    entries = AuditEntry.objects.filter(**conditions).order_by("pk")
    return [(entry.kind, entry.object_name, entry.user_name) for entry in entries]


def test_a_change_is_kept_with_what_stood_before_and_after(client, boss):
    old, new = make_author(name="Ada"), make_author(name="Eve")
    post = make_post(title="Old", authors=[old], published_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    other = make_category(name="Sport")
    response = client.post(
        reverse("admin:blog_post_change", args=[post.pk]),
        post_form(post, title="New", authors=[new.pk], category=other.pk, tags="one"),
    )
    assert response.status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.user, entry.object_name, entry.object_id) == (
        *("changed", boss, "New", str(post.pk)),
    )
    changes = {one["field"]: one for one in entry.changes}
    assert changes["title"] == {"field": "title", "old": "Old", "new": "New"}
    assert changes["authors"] == {"field": "authors", "added": ["Eve"], "removed": ["Ada"]}
    assert (changes["category"]["old"], changes["category"]["new"]) == (
        Category.objects.exclude(pk=other.pk).get().name,
        "Sport",
    )
    assert changes["tags"]["added"] == ["one"]
    assert set(changes) == {"title", "authors", "category", "tags"}


def test_a_save_that_changes_nothing_is_no_deed(client, boss):
    post = make_post(published_at=datetime(2026, 1, 1, 12, tzinfo=UTC))
    client.post(reverse("admin:blog_post_change", args=[post.pk]), post_form(post))
    assert kept() == []


def test_a_long_text_is_shortened_around_what_differs(client, boss):
    long = "word " * 400
    post = make_post(body=f"<p>{long} before {long}</p>")
    client.post(
        reverse("admin:blog_post_change", args=[post.pk]),
        post_form(post, body=f"<p>{long} after {long}</p>"),
    )
    (change,) = [one for one in AuditEntry.objects.get().changes if one["field"] == "body"]
    assert "word before word" in change["old"]
    assert "word after word" in change["new"]
    assert len(change["old"]) < 260


def test_the_ways_of_a_post_are_told_apart(client, boss):
    post = make_post(status="draft", published_at=None, title="Mine")
    change = reverse("admin:blog_post_change", args=[post.pk])
    client.post(change, post_form(post, status="review"))
    post.refresh_from_db()
    client.post(change, post_form(post, status="published"))
    post.refresh_from_db()
    one = {"corrections-TOTAL_FORMS": 1, "corrections-0-text": "It was Tuesday."}
    client.post(change, post_form(post, **one))
    client.post(reverse("admin:blog_post_restore", args=[post.pk, 1]))
    client.post(reverse("admin:blog_post_links", args=[post.pk]))
    client.post(reverse("admin:blog_post_withdraw", args=[post.pk]))
    client.post(reverse("admin:blog_post_delete", args=[post.pk]), {"post": "yes"})
    assert [kind for kind, name, who in kept(object_name="Mine", user=boss)] == [
        *("changed", "published", "changed", "done", "done", "withdrawn", "deleted")
    ]
    words = AuditEntry.objects.filter(kind="done").order_by("pk").values_list("words", flat=True)
    assert list(words) == ["Version 1 restored.", "Secret link made."]
    added = AuditEntry.objects.filter(kind="changed").order_by("pk")[1].changes
    assert {(one["part"], one["field"], one["new"]) for one in added} == {
        ("correction “It was Tuesday.”", "text", "It was Tuesday.")
    }


def test_adding_and_deleting_are_kept_and_so_is_deleting_several(client, boss):
    client.post("/admin/blog/category/add/", {"name": "Sport", "position": 0})
    others = [make_category(name="A"), make_category(name="B")]
    client.post(
        "/admin/blog/category/",
        {"action": "delete_selected", "_selected_action": [row.pk for row in others]},
    )
    assert kept() == [("added", "Sport", "boss")]  # the question alone deletes nothing
    client.post(
        "/admin/blog/category/",
        {
            "action": "delete_selected",
            "_selected_action": [row.pk for row in others],
            "post": "yes",
        },
    )
    assert sorted(kept(kind="deleted")) == [("deleted", "A", "boss"), ("deleted", "B", "boss")]


def test_a_list_that_is_edited_in_place_is_kept(client, boss):
    row = make_collection(home_count=1)
    client.post(
        "/admin/aggregator/collection/",
        {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": row.pk,
            "form-0-home_count": 5,
            "_save": "Save",
        },
    )
    assert AuditEntry.objects.get().changes == [{"field": "home_count", "old": "1", "new": "5"}]


def test_actions_on_rows_are_kept_for_each_row(client, boss):
    first, second = make_headline(title="First"), make_headline(title="Second")
    path = "/admin/aggregator/headline/"
    client.post(path, {"action": "hide", "_selected_action": [first.pk, second.pk]})
    entries = AuditEntry.objects.order_by("object_name")
    assert [(entry.object_name, entry.words) for entry in entries] == [
        ("First", "Hide from readers"),
        ("Second", "Hide from readers"),
    ]
    client.post(path, {"action": "no such action", "_selected_action": [first.pk]})
    client.post(path, {"action": "hide"})
    assert AuditEntry.objects.count() == 2


def test_an_action_on_very_many_rows_is_kept_as_their_number(client, boss):
    headlines = [make_headline() for _ in range(51)]
    client.post(
        "/admin/aggregator/headline/",
        {
            "action": "hide",
            "_selected_action": [headlines[0].pk],
            "select_across": "1",
            "confirmed": "1",
        },
    )
    assert kept() == [("done", "51 headlines", "boss")]


def test_roles_and_rights_are_kept_as_such(client, boss):
    ada = make_member("author", username="ada")
    client.post(
        f"/admin/blog/user/{ada.pk}/change/",
        {"username": "ada", "email": ada.email, "role": "editor", "is_active": "on"},
    )
    client.post(
        f"/admin/blog/user/{ada.pk}/password/",
        {"password1": "q7-brand-new", "password2": "q7-brand-new", "usable_password": "true"},
    )
    group = Role.objects.get(key="author").group
    rights = [one.pk for one in group.permissions.exclude(codename="publish_post")]
    client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "A", "permissions": rights})

    role, password, permissions = AuditEntry.objects.order_by("pk")
    assert {role.kind, password.kind, permissions.kind} == {"rights"}
    assert role.changes == [{"field": "role", "old": "Author", "new": "Editor"}]
    assert password.changes == [{"field": "password", "secret": True}]
    assert "q7-brand-new" not in str(list(AuditEntry.objects.values()))
    (change,) = permissions.changes
    assert len(change["removed"]) == 1
    assert "publish" in change["removed"][0]


def test_settings_are_kept(client, boss):
    client.post(
        "/admin/blog/sitesettings/1/change/",
        {
            "title": "Our Review",
            "publisher": "We",
            "posts_per_page": "12",
            "outlet_share": "40",
            "outlet_share_from": "5",
            "language": "uk",
            "time_zone": "Europe/Kyiv",
            "second_factor": "nobody",
            "feed_text": "whole",
        },
    )
    changes = {one["field"]: one["new"] for one in AuditEntry.objects.get().changes}
    assert (changes["title"], changes["language"]) == ("Our Review", "Ukrainian")
    assert SiteSettings.load().title == "Our Review"


def test_line_ends_as_browsers_send_them_are_no_change(client, boss):
    SiteSettings.objects.create(title="T", publisher="We", publisher_address="One\nTwo")
    form = {
        "title": "T",
        "publisher": "We",
        "publisher_address": "One\r\nTwo",
        "tagline": "New",
        "posts_per_page": "10",
        "outlet_share": "40",
        "outlet_share_from": "5",
        "language": "en",
        "time_zone": "UTC",
        "second_factor": "nobody",
        "feed_text": "whole",
    }
    client.post("/admin/blog/sitesettings/1/change/", form)
    fields = {one["field"] for one in AuditEntry.objects.get().changes}
    assert "tagline" in fields
    assert "publisher_address" not in fields


def test_logins_are_kept_failed_ones_too_and_passwords_never(client):
    make_member("editor", username="ada", password="open sesame 5")
    assert not client.login(username="ada", password="wrong sesame")
    assert client.login(username="ada", password="open sesame 5")
    client.post("/admin/logout/")
    assert [(kind, who) for kind, _, who in kept()] == [
        ("login-failed", "ada"),
        ("logged-in", "ada"),
        ("logged-out", "ada"),
    ]
    assert "sesame" not in str(list(AuditEntry.objects.values()))


def test_new_passwords_of_ones_own_are_kept_and_never_what_they_are(client):
    ada = make_member("editor", username="ada", password="open sesame 5")
    client.force_login(ada)
    new = {"new_password1": "brand-new-77", "new_password2": "brand-new-77"}
    body = {"old_password": "open sesame 5", **new}
    assert client.post("/admin/password_change/", body).status_code == 302
    ada.refresh_from_db()
    key = urlsafe_base64_encode(str(ada.pk).encode())
    path = f"/admin/password_reset/{key}/{default_token_generator.make_token(ada)}/"
    page = client.get(path, follow=True)
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    words = AuditEntry.objects.filter(kind="rights", user=ada).order_by("pk").values_list("words")
    assert [one for (one,) in words] == [
        "Changed their own password.",
        "Set a new password by a link in a mail.",
    ]
    assert "brand-new" not in str(list(AuditEntry.objects.values()))


def test_entries_stay_when_the_user_and_the_object_are_gone(client, boss):
    ada = make_member("editor", username="ada")
    post = make_post(title="Kept")
    audit.record(audit.Kind.CHANGED, by=ada, obj=post)
    post.delete()
    client.post(f"/admin/blog/user/{ada.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(username="ada").exists()
    assert kept(user_name="ada") == [("changed", "Kept", "ada")]
    page = client.get(LIST, {"who": "ada"})
    assert [entry.object_name for entry in page.context["cl"].result_list] == ["Kept"]


def test_an_erased_subscriber_leaves_no_address(client, boss):
    gone = make_subscriber(email="erase.me@example.org")
    form = {"language": "uk", "rhythm": "daily"}
    client.post(f"/admin/newsletter/subscriber/{gone.pk}/change/", form)
    client.post(
        "/admin/newsletter/subscriber/", {"action": "unsubscribe", "_selected_action": gone.pk}
    )
    client.post(f"/admin/newsletter/subscriber/{gone.pk}/delete/", {"post": "yes"})
    assert not Subscriber.objects.exists()
    name = f"subscriber {gone.pk}"
    assert [name for _, name, _ in kept()] == [name, name, name]
    assert "erase.me" not in str(list(AuditEntry.objects.values()))


def test_the_clock_forgets_failed_logins_after_90_days(time_machine):
    time_machine.move_to(NOON, tick=False)
    audit.record(audit.Kind.LOGIN_FAILED, by=None, name="guess")
    audit.record(audit.Kind.LOGGED_IN, by=make_user(username="ada"))
    time_machine.move_to(NOON + timedelta(days=91), tick=False)
    tasks.sweep.call()
    assert [kind for kind, _, _ in kept()] == ["logged-in"]


def test_commands_leave_the_audit_alone():
    call_command("clearsessions")
    versions.keep(make_post(), by=None, now=NOON)
    Group.objects.create(name="Photographers")
    assert kept() == []
    assert Post.objects.count() == 1
