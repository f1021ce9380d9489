from collections import Counter
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from newsletter import envelope
from newsletter.models import Bounce, Delivery, Edition, Subscriber
from newsletter.sending.outcomes import Fate
from newsletter.sending.sender import Options, Sender
from tests.factories import (
    LONG_AGO,
    make_delivery,
    make_edition,
    make_editor,
    make_subscriber,
    make_variant,
)

pytestmark = pytest.mark.django_db

State = Delivery.State


def going(**fields):
    """An edition that somebody has just let go, all of its rows written."""
    now = timezone.now()
    return make_edition(**{"alive_at": now, "frozen_at": now, "prepared_at": now} | fields)


def send(**options):
    options = {
        "connections": 2,
        "batch": 10,
        "lease": timedelta(minutes=5),
        "retry_after": [timedelta(minutes=1), timedelta(minutes=5)],
    } | options
    return Sender(Options(**options)).run(forever=False)


def states():
    return Counter(Delivery.objects.values_list("state", flat=True))


def test_sender_sends_each_mail_once_and_calls_the_edition_sent(smtp, settings):
    settings.BOUNCE_ADDRESS = "mail@lists.example"
    edition = going()
    rows = [make_delivery(edition=edition) for _ in range(25)]

    counts = send()

    assert counts == {Fate.ACCEPTED: 25}
    got = {envelope.rcpt_tos[0]: envelope for envelope in smtp.envelopes}
    assert len(smtp.envelopes) == 25
    assert set(got) == set(Subscriber.objects.values_list("email", flat=True))
    for row in rows:
        assert got[row.subscriber.email].mail_from == envelope.return_path(row.pk)
    assert {message["Message-ID"] for message in smtp.messages} == {
        f"<{row.message_id}>" for row in rows
    }
    assert states() == {State.SENT: 25}
    row = Delivery.objects.first()
    assert (row.code, row.answer, row.attempts, row.lease_until) == (250, "OK", 1, None)
    edition.refresh_from_db()
    assert edition.state == Edition.State.SENT
    assert edition.finished_at is not None


def test_sender_leaves_out_who_has_left_and_what_is_not_due(smtp):
    edition = going()
    wanted = make_delivery(edition=edition)
    gone = [
        make_delivery(edition=edition, subscriber=make_subscriber(state=state))
        for state in (Subscriber.State.UNSUBSCRIBED, Subscriber.State.SUPPRESSED)
    ]
    erased = make_delivery(edition=edition)
    erased.subscriber.delete()
    later = make_delivery(edition=edition, due_at=timezone.now() + timedelta(hours=1))
    others = [
        make_delivery(edition=make_edition(state=state)) for state in (Edition.State.PAUSED, "open")
    ]

    send()

    assert [got.rcpt_tos for got in smtp.envelopes] == [[wanted.subscriber.email]]
    for row in [*gone, erased]:
        row.refresh_from_db()
        assert (row.state, row.claimed_by) == (State.DROPPED, None)
        assert row.finished_at is not None
    for row in [later, *others]:
        row.refresh_from_db()
        assert (row.state, row.claimed_by) == (State.QUEUED, None)
    edition.refresh_from_db()
    assert edition.state == Edition.State.SENDING


def test_refused_mail_is_a_bounce_and_stops_nobody_else(smtp):
    edition = going()
    bad, *others = [make_delivery(edition=edition) for _ in range(5)]
    smtp.refused = {bad.subscriber.email: "550 5.1.1 No such user"}

    counts = send()

    assert counts == {Fate.ACCEPTED: 4, Fate.REFUSED: 1}
    bad.refresh_from_db()
    assert (bad.state, bad.code, bad.answer) == (State.FAILED, 550, "5.1.1 No such user")
    bounce = Bounce.objects.get()
    assert (bounce.subscriber, bounce.kind, bounce.status) == (bad.subscriber, "hard", "5.1.1")
    bad.subscriber.refresh_from_db()
    assert bad.subscriber.state == Subscriber.State.SUPPRESSED
    assert len(smtp.envelopes) == len(others)


def test_deferred_mail_waits_for_its_next_tries_and_is_given_up_after_the_last(smtp):
    smtp.data_answer = "452 4.2.2 Mailbox full"
    row = make_delivery(edition=going())

    for attempt, minutes in [(1, 1), (2, 5)]:
        Delivery.objects.update(due_at=LONG_AGO)
        send()
        row.refresh_from_db()
        assert (row.state, row.attempts, row.code) == (State.QUEUED, attempt, 452)
        assert Bounce.objects.count() == 0
        pause = (row.due_at - timezone.now()).total_seconds() / 60
        assert pause == pytest.approx(minutes, rel=0.15)
    Delivery.objects.update(due_at=LONG_AGO)
    send()

    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.EXPIRED, 3)
    assert row.finished_at is not None
    bounce = Bounce.objects.get()
    assert (bounce.delivery, bounce.kind, bounce.status) == (row, "quota", "4.2.2")
    smtp.data_answer = "250 OK"
    send()
    assert smtp.envelopes == []


def test_mail_whose_answer_is_lost_stays_unknown_and_is_not_sent_again(smtp):
    smtp.hangs_up = True
    row = make_delivery(edition=going())

    assert send() == {Fate.LOST: 1}
    smtp.hangs_up = False
    assert send() == {}

    row.refresh_from_db()
    assert (row.state, row.lease_until, row.code) == (State.UNKNOWN, None, None)
    assert row.handed_over_at is not None
    assert len(smtp.envelopes) == 1  # the server had taken it
    row.edition.refresh_from_db()
    assert row.edition.state == Edition.State.SENT


def test_abandoned_edition_is_paused_before_anything_of_it_leaves(smtp):
    now = timezone.now()
    row = make_delivery(edition=going(alive_at=now - timedelta(hours=2)))

    send()

    row.edition.refresh_from_db()
    assert row.edition.state == Edition.State.PAUSED
    assert row.edition.reason.startswith("Nothing was sent for an hour")
    assert smtp.envelopes == []


def test_edition_whose_first_mails_fail_is_paused_once_and_editors_are_told(smtp):
    editor = make_editor()
    edition = going()
    rows = [make_delivery(edition=edition) for _ in range(30)]
    smtp.refused = {row.subscriber.email: "554 5.7.1 Spam" for row in rows}

    send(connections=1)

    edition.refresh_from_db()
    assert edition.state == Edition.State.PAUSED
    assert edition.reason == "Of the first 11 mails 11 failed."
    assert states() == {State.FAILED: 11, State.QUEUED: 19}
    (told,) = smtp.messages
    assert (told["To"], told["Subject"]) == (
        editor.email,
        f"The News And Times Review: {edition} is paused",
    )
    assert "Of the first 11 mails 11 failed." in told.get_body(["plain"]).get_content()
    link = f"http://testserver/admin/newsletter/edition/{edition.pk}/change/"
    assert link in told.get_body(["html"]).get_content()

    Edition.objects.update(state=Edition.State.SENDING)  # an editor lets it go on
    send(connections=1)

    assert states() == {State.FAILED: 30}


def test_failures_after_the_first_hundred_stop_nothing(smtp):
    edition = going()
    for _ in range(91):
        make_delivery(edition=edition, state=State.SENT)
    rows = [make_delivery(edition=edition) for _ in range(20)]
    smtp.refused = {row.subscriber.email: "550 5.1.1 Unknown" for row in rows}

    send()

    edition.refresh_from_db()
    assert edition.state == Edition.State.SENT
    assert states() == {State.FAILED: 20, State.SENT: 91}


def test_sender_hands_a_message_to_any_other_backend(settings):
    rows = [make_delivery(edition=going()) for _ in range(2)]

    assert send() == {Fate.ACCEPTED: 2}

    assert sorted(message.to for message in mail.outbox) == sorted(
        [row.subscriber.email] for row in rows
    )
    assert states() == {State.SENT: 2}


def test_international_address_gets_its_mail(smtp):
    make_delivery(edition=going(), subscriber=make_subscriber(email="читач@пошта.укр"))

    assert send() == {Fate.ACCEPTED: 1}

    assert smtp.envelopes[0].rcpt_tos == ["читач@пошта.укр"]
    assert smtp.messages[0]["To"] == "читач@пошта.укр"


def test_variants_go_to_their_own_readers(smtp):
    edition = going()
    for language in ("en", "uk"):
        variant = make_variant(edition, language=language, subject=language)
        for _ in range(3):
            make_delivery(edition=edition, variant=variant)

    send()

    wanted = Delivery.objects.values_list("subscriber__email", "variant__language")
    assert {(got["To"], got["Subject"]) for got in smtp.messages} == set(wanted)
