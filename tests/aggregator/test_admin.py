"""Feeds, headlines and collections in the newsroom."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aggregator.models import Collection, Feed, Headline, Pick
from tests.factories import (
    LONG_AGO,
    make_collection,
    make_editor,
    make_feed,
    make_headline,
    make_pick,
    make_user,
)
from tests.plans import plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_editor()
    client.force_login(editor)
    return editor


def list_url(model):
    return reverse(f"admin:aggregator_{model._meta.model_name}_changelist")


def change_url(row):
    return reverse(f"admin:aggregator_{row._meta.model_name}_change", args=[row.pk])


def act(client, model, action, rows, **fields):
    data = {"action": action, "_selected_action": [row.pk for row in rows]} | fields
    return client.post(list_url(model), data, follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


def make_rows(count):
    """Rows of every kind, each with everything a list shows."""
    for _ in range(count):
        collection = make_collection()
        feed = make_feed(collection=collection, failures=1, last_error="x")
        make_pick(collection=collection, headline=make_headline(feed=feed), picked_by=make_user())


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("model", "queries"), [(Feed, 9), (Headline, 7), (Collection, 5), (Pick, 6)]
)
def test_lists_cost_the_same_queries_at_any_length(
    client, editor, rows, model, queries, django_assert_num_queries
):
    make_rows(rows)
    client.get(list_url(model))
    with django_assert_num_queries(queries):
        response = client.get(list_url(model))
    assert len(response.context["cl"].result_list) == rows


def test_headlines_are_picked_into_a_collection_and_hidden(client, editor):
    collection = make_collection(title="100% Selected")
    older, newer, other = make_headline(), make_headline(), make_headline()
    page = client.get(list_url(Headline)).text
    assert "Pick into “100% Selected”" in page
    response = act(client, Headline, f"pick_into_{collection.pk}", [older, newer])
    assert messages(response) == ["2 headlines stand in “100% Selected”."]
    picks = Pick.objects.public()
    assert [(pick.headline, pick.picked_by) for pick in picks] == [(newer, editor), (older, editor)]
    act(client, Headline, "hide", [newer, other])
    assert [pick.headline for pick in Pick.objects.public()] == [older]
    act(client, Headline, "show", [newer])
    assert list(Headline.objects.public().order_by("pk")) == [older, newer]


def test_hidden_headlines_are_counted_by_their_index_alone(client, editor):
    make_headline(is_hidden=True)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{list_url(Headline)}?is_hidden__exact=1")
    counting = [query for query in queries.captured_queries if "COUNT(" in query["sql"]]
    assert len(counting) == 1
    ways = ("USING COVERING INDEX headline_hidden", "Index Only Scan using headline_hidden")
    assert any(way in plan_of(counting[0]) for way in ways)


def test_a_headline_is_picked_from_its_own_page(client, editor):
    collection, headline = make_collection(), make_headline()
    response = client.get(change_url(headline))
    assert f"pick_into_{collection.pk}" in response.text


def test_headlines_are_counted_so_far_and_no_farther(client, editor, monkeypatch):
    monkeypatch.setattr("blog.admin.lists.COUNTED_AT_MOST", 2)
    for _ in range(3):
        make_headline()
    assert client.get(list_url(Headline)).context["cl"].result_count == 2


@pytest.mark.parametrize(("rows", "is_done"), [(2, True), (3, False)])
def test_all_means_no_more_than_were_counted(client, editor, monkeypatch, rows, is_done):
    monkeypatch.setattr("blog.admin.lists.COUNTED_AT_MOST", 2)
    headlines = [make_headline() for _ in range(rows)]
    response = act(client, Headline, "hide", headlines[:1], select_across="1")
    assert Headline.objects.public().count() == (0 if is_done else 3)
    assert messages(response) == [
        "2 headlines changed."
        if is_done
        else "There are more than 2 rows, too many to change at once. Nothing has been changed. "
        "Search or filter for fewer, or choose rows page by page."
    ]
    act(client, Headline, "hide", headlines[:1], select_across="0")
    assert not Headline.objects.public().filter(pk=headlines[0].pk).exists()


def test_more_than_a_page_is_asked_about_first(client, editor):
    feed = make_feed()
    headlines = [make_headline(feed=feed) for _ in range(51)]
    response = act(client, Headline, "hide", headlines[:1], select_across="1")
    assert (response.context["count"], len(response.context["named"])) == (51, 30)
    assert Headline.objects.public().count() == 51
    act(client, Headline, "hide", headlines[:1], select_across="1", confirmed="1")
    assert Headline.objects.public().count() == 0


def test_all_picks_are_not_withdrawn_where_they_are_too_many(client, editor, monkeypatch):
    monkeypatch.setattr("blog.admin.lists.COUNTED_AT_MOST", 1)
    picks = [make_pick(), make_pick()]
    act(client, Pick, "withdraw", picks, select_across="1")
    assert Pick.objects.public().count() == 2


def test_a_headline_is_not_deleted_by_hand(client, editor):
    headline = make_headline()
    url = reverse("admin:aggregator_headline_delete", args=[headline.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    act(client, Headline, "delete_selected", [headline], post="yes")
    assert list(Headline.objects.all()) == [headline]
    assert 'value="delete_selected"' not in client.get(list_url(Headline)).text


def test_a_feed_is_deleted_with_its_headlines_and_their_picks(client, editor):
    feeds, kept = [make_feed(), make_feed(), make_feed()], make_pick()
    for feed in feeds:
        make_pick(headline=make_headline(feed=feed))
    url = reverse("admin:aggregator_feed_delete", args=[feeds[0].pk])
    assert "Are you sure" in client.get(url).text
    client.post(url, {"post": "yes"})
    act(client, Feed, "delete_selected", feeds[1:], post="yes")
    assert list(Pick.objects.all()) == [kept]
    assert list(Headline.objects.all()) == [kept.headline]
    assert list(Feed.objects.all()) == [kept.headline.feed]


def test_who_may_delete_feeds_only_deletes_none_with_headlines(client):
    feed = make_headline().feed
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="delete_feed"))
    client.force_login(user)
    url = reverse("admin:aggregator_feed_delete", args=[feed.pk])
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert list(Feed.objects.all()) == [feed]


def test_a_collection_at_the_address_of_another_page_is_refused(client, editor):
    counts = {"home_count": 0, "page_count": 30, "feed_count": 30, "clip_count": 10}
    form = {"title": "Feed", "slug": "feed", **counts}
    url = reverse("admin:aggregator_collection_add")
    response = client.post(url, form)
    assert response.context["adminform"].errors == {
        "slug": ["The address /feed/ belongs to another page of this site."]
    }
    client.post(url, form | {"slug": ""})
    assert [collection.slug for collection in Collection.objects.all()] == ["feed-2"]


def test_a_collection_of_old_at_such_an_address_does_not_block_the_list(client, editor):
    collection = make_collection(slug="feed")
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 1, "form-0-id": collection.pk}
    values = {"form-0-home_count": 7, "form-0-position": 0, "_save": "Save"}
    client.post(list_url(Collection), form | values)
    assert Collection.objects.get().home_count == 7


def test_headlines_are_found_by_their_words_and_not_added_by_hand(client, editor):
    wanted = make_headline(title="Міст через Дністер")
    make_headline(title="Something else")
    found = client.get(list_url(Headline), {"q": "Дністер"}).context["cl"].result_list
    assert list(found) == [wanted]
    assert client.get(reverse("admin:aggregator_headline_add")).status_code == 403


def test_hostile_headlines_are_shown_as_text(client, editor):
    make_headline(title="<script>alert(1)</script>", outlet="<b>")
    page = client.get(list_url(Headline)).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page


def test_who_may_not_pick_is_offered_nothing_to_pick(client):
    make_headline()
    make_collection()
    reader = make_user(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_headline"))
    client.force_login(reader)
    response = client.get(list_url(Headline))
    assert "pick_into" not in response.text
    assert response.context["cl"].result_count == 1


def test_collections_show_what_readers_and_feeds_there_are(client, editor):
    collection = make_collection(title="Selected")
    make_collection(title="Empty")
    for _ in range(3):
        make_pick(collection=collection)
    make_pick(collection=collection, withdrawn_at=LONG_AGO)
    make_feed(collection=collection)
    make_feed(collection=collection)
    rows = client.get(list_url(Collection)).context["cl"].result_list
    assert [(row.title, row.standing, row.filling) for row in rows] == [
        ("Selected", 3, 2),
        ("Empty", 0, 0),
    ]


def test_a_pick_is_signed_and_withdrawn(client, editor):
    collection, headline = make_collection(), make_headline()
    client.post(
        reverse("admin:aggregator_pick_add"),
        {
            "collection": collection.pk,
            "headline": headline.pk,
            "placed_at_0": "2026-11-20",
            "placed_at_1": "10:00",
            "position": 0,
            "title": "Ours",
        },
    )
    [pick] = Pick.objects.public()
    assert (pick.picked_by, pick.shown_title) == (editor, "Ours")
    response = act(client, Pick, "withdraw", [pick])
    assert messages(response)[-1] == "1 pick withdrawn."
    assert list(Pick.objects.public()) == []


@pytest.mark.parametrize("model", [Feed, Headline, Collection, Pick])
def test_pages_of_one_row_open(client, editor, model):
    make_rows(1)
    row = model.objects.get()
    response = client.get(change_url(row))
    assert response.context["original"] == row
    assert ' style="' not in response.text
