"""What is done with many posts at once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from blog.models import AuditEntry, Post
from tests.factories import make_author, make_category, make_editor, make_member, make_post

pytestmark = pytest.mark.django_db

NEEDS_TEXT = (
    "An article needs a text before it is published. A title alone is of the kind “Opinion”."
)

LIST = reverse("admin:blog_post_changelist")
State = Post.Status


@pytest.fixture
def editor(client):
    user = make_editor()
    client.force_login(user)
    return user


def make_draft(**fields):
    return make_post(**{"status": State.DRAFT, "published_at": None} | fields)


def ask(client, action, posts, **fields):
    form = {"action": action, "_selected_action": [post.pk for post in posts]} | fields
    return client.post(LIST, form, follow=True)


def do(client, action, posts, **fields):
    response = ask(client, action, posts, apply="1", **fields)
    return [str(message) for message in response.context["messages"]]


def states(*posts):
    return [Post.objects.get(pk=post.pk).status for post in posts]


def test_question_names_how_many_and_which_and_changes_nothing(client, editor):
    first, second = make_draft(title="First"), make_draft(title="Second")
    empty, out = make_draft(title="Empty", body=""), make_post(title="Out")
    response = ask(client, "publish", [first, second, empty, out])
    assert {post.title for post in response.context["able"]} == {"First", "Second"}
    assert {post.title: reason for post, reason in response.context["unable"]} == {
        "Empty": NEEDS_TEXT,
        "Out": "is already in that state",
    }
    assert "2 posts will be changed:" in response.content.decode()
    assert states(first, second) == [State.DRAFT, State.DRAFT]


def test_posts_are_published_each_with_its_version_and_its_entry(client, editor):
    ready, empty = make_draft(title="Ready"), make_draft(body="")
    later = make_draft(title="Later", published_at=timezone.now() + timedelta(days=1))
    assert do(client, "publish", [ready, later, empty]) == [
        "2 posts: done.",
        "1 post was left as it is, because it may not or cannot.",
    ]
    assert states(ready, later, empty) == [State.PUBLISHED, State.PUBLISHED, State.DRAFT]
    assert list(Post.objects.published()) == [ready]
    assert ready.versions.get().content["status"] == "published"
    assert ready.versions.get().saved_by == editor
    entries = AuditEntry.objects.filter(object_id=str(ready.pk), content_type__model="post")
    assert [entry.words for entry in entries] == ["Published."]


def test_posts_are_sent_to_review_and_withdrawn(client, editor):
    draft, out, gone = make_draft(), make_post(), make_post(status=State.WITHDRAWN)
    assert do(client, "send_to_review", [draft, out])[0] == "1 post: done."
    assert do(client, "withdraw", [out, gone])[0] == "1 post: done."
    assert states(draft, out, gone) == [State.REVIEW, State.WITHDRAWN, State.WITHDRAWN]


def test_posts_move_to_another_category_and_leave_their_own(client, editor):
    old, new, further = make_category(), make_category(), make_category()
    post = make_post(category=old)
    post.categories.add(further)
    assert do(client, "change_category", [post], category=new.pk) == ["1 post: done."]
    post.refresh_from_db()
    assert post.category == new
    assert set(post.categories.all()) == {new, further}


def test_category_that_is_missing_is_asked_for_again(client, editor):
    post = make_post()
    response = ask(client, "change_category", [post], apply="1", category="")
    assert response.context["form"].errors == {"category": ["This field is required."]}
    assert Post.objects.get().category == post.category


def test_tags_are_added_to_those_that_are_there(client, editor):
    post = make_post(tags=["old"])
    do(client, "add_tags", [post], tags="Мир, new one")
    assert sorted(post.tags.names()) == ["new one", "old", "Мир"]
    assert post.versions.get().content["tags"] == ["new one", "old", "Мир"]


def test_author_publishes_own_posts_only_and_a_contributor_none(client):
    author = make_member("author")
    client.force_login(author)
    own, others = make_draft(created_by=author), make_draft()
    do(client, "publish", [own, others])
    assert states(own, others) == [State.PUBLISHED, State.DRAFT]
    contributor = make_member("contributor")
    client.force_login(contributor)
    draft = make_draft(created_by=contributor)
    signed = make_post(authors=[make_author(user=contributor)])
    do(client, "publish", [draft])
    do(client, "withdraw", [signed])
    assert states(draft, signed) == [State.DRAFT, State.PUBLISHED]
    do(client, "send_to_review", [draft])
    assert states(draft) == [State.REVIEW]


def test_too_many_at_once_are_refused(client, editor, monkeypatch):
    monkeypatch.setattr("blog.admin.bulk.MOST_AT_ONCE", 2)
    posts = [make_draft() for _ in range(3)]
    response = ask(client, "publish", posts[:1], select_across="1")
    [message] = response.context["messages"]
    assert str(message).startswith("That is more than 2 posts, too many to change at once.")
    assert states(*posts) == [State.DRAFT] * 3


def test_all_across_pages_are_named_and_done_one_by_one(client, editor):
    posts = [make_draft(category=make_category()) for _ in range(3)]
    response = ask(client, "send_to_review", posts[:1], select_across="1")
    assert set(response.context["able"]) == set(posts)
    do(client, "send_to_review", response.context["able"])
    assert states(*posts) == [State.REVIEW] * 3
