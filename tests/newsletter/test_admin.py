from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter.models import Delivery, Subscriber, UnansweredAddress
from tests.factories import make_delivery, make_digest, make_editor, make_subscriber

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
    assert counts == [6, 6]


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
    assert list(page.context["adminform"].form.fields) == [
        *("language", "rhythm", "hour", "time_zone", "paused_until"),
    ]
    assert b"/archive/" in page.content
    assert b"One a day." in page.content

    fields = {"language": "uk", "rhythm": "weekly", "paused_until": "2027-01-01"}
    editor.post(path, fields | {"state": "active", "email": "x@example.org"})
    after = Subscriber.objects.get()
    assert (after.language, after.state, after.email) == ("uk", State.PENDING, subscriber.email)
    assert (after.rhythm, str(after.paused_until)) == ("weekly", "2027-01-01")
    assert [event.detail for event in after.events.all()] == [
        {
            "by": "newsroom",
            "language": ["en", "uk"],
            "rhythm": ["daily", "weekly"],
            "paused_until": "2027-01-01",
        }
    ]


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


def test_filters_by_rhythm_and_by_list(editor):
    digest = make_digest()
    make_digest()
    chosen = make_subscriber(email="sunday@example.org", rhythm="weekly")
    chosen.digests.add(digest)
    make_subscriber(email="daily@example.org")

    assert found(editor.get(LIST, {"rhythm__exact": "weekly"})) == ["sunday@example.org"]
    assert found(editor.get(LIST, {"list": digest.pk})) == ["sunday@example.org"]


def test_saving_one_choice_writes_nothing_else(editor):
    subscriber = make_subscriber()
    path = f"{LIST}{subscriber.pk}/change/"
    with CaptureQueriesContext(connection) as queries:
        editor.post(path, {"language": "en", "rhythm": "each"})
    written = [q["sql"] for q in queries if q["sql"].startswith('UPDATE "newsletter_subscriber"')]

    assert len(written) == 1
    assert written[0].startswith('UPDATE "newsletter_subscriber" SET "rhythm" = ')
    assert Subscriber.objects.get().rhythm == "each"


def test_deleting_erases_as_she_could_herself(editor):
    row = make_delivery(answer="250 <x@example.org> ok")
    editor.post(f"{LIST}{row.subscriber_id}/delete/", {"post": "yes"})

    row.refresh_from_db()
    assert (row.subscriber_id, row.state, row.answer) == (None, "dropped", "")


def test_deleting_the_selected_erases_each(editor):
    rows = [make_delivery(answer="250 <x@example.org> ok") for _ in range(2)]
    silent = make_subscriber(state=State.PENDING, confirmed_at=None, confirmations_sent=3)
    chosen = [*(row.subscriber_id for row in rows), silent.pk]
    form = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    editor.post(LIST, form)

    assert Subscriber.objects.count() == 0
    assert {row.answer for row in Delivery.objects.all()} == {""}
    assert UnansweredAddress.objects.count() == 0  # so her owner can be asked anew


def test_page_of_a_subscriber_tells_and_asks_in_few_queries(editor):
    counts = []
    subscriber = make_subscriber()
    editor.get(f"{LIST}{subscriber.pk}/change/")  # the first one looks content types up
    for more in (1, 20):
        for _ in range(more):
            make_delivery(subscriber=subscriber)
        with CaptureQueriesContext(connection) as queries:
            page = editor.get(f"{LIST}{subscriber.pk}/change/").content.decode()
        counts.append(len(queries))

    assert 'class="history"' in page
    assert f'action="{LIST}{subscriber.pk}/why/"' in page
    assert counts[0] == counts[1] == 13


def test_why_is_answered_for_a_chosen_edition_and_for_one_by_number(editor):
    row = make_delivery(state="failed", code=550, answer="<b>no</b>")
    path = f"{LIST}{row.subscriber_id}/why/"
    for query in ({"edition": row.edition_id}, {"number": row.edition_id}):
        page = editor.get(path, query).content.decode()
        assert "No: the mail server refused it for good." in page
        assert "550 &lt;b&gt;no&lt;/b&gt;" in page
    for query in ({}, {"number": 0}, {"number": "x"}, {"edition": 999_999}, {"number": 10**20}):
        page = editor.get(path, query)
        assert page.status_code == 200
        assert b"Choose an edition." in page.content
    assert editor.get(f"{LIST}999999/why/").status_code == 404


def test_form_for_other_sites_is_shown_as_text(editor):
    page = editor.get(f"{LIST}form/").content.decode()

    assert "&lt;form action=&quot;" in page
    assert "/subscribe/&quot; method=&quot;post&quot;" in page
    assert "csrf" not in page.split("<textarea")[1].split("</textarea>")[0]
