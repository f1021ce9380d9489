"""The Desk's pages: by plain forms, and as data for scripts."""

import uuid
from itertools import chain

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from aggregator.desk.listing import PAGE
from aggregator.models import Decision, Headline, Pick
from tests.aggregator.desk.desking import JSON, choose, shown_on, tell_together, wait
from tests.factories import make_collection, make_editor, make_feed, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_now")]
DESK = "/admin/desk/"


@pytest.fixture
def editor(client):
    editor = make_editor(first_name="Ada", last_name="L")
    client.force_login(editor)
    return editor


def form(headline, kind="pick", **fields):
    return {"key": str(uuid.uuid4()), "kind": kind, "headline": headline.pk, "known": 0} | fields


def own_queries(queries):
    """What was asked for the Desk: not who is logged in, and not what stands around every page."""
    around = ("django_session", '"blog_user" WHERE', "blog_sitesettings", "blog_navlink")
    return [q["sql"] for q in queries if not any(one in q["sql"][:3000] for one in around)]


def test_page_shows_rows_with_all_that_scripts_need(client, editor):
    headline = wait("<b>Title</b> & more", outlet="a.example", language="uk", minutes=3)
    page = client.get(DESK)
    text = page.content.decode()
    assert shown_on(page) == [headline.pk]
    assert "&lt;b&gt;Title&lt;/b&gt; &amp; more" in text
    assert f'id="h{headline.pk}"' in text
    assert 'data-known="0"' in text
    assert f'data-url="{headline.url}"' in text
    assert 'data-state="waiting"' in text
    assert 'lang="uk"' in text
    assert '<strong id="desk-left">1</strong>' in text


@pytest.mark.parametrize("count", [1, PAGE])
def test_first_screen_costs_five_queries(client, editor, count):
    make_collection()
    make_feed(folder="World")
    for at in range(count):
        tell_together(wait(minutes=2 * at), wait(minutes=2 * at + 1))
    choose(Headline.objects.first(), editor, "words", words={"title": "Ours"})
    client.get(DESK)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(DESK)
    assert len(shown_on(page)) == count
    assert len(own_queries(queries.captured_queries)) == 5


def test_rows_go_on_behind_a_cursor(client, editor):
    count = 2 * PAGE + 1
    for at in range(count):
        wait(minutes=at)
    page = client.get(DESK)
    screens = [shown_on(page)]
    while "desk-more" in (text := page.content.decode()):
        more = text.rpartition('data-rows="')[2].partition('"')[0]
        page = client.get(more.replace("&amp;", "&"))
        screens.append(shown_on(page))
    assert [len(screen) for screen in screens] == [PAGE, PAGE, 1]
    assert len({*chain(*screens)}) == count


def test_form_decides_and_leads_back_to_where_the_editor_was(client, editor):
    make_collection(title="Links")
    headline = wait(language="uk")
    back = f"{DESK}?language=uk"
    response = client.post(f"{DESK}decide/", form(headline, back=back), follow=True)
    assert response.redirect_chain == [(back, 302)]
    assert Pick.objects.get().headline == headline
    assert "picked into Links" in response.content.decode()
    undo = {"key": str(uuid.uuid4()), "decision": Decision.objects.get().pk, "back": back}
    client.post(f"{DESK}undo/", undo)
    assert shown_on(client.get(DESK)) == [headline.pk]


@pytest.mark.parametrize(
    "back", ["https://evil.example/admin/desk/", "//evil.example", "/admin/", "javascript:x", "\n"]
)
def test_form_leads_back_to_nowhere_else(client, editor, back):
    response = client.post(f"{DESK}decide/", form(wait(), "drop", back=back))
    assert response.url == DESK


def test_script_is_told_row_and_what_is_left(client, editor):
    make_collection(title="Links")
    headline = wait()
    wait()
    told = client.post(f"{DESK}decide/", form(headline), **JSON).json()
    decision = Decision.objects.get()
    assert 'data-state="decided"' in told["row"]
    assert f'data-known="{decision.pk}"' in told["row"]
    assert told["row"].startswith('<li class="desk-row"')
    del told["row"]
    assert told == {
        "decision": decision.pk,
        "kind": "pick",
        "said": "picked into Links",
        "left": "1",
        "undoable": True,
    }
    undone = client.post(f"{DESK}undo/", {"key": str(uuid.uuid4())}, **JSON).json()
    assert (undone["undone"], undone["left"]) == (decision.pk, "2")
    assert 'data-state="waiting"' in undone["row"]


def test_script_is_told_of_a_conflict_with_the_row_as_it_is(client, editor):
    headline = wait()
    first = choose(headline, make_editor(first_name="Ben"), "drop")
    response = client.post(f"{DESK}decide/", form(headline), **JSON)
    assert response.status_code == 409
    told = response.json()
    assert told["conflict"] is True
    assert told["said"].startswith("Ben was here before you")
    assert f'data-known="{first.pk}"' in told["row"]
    page = client.post(f"{DESK}decide/", form(headline), follow=True)
    assert "Ben was here before you" in page.content.decode()


@pytest.mark.parametrize(
    "change",
    [{"key": "x"}, {"kind": "destroy"}, {"headline": "x"}, {"kind": "undo"}, {"title": "x" * 301}],
)
def test_script_is_told_why_a_request_makes_no_sense(client, editor, change):
    response = client.post(f"{DESK}decide/", form(wait()) | change, **JSON)
    assert response.status_code == 422
    assert response.json()["error"]
    assert not Decision.objects.exists()
    assert client.post(f"{DESK}undo/", {"key": "x"}, **JSON).status_code == 422


def test_script_that_lost_its_login_is_told_and_led_nowhere(client):
    headline = wait()
    for response in (
        client.post(f"{DESK}decide/", form(headline), **JSON),
        client.get(f"{DESK}rows/", **JSON),
    ):
        assert (response.status_code, response["Content-Type"]) == (401, "application/json")
    assert client.get(DESK).status_code == 302
    assert not Decision.objects.exists()


def test_forged_request_changes_nothing():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor())
    response = client.post(f"{DESK}decide/", form(wait(), "drop"), **JSON)
    assert response.status_code == 403
    assert not Decision.objects.exists()


def test_who_may_look_but_not_pick_is_offered_and_allowed_no_more(client):
    looker = make_member("editor")
    looker.groups.clear()
    permission = "change_headline"
    looker.user_permissions.add(Permission.objects.get(codename=permission))
    client.force_login(looker)
    make_collection()
    headline = wait()
    text = client.get(DESK).content.decode()
    assert 'value="drop"' in text
    assert 'value="pick"' not in text
    assert client.post(f"{DESK}decide/", form(headline), **JSON).status_code == 403
    assert client.post(f"{DESK}decide/", form(headline)).status_code == 403
    assert not Pick.objects.exists()
    assert client.post(f"{DESK}decide/", form(headline, "drop"), **JSON).status_code == 200


def test_visiting_changes_nothing(client, editor):
    wait()
    for path in ("decide/", "undo/"):
        assert client.get(f"{DESK}{path}").status_code == 405
    assert client.post(DESK).status_code == 405
