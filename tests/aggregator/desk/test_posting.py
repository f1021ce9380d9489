"""Making posts of headlines."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aggregator.desk import rows
from aggregator.desk.errors import NotAllowedError, RefusedError
from aggregator.desk.filters import Filters
from aggregator.models import Headline
from blog import versions, writing
from blog.models import Post
from tests.aggregator.desk.desking import NOW, choose, take_back, wait
from tests.factories import make_author, make_category, make_editor, make_user
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


def test_post_is_a_draft_with_quote_source_outlet_and_byline():
    make_category()
    editor = make_editor()
    byline = make_author(user=editor)
    headline = wait("Ports open", summary="All of <them>", outlet="kyivpost.com", language="uk")
    decision = choose(headline, editor, "post")
    post = Post.objects.get()
    assert (post.kind, post.status, post.title, post.language) == (
        *("link", "draft", "Ports open", "uk"),
    )
    assert (post.source_url, post.outlet) == (headline.url, "kyivpost.com")
    assert post.body == "<blockquote><p>All of &lt;them&gt;</p></blockquote>"
    assert list(post.authors.all()) == [byline]
    assert decision.before["post"] == post.pk
    assert not Headline.objects.waiting(now=NOW).exists()
    assert not Post.objects.published().exists()


def test_post_takes_the_editors_own_words():
    make_category()
    editor, headline = make_editor(), wait()
    choose(headline, editor, "words", words={"title": "Ours", "excerpt": "In short"})
    choose(headline, editor, "post")
    post = Post.objects.get()
    assert (post.title, post.language) == ("Ours", "en")
    assert "In short" in post.body


def test_undo_deletes_a_draft_that_nobody_touched():
    make_category()
    editor = make_editor()
    choose(wait(), editor, "post")
    take_back(editor)
    assert not Post.objects.exists()
    assert Headline.objects.waiting(now=NOW).exists()


@pytest.mark.parametrize("touch", ["saved", "typed"])
def test_undo_leaves_a_draft_that_somebody_works_on(touch):
    make_category()
    editor = make_editor()
    choose(wait(), editor, "post")
    post, now = Post.objects.get(), timezone.now()
    if touch == "saved":
        post.title = "Another"
        post.save()
        versions.keep(post, by=editor, now=now)
    else:
        sheet = writing.Sheet(editor, Post, post.pk, "token")
        writing.note(sheet, now=now, form={"title": ["Another"]})
    with pytest.raises(RefusedError, match="worked on since"):
        take_back(editor)
    assert Post.objects.exists()


def test_draft_is_led_to_after_a_reload_while_it_is_one(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    make_category()
    editor, other, headline = make_editor(), make_editor(), wait("Ports <open>")
    decision = choose(headline, editor, "post")
    address = reverse("admin:blog_post_change", args=[decision.before["post"]])
    begun = f'href="{address}" target="_blank" data-draft-of="{decision.pk}">Ports &lt;open&gt;</a>'
    in_row = f'href="{address}" target="_blank">Open the draft</a>'
    client.force_login(editor)
    page, with_all = (client.get(f"/admin/desk/{query}").text for query in ("", "?all=1"))
    assert (page.count(begun), page.count(in_row)) == (1, 0)
    assert (with_all.count(begun), with_all.count(in_row)) == (1, 1)
    client.force_login(other)
    assert address not in client.get("/admin/desk/?all=1").text
    client.force_login(editor)
    Post.objects.update(status="withdrawn")
    assert address not in client.get("/admin/desk/?all=1").text
    Post.objects.update(status="draft")
    take_back(editor)
    assert address not in client.get("/admin/desk/?all=1").text


def test_drafts_are_found_among_many_decisions_by_their_keys():
    make_category()
    editor = make_editor()
    for at in range(4):
        choose(wait(f"Draft {at}"), editor, "post")
    with CaptureQueriesContext(connection) as queries:
        _rows, marks = rows.load(list(Headline.objects.all()), Filters(), now=NOW, user=editor)
    assert [one.draft_title for one in marks.drafts] == ["Draft 3", "Draft 2", "Draft 1"]
    asked = next(query for query in queries if '"draft_title"' in query["sql"])
    plan = plan_of(asked)
    assert "Seq Scan on aggregator_decision" not in plan
    assert not re.search(r"SCAN aggregator_decision(?! USING)", plan)


def test_post_is_refused_without_a_category_an_address_or_the_right():
    headline, editor = wait(), make_editor()
    with pytest.raises(RefusedError, match="category"):
        choose(headline, editor, "post")
    make_category()
    with pytest.raises(RefusedError, match="no address"):
        choose(wait(url=""), editor, "post")
    with pytest.raises(NotAllowedError):
        choose(headline, make_user(is_staff=True), "post")
    assert not Post.objects.exists()
