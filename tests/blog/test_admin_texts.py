"""Writing in the newsroom: what is kept, who else is there, versions, the way to publication."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.models import (
    AuditEntry,
    Correction,
    Page,
    Post,
    PreviewLink,
    SiteSettings,
    Version,
    Writing,
)
from tests.factories import make_category, make_editor, make_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    user = make_editor(first_name="Ada")
    client.force_login(user)
    return user


@pytest.fixture
def other(client_of):
    return client_of(make_editor(first_name="Ben"))


@pytest.fixture
def client_of(db):
    from django.test import Client

    def login(user):
        client = Client()
        client.force_login(user)
        return client

    return login


def change(post):
    return reverse("admin:blog_post_change", args=[post.pk])


def form_of(post, **fields):
    """What a browser sends of a post's form that was opened just now."""
    local = timezone.localtime(post.published_at) if post.published_at else None
    return {
        "title": post.title,
        "standfirst": post.standfirst,
        "body": post.body,
        "kind": post.kind,
        "category": post.category_id,
        "categories": [category.pk for category in post.categories.all()],
        "tags": ", ".join(post.tags.names()),
        "language": post.language,
        "status": post.status,
        "published_at_0": f"{local:%Y-%m-%d}" if local else "",
        "published_at_1": f"{local:%H:%M:%S}" if local else "",
        "slug": post.slug,
        "begun_with": post.version,
        "corrections-TOTAL_FORMS": "0",
        "corrections-INITIAL_FORMS": "0",
    } | fields


# --- Versions and stale saves ---------------------------------------------------------------------


def test_every_save_is_a_version_with_its_tags(client, editor):
    post = make_post()
    client.post(change(post), form_of(post, title="On #Peace", tags="one"))
    version = Version.objects.get()
    assert (version.number, version.saved_by) == (1, editor)
    assert version.content["tags"] == ["Peace", "one"]


def test_stale_save_is_refused_with_both_texts_and_may_then_be_forced(client, editor, other):
    post = make_post(title="The bridge", body="<p>It stands.</p>")
    opened = form_of(post)
    other.post(change(post), opened | {"title": "The old bridge"})
    response = client.post(
        change(post), opened | {"title": "The new bridge", "body": "<p>Mine</p>"}
    )
    assert response.status_code == 200
    assert Post.objects.get().title == "The old bridge"
    assert "Somebody has saved this text since you opened it" in response.text
    assert "The <del>old </del>bridge" in response.text
    assert "The <ins>new </ins>bridge" in response.text
    form = response.context["adminform"].form
    assert form["begun_with"].value() == "1"
    assert form["title"].value() == "The new bridge"
    assert form["categories"].value() == [str(post.category_id)]
    again = opened | {"title": "The new old bridge", "begun_with": "1"}
    assert client.post(change(post), again).status_code == 302
    assert [v.content["title"] for v in Version.objects.all()] == [
        "The new old bridge",
        "The old bridge",
    ]


@pytest.mark.parametrize("begun_with", ["", "x", "99", "-1"])
def test_save_that_does_not_say_what_it_began_with_is_refused(client, editor, begun_with):
    post = make_post(title="Kept")
    form = form_of(post, title="Lost", begun_with=begun_with)
    assert client.post(change(post), form).status_code == 200
    assert Post.objects.get().title == "Kept"


def test_versions_are_listed_compared_and_restored(client, editor):
    post = make_post(title="One")
    for title in ("Two", "Three"):
        post.refresh_from_db()
        client.post(change(post), form_of(post, title=title))
    listed = client.get(reverse("admin:blog_post_history", args=[post.pk])).text
    assert "Version 1" in listed
    assert "Version 2" in listed
    compared = client.get(reverse("admin:blog_post_version", args=[post.pk, 2]))
    assert "<del>Two</del>" in compared.text
    assert "<ins>Three</ins>" in compared.text
    restore = reverse("admin:blog_post_restore", args=[post.pk, 1])
    assert client.get(restore).status_code == 405
    assert client.post(restore).status_code == 302
    assert Post.objects.get().title == "Two"
    assert client.get(reverse("admin:blog_post_version", args=[post.pk, 9])).status_code == 404
    other_text = Page.objects.create(title="A page")
    path = reverse("admin:blog_page_version", args=[other_text.pk, 1])
    assert client.get(path).status_code == 404


# --- What is typed --------------------------------------------------------------------------------


def typed(client, post, *, token, **fields):
    pk = post.pk if post else 0
    path = reverse("admin:blog_post_writing", args=[pk])
    return client.post(f"{path}?typed", {"writing_token": token, "begun_with": "0"} | fields)


def test_what_is_typed_is_offered_taken_up_and_forgotten_when_saved(client, editor):
    post = make_post(title="Saved")
    assert typed(client, post, token="w1", title="Typed", tags="one, two").json() == {
        "others": [],
        "version": 0,
    }
    assert "You typed something here on" in client.get(change(post)).text
    page = client.get(f"{change(post)}?unsaved=w1")
    form = page.context["adminform"].form
    assert (form["title"].value(), form["tags"].value()) == ("Typed", "one, two")
    assert page.context["writing_token"] == "w1"
    assert page.context["unsaved"] == []
    saved = client.post(change(post), form_of(post, title="Typed", writing_token="w1"))
    assert saved.cookies["saved_texts"].value == f"/admin/blog/post/writing/{post.pk}/:w1"
    assert "You typed" not in client.get(change(post)).text


def test_new_texts_are_kept_apart_and_dropped_one_by_one(client, editor):
    category = make_category()
    for number in (1, 2):
        typed(client, None, token=f"w{number}", title=f"Begun {number}", category=category.pk)
    add = reverse("admin:blog_post_add")
    page = client.get(add).text
    assert "Begun 1" in page
    assert "Begun 2" in page
    client.post(reverse("admin:blog_post_drop", args=[0]), {"writing_token": "w1"})
    page = client.get(add).text
    assert "Begun 1" not in page
    assert "Begun 2" in page


def test_nobody_sees_what_another_types(client, editor, other):
    post = make_post()
    typed(client, post, token="w1", title="Only mine")
    typed(client, None, token="w1", title="Only mine too")
    for path in (change(post), f"{change(post)}?unsaved=w1", reverse("admin:blog_post_add")):
        assert "Only mine" not in other.get(path).text
    other.post(reverse("admin:blog_post_drop", args=[post.pk]), {"writing_token": "w1"})
    assert Writing.objects.exclude(form={}).count() == 2


def test_editors_see_each_other_and_the_newer_version(client, editor, other):
    post = make_post()
    path = reverse("admin:blog_post_writing", args=[post.pk])
    client.post(path, {"writing_token": "a"})
    assert other.post(path, {"writing_token": "b"}).json()["others"] == ["Ada"]
    other.post(change(post), form_of(post, title="Newer"))
    assert client.post(path, {"writing_token": "a"}).json() == {"others": ["Ben"], "version": 1}


def test_endless_text_is_not_kept(client, editor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
    response = typed(client, None, token="w1", body="x" * 2_000_000)
    assert (response.status_code, Writing.objects.count()) == (413, 0)


def test_typing_changes_nothing_by_get_and_nothing_published(client, editor):
    post = make_post(title="Public")
    assert client.get(reverse("admin:blog_post_writing", args=[post.pk])).status_code == 405
    assert client.get(reverse("admin:blog_post_drop", args=[post.pk])).status_code == 405
    typed(client, post, token="w1", title="Typed")
    assert "Typed" not in client.get(post.get_absolute_url()).text


# --- The way to publication -----------------------------------------------------------------------


def states(client, post):
    form = client.get(change(post)).context["adminform"].form
    return [value for value, _ in form.fields["status"].choices]


def test_states_that_are_offered_follow_the_state(client, editor):
    draft = make_post(status="draft", published_at=None)
    assert states(client, draft) == ["draft", "review", "published"]
    later = make_post(published_at=timezone.now() + timedelta(days=1))
    assert states(client, later) == ["draft", "review", "published"]
    public = make_post()
    assert states(client, public) == ["published"]
    public.withdraw()
    assert states(client, public) == ["withdrawn", "published"]


def test_public_post_is_not_hidden_by_its_form(client, editor):
    post = make_post()
    assert client.post(change(post), form_of(post, status="draft")).status_code == 200
    future = timezone.now() + timedelta(days=2)
    response = client.post(change(post), form_of(post, published_at_0=f"{future:%Y-%m-%d}"))
    assert "This post is public already" in response.text
    assert Post.objects.published().get() == post


def test_scheduled_post_appears_at_its_minute_across_the_changes_of_the_clock(
    client, editor, time_machine
):
    SiteSettings.objects.create(time_zone="Europe/Kyiv")
    time_machine.move_to(datetime(2026, 10, 20, tzinfo=UTC), tick=False)
    post = make_post(status="draft", published_at=None)
    # Clocks went back at 04:00 on 25 October: 09:00 that day is 07:00 UTC, not 06:00.
    day = {"published_at_0": "2026-10-25", "published_at_1": "09:00:00", "status": "published"}
    assert client.post(change(post), form_of(post, **day)).status_code == 302
    post.refresh_from_db()
    assert post.published_at == datetime(2026, 10, 25, 7, tzinfo=UTC)
    path = post.get_absolute_url()
    time_machine.move_to(datetime(2026, 10, 25, 6, 59, 59, tzinfo=UTC), tick=False)
    client.logout()
    assert client.get(path).status_code == 404
    assert post.title not in client.get("/").text + client.get("/feed/").text
    time_machine.move_to(datetime(2026, 10, 25, 7, tzinfo=UTC), tick=False)
    assert client.get(path).status_code == 200
    assert post.title in client.get("/").text
    assert "Sun, 25 Oct 2026 07:00:00 +0000" in client.get("/feed/").text


@pytest.mark.parametrize(
    ("day", "time"), [("2027-03-28", "03:30:00"), ("2026-10-25", "03:30:00")], ids=["none", "two"]
)
def test_hour_that_does_not_exist_or_exists_twice_is_asked_for(client, editor, day, time):
    SiteSettings.objects.create(time_zone="Europe/Kyiv")
    post = make_post(status="draft", published_at=None)
    form = form_of(post, published_at_0=day, published_at_1=time, status="published")
    response = client.post(change(post), form)
    assert "couldn’t be interpreted in time zone Europe/Kyiv" in response.text
    assert Post.objects.get().status == "draft"


def test_post_is_withdrawn_after_a_question_and_logged(client, editor):
    post = make_post(title="Public")
    path = reverse("admin:blog_post_withdraw", args=[post.pk])
    assert "Its address then says that it was taken down" in client.get(path).text
    assert Post.objects.published().exists()
    client.post(path)
    assert Post.objects.get().status == "withdrawn"
    assert Version.objects.get().content["status"] == "withdrawn"
    assert AuditEntry.objects.filter(kind="withdrawn", object_id=post.pk).count() == 1
    assert "there is nothing to withdraw" in client.post(path, follow=True).text


def test_correction_is_made_with_the_post_and_signed(client, editor):
    post = make_post()
    fields = {"corrections-TOTAL_FORMS": "1", "corrections-0-text": "It was Tuesday."}
    assert client.post(change(post), form_of(post, **fields)).status_code == 302
    correction = Correction.objects.get()
    assert (correction.text, correction.made_by) == ("It was Tuesday.", editor)
    client.logout()
    assert "It was Tuesday." in client.get(post.get_absolute_url()).text


def test_draft_offers_no_corrections(client, editor):
    draft = make_post(status="draft", published_at=None)
    assert client.get(change(draft)).context["inline_admin_formsets"] == []


def test_secret_links_are_made_and_closed(client, editor):
    post = make_post(status="draft", published_at=None)
    path = reverse("admin:blog_post_links", args=[post.pk])
    client.post(path)
    link = PreviewLink.objects.get()
    assert link.get_absolute_url() in client.get(path).text
    revoke = reverse("admin:blog_post_revoke", args=[post.pk, link.pk])
    assert client.get(revoke).status_code == 405
    client.post(revoke)
    client.logout()
    assert client.get(link.get_absolute_url()).status_code == 404


def test_preview_shows_what_is_stored_and_is_kept_nowhere(client, editor):
    post = make_post(status="draft", published_at=None, title="A draft")
    response = client.get(reverse("admin:blog_post_preview", args=[post.pk]))
    assert "A draft" in response.text
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]


def test_page_is_written_and_kept_like_a_post(client, editor):
    form = {"title": "About", "body": "<p>We</p>", "language": "en", "status": "published"}
    client.post(reverse("admin:blog_page_add"), form)
    page = Page.objects.get()
    assert (page.version, page.versions.get().saved_by) == (1, editor)
    change_page = reverse("admin:blog_page_change", args=[page.pk])
    stale = form | {"slug": "about", "begun_with": "0", "title": "Lost"}
    assert client.post(change_page, stale).status_code == 200
    assert Page.objects.get().title == "About"
    taken = form | {"slug": "admin", "begun_with": "1"}
    assert "is the address of something else" in client.post(change_page, taken).text
