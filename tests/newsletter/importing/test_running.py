"""Bringing subscribers in: looked at first, then in steps that may be cut off anywhere."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile

from newsletter import suppression
from newsletter.importing import running
from newsletter.models import (
    MailSettings,
    Subscriber,
    SubscriberEvent,
    SubscriberImport,
    UnansweredAddress,
)
from newsletter.subscribing import unanswered
from tests.factories import make_subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder", "clock")]

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HEADER = "email,language,rhythm,consent_at,consent_form,consent_text,confirmed_at\n"
State = Subscriber.State
Phase = SubscriberImport.State


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def upload(text):
    name = running.files().save("imports/a.csv", ContentFile(text.encode()))
    return SubscriberImport.objects.create(name="a.csv", file=name)


def look_at(text):
    work = upload(text)
    assert running.run(work.pk)
    work.refresh_from_db()
    return work


def bring_in(text):
    work = look_at(text)
    assert running.start_applying(work)
    assert running.run(work.pk)
    work.refresh_from_db()
    return work


def lines_of(work):
    return [(line.line, line.result, line.note) for line in work.lines.all()]


def test_line_becomes_a_subscriber_with_her_consent():
    MailSettings(default_rhythm="weekly").save()
    work = bring_in(
        HEADER
        + "Я@пошта.укр,uk-UA,weekdays,2024-02-03T10:00:00Z,https://old.example/,Раз на день,"
        + "2024-02-03 12:30\n"
        + "b@example.org,,,,,,2024-02-04\n"
    )

    assert (work.state, work.counts) == (Phase.DONE, {"new": 2})
    first, second = Subscriber.objects.order_by("confirmed_at")
    assert (first.email, first.state, first.language, first.rhythm) == (
        *("Я@пошта.укр", State.ACTIVE, "uk", "weekdays"),
    )
    assert first.created_at == datetime(2024, 2, 3, 10, tzinfo=UTC)
    assert first.confirmed_at == datetime(2024, 2, 3, 12, 30, tzinfo=UTC)
    assert (first.consent_form, first.consent_text) == ("https://old.example/", "Раз на день")
    assert (second.language, second.rhythm) == ("en", "weekly")
    assert second.created_at == second.confirmed_at == datetime(2024, 2, 4, tzinfo=UTC)
    assert [event.detail for event in first.events.all()] == [{"import": work.pk, "line": 2}]
    assert not running.files().exists(work.file)


def test_looking_writes_no_subscriber_and_tells_every_line():
    make_subscriber(email="here@example.org")
    make_subscriber(email="left@example.org", state=State.UNSUBSCRIBED)
    make_subscriber(email="stopped@example.org", state=State.SUPPRESSED)
    make_subscriber(email="pending@example.org", state=State.PENDING, confirmed_at=None)
    suppression.remember([("gone@example.org", "hard")], now=NOW)
    unanswered.remember([("silent@example.org", 3), ("once@example.org", 1)], now=NOW)
    before = list(Subscriber.objects.order_by("id").values())
    names = "new here left stopped pending gone silent once NEW".split()
    work = look_at(
        HEADER
        + "".join(f"{name}@example.org,,,,,,2024-01-01\n" for name in names)
        + "nobody,,,,,,2024-01-01\na@example.org,,,,,,\nb@example.org,xx,,,,,2024-01-01\n"
        + "c@example.org,,hourly,,,,2024-01-01\nd@example.org,,,,,,1.2.2024\n"
        + "e@example.org,,,,,,2031-01-01\nf@example.org,,,,,,9999-12-31T23:59-10:00\n"
        + 'g@example.org,,,,,"x"x,2024-01-01\n'
    )

    assert list(Subscriber.objects.order_by("id").values()) == before
    assert work.state == Phase.CHECKED
    assert lines_of(work) == [
        (3, "here", ""),
        (4, "left", ""),
        (5, "suppressed", ""),
        (6, "confirmed", ""),
        (7, "suppressed", ""),
        (8, "refused", ""),
        (10, "twice", ""),
        (11, "bad", "This is no e-mail address."),
        (12, "bad", "It does not say when the address was confirmed."),
        (13, "bad", "The language is none of ours."),
        (14, "bad", "The rhythm is none of ours."),
        (15, "bad", "A date is not written as 2026-11-28 or 2026-11-28 12:30."),
        (16, "bad", "A date lies in the future, or before there were newsletters."),
        (17, "bad", "A date lies too far away."),
        (18, "bad", "It cannot be read: bytes, quotes or cells that do not belong there."),
    ]
    assert work.counts == dict(
        Counter(["new"] * 2 + [result for _line, result, _note in lines_of(work)])
    )


def test_nobody_who_left_or_was_stopped_comes_back_and_who_is_here_stays_as_she_is():
    kept = [
        make_subscriber(email="here@example.org", rhythm="each", consent_text="Ours."),
        make_subscriber(email="left@example.org", state=State.UNSUBSCRIBED),
        make_subscriber(email="stopped@example.org", state=State.SUPPRESSED),
    ]
    suppression.remember([("gone@example.org", "hard")], now=NOW)
    before = list(Subscriber.objects.order_by("id").values())
    names = [*(row.email for row in kept), "gone@example.org", "HERE@Example.org"]
    bring_in(HEADER + "".join(f"{name},,weekly,,,Theirs.,2024-01-01\n" for name in names))

    assert list(Subscriber.objects.order_by("id").values()) == before
    assert SubscriberEvent.objects.count() == 0


def test_who_had_not_confirmed_here_is_taken_at_the_files_word():
    make_subscriber(
        email="a@example.org", state=State.PENDING, confirmed_at=None, confirmations_sent=2
    )
    bring_in(HEADER + "a@example.org,,,,/old/,Theirs.,2024-01-01\n")

    row = Subscriber.objects.get()
    assert (row.state, row.confirmations_sent, row.consent_form) == (State.ACTIVE, 0, "/old/")


def test_file_may_be_brought_in_twice():
    text = HEADER + "".join(f"a{n}@example.org,,,,,,2024-01-01\n" for n in range(20))
    bring_in(text)
    before = list(Subscriber.objects.order_by("id").values())
    again = bring_in(text)

    assert again.counts == {"here": 20}
    assert list(Subscriber.objects.order_by("id").values()) == before


def test_long_import_works_in_turns(monkeypatch):
    monkeypatch.setattr(running, "STEP", 10)
    text = HEADER + "".join(f"a{n}@example.org,,,,,,2024-01-01\n" for n in range(25))
    work = look_at(text)
    running.start_applying(work)
    turns = [running.run(work.pk, budget_s=0) for _ in range(4)]

    assert turns == [False, False, False, True]
    assert Subscriber.objects.count() == 25


def test_import_is_stopped_in_the_middle_and_what_came_in_stays(monkeypatch):
    monkeypatch.setattr(running, "STEP", 10)
    text = HEADER + "".join(f"a{n}@example.org,,,,,,2024-01-01\n" for n in range(25))
    work = look_at(text)
    running.start_applying(work)
    running.run(work.pk, budget_s=0)
    assert running.cancel(work, now=NOW)
    assert running.run(work.pk)

    assert Subscriber.objects.count() == 10
    assert not running.files().exists(work.file)
    assert not running.start_applying(work)


@pytest.mark.parametrize("text", ["", "name,address\nx,y\n", "email\na@b.org\n"])
def test_file_that_is_no_list_says_so(text):
    work = look_at(text)

    assert work.state == Phase.FAILED
    assert "confirmed_at" in work.reason
    assert not running.files().exists(work.file)


def test_file_that_is_gone_says_so():
    work = SubscriberImport.objects.create(name="a.csv", file="imports/none.csv")
    running.run(work.pk)
    work.refresh_from_db()

    assert (work.state, work.reason) == (Phase.FAILED, "The file is not there any more.")


def test_lines_told_are_not_without_end(monkeypatch):
    monkeypatch.setattr(running, "STEP", 10)
    monkeypatch.setattr(running, "MOST_TOLD", 15)
    work = look_at(HEADER + "x,,,,,,\n" * 40)

    assert work.counts == {"bad": 40}
    assert work.lines.count() == 15


def test_file_that_nobody_brings_in_is_thrown_away_after_a_week():
    work = look_at(HEADER + "a@example.org,,,,,,2024-01-01\n")
    assert running.forget_old(now=NOW + timedelta(days=6)) == 0
    assert running.forget_old(now=NOW + timedelta(days=8)) == 1
    assert not running.files().exists(work.file)


def test_counts_of_unanswered_mails_go_when_the_file_speaks_for_her():
    unanswered.remember([("a@example.org", 1)], now=NOW)
    bring_in(HEADER + "a@example.org,,,,,,2024-01-01\n")

    assert UnansweredAddress.objects.count() == 0
