"""The editors' pages of editions."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aggregator.models import Glance
from blog.models import AuditEntry, SiteSettings
from newsletter.editions.clock import turn
from newsletter.editions.collecting import collect
from newsletter.models import Delivery, Digest, Edition
from tests.factories import (
    make_delivery,
    make_digest,
    make_edition,
    make_member,
    make_post,
    make_subscriber,
)
from tests.newsletter.editions.test_collecting import DUE, HOUR, NOW, START, make_open, new_post

pytestmark = pytest.mark.django_db

State = Edition.State


@pytest.fixture(autouse=True)
def _at_its_time():
    Digest.objects.all().delete()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def editor(client):
    client.force_login(make_member("editor", username="olena", email="olena@example.org"))
    return client


@pytest.fixture
def edition():
    """The next edition of the daily digest, with three posts."""
    found = make_open(make_digest(audience="daily", title="The daily review"), slot_at=DUE)
    for number in range(3):
        new_post(f"Post {number}", DUE - (number + 1) * HOUR)
    collect(found.pk, now=NOW)
    return found


def page(edition, name="change", *more):
    return reverse(f"admin:newsletter_edition_{name}", args=[edition.pk, *more])


def told(response):
    """What the page says of the last deed."""
    return [str(message) for message in response.context["messages"]][-1:]


def titles(edition):
    return [item.title for item in edition.items.all()]


def deeds_kept():
    return list(AuditEntry.objects.exclude(words="").order_by("pk").values_list("words", flat=True))


def test_list_takes_as_many_queries_for_30_rows_as_for_one(editor):
    counts = []
    digest = make_digest()
    for rows in (1, 29):
        for number in range(rows):
            make_edition(digest=digest, due_at=START + number * HOUR + rows * 90 * HOUR)
        with CaptureQueriesContext(connection) as queries:
            assert len(editor.get(page_of_list()).context["cl"].result_list) > 0
        counts.append(len(queries))
    assert counts[0] == counts[1] < 12


def page_of_list():
    return reverse("admin:newsletter_edition_changelist")


def test_page_shows_what_it_will_hold(editor, edition):
    response = editor.get(page(edition))
    shown = response.content.decode()
    assert [item.title for part in response.context["parts"] for item in part.items] == [
        "Post 0",
        "Post 1",
        "Post 2",
    ]
    assert 'placeholder="Post 0 · Post 1"' in shown
    assert "collecting" in shown
    assert response.context["mail"].html_bytes > 1000


def test_page_takes_as_many_queries_for_30_items_as_for_three(editor, edition):
    counts = []
    editor.get(page(edition))  # the first visit of a process learns what kinds of rows there are
    for more in (0, 27):
        for number in range(more):
            new_post(f"More {number}", START + timedelta(minutes=number))
        collect(edition.pk, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            editor.get(page(edition))
        counts.append(len(queries))
    assert counts[0] == counts[1] < 25


def test_words_are_stored_and_kept_in_the_audit(editor, edition):
    form = {"subject": "Ours", "intro": "Hello"}
    response = editor.post(page(edition), form, follow=True)
    edition.refresh_from_db()
    assert (edition.subject, edition.intro) == ("Ours", "Hello")
    assert response.status_code == 200
    (entry,) = AuditEntry.objects.filter(kind=AuditEntry.Kind.CHANGED)
    assert {change["new"] for change in entry.changes} == {"Ours", "Hello"}


def test_words_that_come_too_late_change_nothing(editor, edition):
    Edition.objects.filter(pk=edition.pk).update(state=State.SENDING)
    editor.post(page(edition), {"subject": "Ours", "intro": "Hello"})
    edition.refresh_from_db()
    assert (edition.subject, edition.state) == ("", State.SENDING)


def test_items_are_moved_left_out_and_put_back(editor, edition):
    last = edition.items.get(title="Post 2")
    response = editor.post(page(edition, "move", last.pk, "up"))
    assert response.url == f"{page(edition)}#item-{last.pk}"
    assert titles(edition) == ["Post 0", "Post 2", "Post 1"]
    editor.post(page(edition, "move", last.pk, "top"))
    assert titles(edition) == ["Post 2", "Post 0", "Post 1"]
    editor.post(page(edition, "move", last.pk, "drop"))
    assert edition.items.get(is_dropped=True) == last
    editor.post(page(edition, "move", last.pk, "restore"))
    assert not edition.items.filter(is_dropped=True).exists()
    assert editor.post(page(edition, "move", last.pk, "away")).status_code == 404
    assert deeds_kept() == [
        "Moved up: Post 2",
        "Moved to the top: Post 2",
        "Left out: Post 2",
        "Put back: Post 2",
    ]


def test_sending_asks_with_the_count_and_goes_once(editor, edition):
    for _ in range(3):
        make_subscriber()
    make_subscriber(state="unsubscribed")
    make_subscriber(rhythm="weekly")
    asked = editor.get(page(edition, "send"))
    assert (asked.context["count"], asked.context["items"]) == (3, 3)
    edition.refresh_from_db()
    assert edition.due_at == DUE
    assert told(editor.post(page(edition, "send"), follow=True)) == ["Goes out within a minute."]
    second = told(editor.post(page(edition, "send"), follow=True))
    assert second == ["Nothing was changed: it has come farther meanwhile, or you pressed twice."]
    turn(now=NOW)
    edition.refresh_from_db()
    assert (edition.state, edition.approved_by.username) == (State.SENDING, "olena")
    assert edition.deliveries.count() == 3
    assert deeds_kept() == ["Goes out within a minute."]


def test_approving(editor, edition):
    Digest.objects.update(needs_approval=True)
    assert b"/approve/" in editor.get(page(edition)).content
    editor.post(page(edition, "approve"))
    edition.refresh_from_db()
    assert edition.approved_by.username == "olena"
    assert b"/approve/" not in editor.get(page(edition)).content


def test_scheduling_is_by_the_sites_clock_and_never_in_the_past(editor, edition):
    SiteSettings(time_zone="Europe/Kyiv").save()
    editor.post(page(edition, "schedule"), {"due_at": "2026-11-24T18:30"})
    edition.refresh_from_db()
    assert edition.due_at == datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    for at in ("2026-11-23T18:30", "2028-01-01T18:30", "tomorrow"):
        form = {"due_at": at}
        assert told(editor.post(page(edition, "schedule"), form, follow=True)) == [
            "Give a day and an hour to come, within a year."
        ]
    edition.refresh_from_db()
    assert edition.due_at == datetime(2026, 11, 24, 16, 30, tzinfo=UTC)


@pytest.mark.parametrize(("form", "start"), [({}, START), ({"with_items": "1"}, NOW)])
def test_cancelling_asks_what_becomes_of_its_items(editor, edition, form, start):
    assert editor.get(page(edition, "cancel")).status_code == 200
    editor.post(page(edition, "cancel"), form)
    edition.refresh_from_db()
    assert edition.state == State.CANCELLED
    turn(now=NOW)
    assert Edition.objects.get(state=State.OPEN).window_start == start


def test_cancelling_on_its_way_says_how_much_has_not_left(editor, edition):
    turn(now=DUE)
    for state in ("queued", "queued", "sent"):
        make_delivery(edition=edition, state=state)
    assert editor.get(page(edition, "cancel")).context["left"] == 2
    shown = editor.get(page(edition)).context["progress"]
    assert [(str(label), count) for label, count in shown] == [("queued", 2), ("sent", 1)]
    editor.post(page(edition, "cancel"))
    edition.refresh_from_db()
    assert edition.state == State.CANCELLED


def test_pausing_and_going_on(editor, edition):
    assert told(editor.post(page(edition, "pause"), follow=True))[0].startswith("Nothing")
    turn(now=DUE)
    editor.post(page(edition, "pause"))
    edition.refresh_from_db()
    assert edition.state == State.PAUSED
    editor.post(page(edition, "resume"))
    edition.refresh_from_db()
    assert edition.state == State.SENDING


def test_late_one_asks_on_its_page(editor, edition):
    turn(now=DUE + 7 * HOUR)
    shown = editor.get(page(edition)).content.decode()
    assert "Does it go now, or not at all?" in shown
    assert b"comes out of a backup" in editor.get(page(edition, "send")).content


def test_unknown_mails_are_decided_by_an_editor(editor, edition):
    Edition.objects.filter(pk=edition.pk).update(state=State.SENT)
    first, second = (make_delivery(edition=edition, state=Delivery.State.UNKNOWN) for _ in range(2))
    assert b"nobody knows whether they arrived" in editor.get(page(edition)).content
    assert list(editor.get(page(edition, "unknown")).context["rows"]) == [first, second]
    editor.post(page(edition, "unknown"), {"delivery": [first.pk], "fate": "arrived"})
    editor.post(page(edition, "unknown"), {"delivery": [second.pk, "x"], "fate": "again"})
    assert sorted(edition.deliveries.values_list("state", flat=True)) == ["queued", "sent"]
    edition.refresh_from_db()
    assert edition.state == State.SENDING


def test_addresses_of_subscribers_are_shown_to_no_editor(editor, edition):
    make_delivery(
        edition=edition,
        state=Delivery.State.UNKNOWN,
        subscriber=make_subscriber(email="private@example.org"),
    )
    for name in ("change", "unknown", "cancel", "send", "preview", "mail"):
        assert b"private@example.org" not in editor.get(page(edition, name)).content


def test_preview_shows_the_mail_in_a_frame_that_may_do_nothing(editor, edition):
    look = editor.get(page(edition, "preview"), {"language": "uk"})
    assert look.content.count(b"<iframe") == 2
    assert b" sandbox src=" in look.content
    assert "frame-src 'self'" in look["Content-Security-Policy"]
    assert "24 листопада 2026" in look.content.decode()

    mail = editor.get(page(edition, "mail"), {"language": "uk"})
    assert mail.content.startswith(b'<!DOCTYPE html><html lang="uk"')
    policy = mail["Content-Security-Policy"]
    assert "default-src 'none'; style-src 'unsafe-inline'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert mail["X-Frame-Options"] == "SAMEORIGIN"
    assert Edition.objects.get(pk=edition.pk).variants.count() == 0


def test_test_mail_goes_to_the_editor_and_to_nobody_else(editor, edition, smtp):
    make_subscriber()
    editor.post(page(edition, "trial"), {"language": "uk"})
    (envelope,) = smtp.envelopes
    assert envelope.rcpt_tos == ["olena@example.org"]
    (message,) = smtp.messages
    assert message["Subject"] == "Test: Post 0 · Post 1"
    assert message["To"] == "olena@example.org"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    text = message.get_body(("plain",)).get_content()
    assert "Post 2" in text
    token = re.search(r"/subscription/([^/]+)/", text)[1]
    assert editor.get(f"/subscription/{token}/").status_code == 404
    assert edition.deliveries.count() == 0


def test_editor_without_an_address_gets_no_test_mail(client, edition, smtp):
    client.force_login(make_member("editor", email=""))
    assert told(client.post(page(edition, "trial"), follow=True)) == [
        "Your account has no e-mail address."
    ]
    assert smtp.envelopes == []


def test_links_are_looked_at_by_the_poller(editor, edition):
    edition.items.filter(title="Post 0").update(url="https://outlet.example/a")
    told(editor.post(page(edition, "links"), follow=True))
    (glance,) = Glance.objects.all()
    assert (glance.address, glance.asked_by.username) == ("https://outlet.example/a", "olena")
    assert b"1 address is still being looked at." in editor.get(page(edition)).content
    Glance.objects.update(state=Glance.State.FAILED, error="The site says that it is gone.")
    shown = editor.get(page(edition)).content
    assert b"The site says that it is gone." in shown
    editor.post(page(edition, "links"))
    assert Glance.objects.count() == 1


def test_post_is_mailed_from_its_own_page(editor):
    for rhythm in ("each", "daily"):
        make_subscriber(rhythm=rhythm)
    post = make_post(title="News")
    path = reverse("admin:newsletter_post_mail", args=[post.pk])
    assert path in editor.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
    asked = editor.get(path)
    assert (asked.context["each"], asked.context["everybody"]) == (1, 2)
    assert Edition.objects.count() == 0
    editor.post(path, {"kind": "breaking"})
    second = editor.post(path, {"kind": "breaking"}, follow=True)
    assert told(second) == ["This post goes out so already. Nothing was done."]
    turn(now=NOW)
    edition = Edition.objects.get(kind="breaking")
    assert (edition.state, edition.deliveries.count()) == (State.SENDING, 2)
    assert deeds_kept() == ["Post mailed: News"]


@pytest.mark.parametrize("status", ["draft", "review", "withdrawn"])
def test_what_is_not_public_is_never_mailed(editor, status):
    post = make_post(status=status)
    path = reverse("admin:newsletter_post_mail", args=[post.pk])
    assert b"drafts are never mailed" in editor.get(path).content
    editor.post(path, {"kind": "post"})
    editor.post(path, {"kind": "breaking"})
    assert Edition.objects.count() == 0


def test_author_is_offered_no_mailing(client):
    author = make_member("author")
    client.force_login(author)
    post = make_post(created_by=author)
    shown = client.get(reverse("admin:blog_post_change", args=[post.pk])).content.decode()
    assert reverse("admin:newsletter_post_mail", args=[post.pk]) not in shown
