"""What pages of the Desk hear of: others' decisions, new rows, what is left, what goes on."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator.desk import bulk
from aggregator.desk.listing import Cursor
from aggregator.models import Decision, DeskView, Headline, Thumbnail
from blog.models import Post
from tests.aggregator.desk.desking import JSON, NOW, choose, shown_on, take_back, wait
from tests.factories import make_category, make_collection, make_editor, make_feed, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
DESK = "/admin/desk/"


@pytest.fixture
def editor(client):
    editor = make_editor(first_name="Ada")
    client.force_login(editor)
    return editor


def news(client, since=0, top="", **asked):
    return client.get(f"{DESK}news/", {"since": since, "top": top} | asked, **JSON).json()


def test_news_tell_what_others_decided_with_rows_as_they_are(client, editor):
    ben, headline = make_editor(first_name="Ben"), wait()
    wait()
    decision = choose(headline, ben, "drop")
    told = news(client)
    (one,) = told["decisions"]
    assert 'data-state="decided"' in one.pop("row")
    assert one == {
        "id": decision.pk,
        "headline": headline.pk,
        "story": None,
        "by": "Ben",
        "is_own": False,
        "kind": "drop",
        "said": "dropped",
        "undone": False,
    }
    assert (told["last"], told["left"], told["going_on"]) == (decision.pk, "1", [])
    assert news(client, since=decision.pk)["decisions"] == []


def test_news_tell_of_undoing_though_the_decision_is_old(client, editor):
    headline = wait()
    since = choose(headline, editor, "drop").pk
    take_back(editor)
    told = news(client, since=since)
    (one,) = told["decisions"]
    assert (one["undone"], one["is_own"], one["kind"]) == (True, True, "drop")
    assert one["said"] == "taken back: dropped"
    assert 'data-state="waiting"' in one["row"]
    assert told["last"] == one["id"] > since


def test_news_count_what_stands_above_the_first_row(client, editor):
    top = wait(minutes=5)
    wait(minutes=4, language="uk")
    wait(minutes=3)
    cursor = str(Cursor(top.published_at, top.pk))
    assert news(client, top=cursor)["new"] == 2
    assert news(client, top=cursor, language="uk")["new"] == 1
    assert news(client, top="broken")["new"] == 0


def test_news_tell_how_far_the_worker_is(client, editor, monkeypatch):
    monkeypatch.setattr(bulk, "STEP", 1)
    top, *_ = [wait(minutes=at) for at in range(4)]
    fields = {"key": str(uuid.uuid4()), "before": str(Cursor(top.published_at, top.pk))}
    told = client.post(f"{DESK}seen/", fields, **JSON).json()
    assert (told["kind"], told["left"]) == ("seen", "2")
    (going_on,) = news(client)["going_on"]
    assert going_on == {"decision": told["decision"], "said": told["said"], "count": 2}


@pytest.mark.parametrize("count", [1, 30])
def test_news_cost_the_same_for_one_decision_and_for_thirty(client, editor, count):
    ben = make_editor()
    for _ in range(count):
        choose(wait(), ben, "drop")
    news(client)
    with CaptureQueriesContext(connection) as queries:
        told = news(client)
    own = [q for q in queries.captured_queries if "aggregator_" in q["sql"]]
    assert (len(told["decisions"]), len(own)) == (count, 7)


def test_seen_by_a_form_holds_within_the_filters_and_is_undone(client, editor):
    feed = make_feed()
    top = wait(feed=feed, minutes=2)
    wait(minutes=3)
    back = f"{DESK}?feed={feed.pk}"
    fields = {"key": str(uuid.uuid4()), "before": str(Cursor(top.published_at, top.pk))}
    page = client.post(f"{DESK}seen/", fields | {"back": back}, follow=True)
    assert "all up to 23 Nov 2026, 11:58 seen" in page.content.decode()
    assert Headline.objects.waiting(now=NOW).count() == 1
    client.post(f"{DESK}undo/", {"key": str(uuid.uuid4())})
    assert Headline.objects.waiting(now=NOW).count() == 2
    assert client.post(f"{DESK}seen/", {"key": str(uuid.uuid4())}, **JSON).status_code == 422


def test_views_are_kept_shown_renewed_and_deleted_by_their_owner(client, editor):
    DeskView.objects.create(owner=make_editor(), name="Theirs", query="language=ru")
    back = f"{DESK}?language=uk&evil=1"
    client.post(f"{DESK}views/", {"name": " Ukraine  now ", "back": back})
    client.post(f"{DESK}views/", {"name": "Ukraine now", "back": f"{back}&hours=6"})
    view = DeskView.objects.get(owner=editor)
    assert (view.name, view.query) == ("Ukraine now", "language=uk&hours=6")
    text = client.get(DESK).content.decode()
    assert f"{DESK}?language=uk&amp;hours=6" in text
    assert "Theirs" not in text
    theirs = DeskView.objects.get(name="Theirs")
    assert client.post(f"{DESK}views/{theirs.pk}/delete/").status_code == 404
    client.post(f"{DESK}views/{view.pk}/delete/")
    assert list(DeskView.objects.all()) == [theirs]


def test_view_without_a_name_and_one_too_many_are_refused(client, editor):
    assert client.post(f"{DESK}views/", {"name": " "}, **JSON).status_code == 422
    for number in range(30):
        DeskView.objects.create(owner=editor, name=f"View {number}")
    assert client.post(f"{DESK}views/", {"name": "More"}, **JSON).status_code == 422
    assert client.post(f"{DESK}views/", {"name": "View 3"}, **JSON).status_code == 200


def test_next_feed_is_the_one_after_by_title_in_which_something_waits(client, editor):
    feeds = [make_feed(title=title) for title in ("C", "A", "B", "D")]
    for feed in feeds:
        wait(feed=feed, seen_at=NOW if feed.title == "B" else None)

    def follows(feed=None):
        page = client.get(DESK, {"feed": feed.pk} if feed else {})
        return page.context["next_feed"].rpartition("=")[2]

    c, a, _, d = feeds
    assert [follows(), follows(a), follows(c), follows(d)] == [
        *(str(a.pk), str(c.pk), str(d.pk), str(a.pk)),
    ]
    Headline.objects.exclude(feed=a).update(seen_at=NOW)
    assert follows(a) == ""


def test_newsroom_leads_to_the_desk_and_says_what_waits(client, editor):
    wait()
    index = client.get("/admin/").content.decode()
    assert "Desk: 1 waiting" in index
    client.logout()
    client.force_login(make_member("author"))
    assert DESK not in client.get("/admin/").content.decode()


def test_pictures_are_ours_and_shown_where_they_are_wanted(client, editor):
    made = {"small": {"webp": [[160, "small-160.webp"]]}}
    there = Thumbnail.objects.create(
        key="a",
        address="https://x.example/a.jpg",
        folder="f",
        state="ready",
        next_at=NOW,
        kept_until=NOW + timedelta(days=1),
        width=640,
        height=400,
        made=made,
    )
    headline = wait(image_url="https://x.example/a.jpg", thumbnail=there)
    assert "<img" not in client.get(DESK).content.decode().partition('id="desk-rows"')[2]
    page = client.get(DESK, {"pictures": "1"})
    assert shown_on(page) == [headline.pk]
    assert page.context["rows"][0].picture.startswith("/media/")
    assert "x.example/a.jpg" not in page.content.decode()


def test_draft_is_named_to_whoever_asked_for_it(client, editor):
    make_category()
    make_collection()
    fields = {"key": str(uuid.uuid4()), "kind": "post", "headline": wait().pk}
    told = client.post(f"{DESK}decide/", fields, **JSON).json()
    assert f'href="/admin/blog/post/{Post.objects.get().pk}/change/"' in told["row"]
    again = client.post(f"{DESK}decide/", fields, **JSON).json()
    assert again["decision"] == told["decision"]
    assert Decision.objects.count() == 1
