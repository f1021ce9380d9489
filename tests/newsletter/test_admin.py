from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.models import Subscriber
from tests.factories import make_editor, make_subscriber

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/subscriber/"
State = Subscriber.State


@pytest.fixture
def editor(client):
    client.force_login(make_editor())
    return client


def found(response):
    return sorted(subscriber.email for subscriber in response.context["cl"].result_list)


def test_list_takes_as_many_queries_for_30_rows_as_for_one(editor):
    counts = []
    for rows in (1, 29):
        for _ in range(rows):
            make_subscriber()
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(LIST).status_code == 200
        counts.append(len(queries))

    assert Subscriber.objects.count() == 30
    assert counts == [5, 5]


@pytest.mark.parametrize("query", ["читач@пошта.укр", "ЧИТАЧ@XN--80A1ACN3A.XN--J1AMH", "читач"])
def test_search_finds_an_address_in_every_spelling(editor, query):
    make_subscriber(email="читач@пошта.укр")
    make_subscriber(email="writer@example.org")

    assert found(editor.get(LIST, {"q": query})) == ["читач@пошта.укр"]


def test_filter_by_state(editor):
    make_subscriber(email="active@example.org")
    make_subscriber(email="left@example.org", state=State.UNSUBSCRIBED)

    assert found(editor.get(LIST, {"state__exact": "unsubscribed"})) == ["left@example.org"]


def test_consent_can_be_read_and_not_written(editor):
    subscriber = make_subscriber(
        state=State.PENDING, confirmed_at=None, consent_form="/archive/", consent_text="One a day."
    )
    path = f"{LIST}{subscriber.pk}/change/"
    page = editor.get(path)
    assert list(page.context["adminform"].form.fields) == ["language"]
    assert b"/archive/" in page.content
    assert b"One a day." in page.content

    editor.post(path, {"language": "uk", "state": "active", "email": "x@example.org"})
    after = Subscriber.objects.get()
    assert (after.language, after.state, after.email) == ("uk", State.PENDING, subscriber.email)


def test_subscriber_cannot_be_made_by_hand(editor):
    assert editor.get(f"{LIST}add/").status_code == 403
    assert editor.post(f"{LIST}add/", {"email": "x@example.org"}).status_code == 403
    assert Subscriber.objects.count() == 0


def test_unsubscribing_the_selected(editor):
    leaving, staying = make_subscriber(), make_subscriber()
    long_gone = make_subscriber(
        state=State.UNSUBSCRIBED, unsubscribed_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    form = {"action": "unsubscribe", "_selected_action": [leaving.pk, long_gone.pk]}
    asked = editor.post(LIST, form)
    assert (asked.context["count"], asked.context["action"]) == (2, "unsubscribe")
    assert Subscriber.objects.active().count() == 2
    response = editor.post(LIST, form | {"confirmed": "1"}, follow=True)

    assert [str(message) for message in response.context["messages"]] == ["1 address unsubscribed."]
    assert list(Subscriber.objects.active()) == [staying]
    long_gone.refresh_from_db()
    assert long_gone.unsubscribed_at == datetime(2026, 1, 1, tzinfo=UTC)
