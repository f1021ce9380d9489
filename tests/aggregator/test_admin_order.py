"""The page on which an editor orders a collection."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator.listing import first_picks
from aggregator.models import Pick
from blog.models import AuditEntry
from tests.factories import LONG_AGO, make_collection, make_headline, make_member, make_pick

pytestmark = pytest.mark.django_db

JSON = {"headers": {"Accept": "application/json"}}


@pytest.fixture
def editor(client):
    """Log an editor in."""
    editor = make_member("editor")
    client.force_login(editor)
    return editor


@pytest.fixture
def collection():
    """Picks a, b and c, the newest first."""
    collection = make_collection(slug="picked", home_count=5)
    for hours, title in enumerate("abc"):
        headline = make_headline(title=f"their {title}", language="uk")
        at = LONG_AGO - timedelta(hours=hours)
        make_pick(collection=collection, headline=headline, title=title, placed_at=at)
    return collection


def url_of(collection):
    return reverse("admin:aggregator_collection_order", args=[collection.pk])


def order_of(collection):
    picks = first_picks({collection.pk: 100}, now=timezone.now())
    return "".join(pick.title for pick in picks)


def post(client, collection, deed, named, **fields):
    data = {"deed": deed, "pick": Pick.objects.get(title=named).pk} | fields
    return client.post(url_of(collection), data)


def test_page_shows_our_words_beside_the_outlets(client, editor, collection):
    page = client.get(url_of(collection)).content.decode()
    assert page.count('class="order-row"') == 3
    assert '<span lang="uk">their a</span>' in page
    assert "Withdrawn lately" not in page


@pytest.mark.parametrize(
    ("deed", "title", "expected"),
    [("up", "c", "acb"), ("down", "a", "bac"), ("top", "c", "cab"), ("withdraw", "b", "ac")],
)
def test_buttons_work_without_a_script(client, editor, collection, deed, title, expected):
    pick = Pick.objects.get(title=title)
    response = post(client, collection, deed, title)
    assert response.headers["Location"] == f"{url_of(collection)}#pick-{pick.pk}"
    assert order_of(collection) == expected
    entry = AuditEntry.objects.order_by("-pk").first()
    assert (entry.user, entry.object_id) == (editor, str(pick.pk))


def test_a_drag_puts_a_pick_before_another(client, editor, collection):
    before = Pick.objects.get(title="b").pk
    post(client, collection, "move", "c", before=before)
    assert order_of(collection) == "acb"
    post(client, collection, "move", "a", before="")
    assert order_of(collection) == "cba"


def test_pin_ends_after_the_hours_chosen(client, editor, collection, time_machine):
    time_machine.move_to(LONG_AGO + timedelta(days=1), tick=False)
    post(client, collection, "pin", "c", hours="24")
    pick = Pick.objects.get(title="c")
    assert pick.pinned_until == timezone.now() + timedelta(hours=24)
    assert order_of(collection) == "cab"
    assert "Pinned to the top" in client.get(url_of(collection)).content.decode()
    time_machine.shift(timedelta(hours=24))
    assert order_of(collection) == "abc"
    assert "Pinned to the top" not in client.get(url_of(collection)).content.decode()
    post(client, collection, "pin", "b", hours="0")
    assert Pick.objects.get(title="b").pinned_until is None
    post(client, collection, "unpin", "b")
    assert order_of(collection) == "abc"


@pytest.mark.parametrize("hours", ["", "-1", "999999999999", "x"])
def test_a_pin_for_odd_hours_lasts_for_the_usual_time(client, editor, collection, hours):
    post(client, collection, "pin", "c", hours=hours)
    left = Pick.objects.get(title="c").pinned_until - timezone.now()
    assert timedelta(hours=5.9) < left <= timedelta(hours=6)


def test_words_are_edited_in_place_and_shown_at_once(client, editor, collection):
    words = {"title": "New", "note": "Ours <b>", "title_language": "ru", "is_breaking": "on"}
    post(client, collection, "words", "a", **words)
    page = client.get("/picked/").content.decode()
    assert 'lang="ru">New</a>' in page
    assert "Ours &lt;b&gt;" in page
    assert '<span class="breaking">Breaking</span>' in page


def test_refused_words_stay_in_the_form_of_their_row(client, editor, collection):
    pick = Pick.objects.get(title="a")
    data = {"deed": "words", "pick": pick.pk, "title": "x" * 301, "note": "Kept"}
    response = client.post(url_of(collection), data, **JSON)
    assert response.status_code == 422
    assert "at most 300 characters" in response.json()["list"]
    assert "Kept" in response.json()["list"]
    assert Pick.objects.get(pk=pick.pk).title == "a"


def test_scripts_get_the_list_as_it_is_now(client, editor, collection):
    pick = Pick.objects.get(title="b")
    response = client.post(url_of(collection), {"deed": "withdraw", "pick": pick.pk}, **JSON)
    answer = response.json()
    assert answer["said"] == "Withdrawn: b"
    assert answer["list"].count('class="order-row"') == 2
    assert "Withdrawn lately" in answer["list"]
    client.post(url_of(collection), {"deed": "back", "pick": pick.pk}, **JSON)
    assert order_of(collection) == "abc"


def test_a_pick_that_is_gone_is_a_conflict_and_changes_nothing(client, editor, collection):
    other = make_pick(title="other")
    gone = Pick.objects.get(title="b")
    post(client, collection, "withdraw", "b")
    for data in (
        {"deed": "up", "pick": gone.pk},
        {"deed": "move", "pick": Pick.objects.get(title="c").pk, "before": gone.pk},
        {"deed": "withdraw", "pick": other.pk},
        {"deed": "up", "pick": "9" * 30},
        {"deed": "up"},
    ):
        response = client.post(url_of(collection), data, **JSON)
        assert response.status_code == 409, data
        assert "The list has changed" in response.json()["said"]
        assert client.post(url_of(collection), data).status_code == 302
    assert order_of(collection) == "ac"
    assert Pick.objects.get(pk=other.pk).withdrawn_at is None


def test_what_is_unknown_does_nothing(client, editor, collection):
    before = AuditEntry.objects.count()
    assert post(client, collection, "explode", "a").status_code == 302
    assert order_of(collection) == "abc"
    assert AuditEntry.objects.count() == before


def test_an_author_may_not_see_or_change_the_order(client, collection):
    client.force_login(make_member("author"))
    assert client.get(url_of(collection)).status_code == 403
    assert post(client, collection, "up", "c").status_code == 403
    assert order_of(collection) == "abc"


@pytest.mark.parametrize("count", [1, 30])
def test_page_costs_the_same_queries_at_any_length(
    client, editor, count, django_assert_num_queries
):
    collection = make_collection()
    for _ in range(count):
        make_pick(collection=collection)
    client.get(url_of(collection))
    with django_assert_num_queries(9):
        client.get(url_of(collection))


def test_page_of_a_collection_tells_what_fills_it(client, editor, collection):
    page = client.get(
        reverse("admin:aggregator_collection_change", args=[collection.pk])
    ).content.decode()
    assert url_of(collection) in page
    assert "3 headlines that came by themselves" in page
    assert "0 picks of editors" in page
