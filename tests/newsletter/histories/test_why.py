"""Why somebody got an edition, or not: every answer that the ledger and the history give."""

from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.histories import history
from newsletter.histories.past import stood
from newsletter.histories.why import explain
from newsletter.models import (
    Bounce,
    Delivery,
    Digest,
    Edition,
    EditionItem,
    Subscriber,
    SubscriberEvent,
)
from newsletter.subscribing import signup
from tests.factories import (
    make_category,
    make_collection,
    make_delivery,
    make_digest,
    make_edition,
    make_post,
    make_subscriber,
    make_user,
    make_variant,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
State = Subscriber.State
Kind = SubscriberEvent.Kind


@pytest.fixture
def daily():
    return Digest.objects.get(audience="daily")


@pytest.fixture
def edition(daily):
    return make_edition(digest=daily, due_at=NOW, frozen_at=NOW, prepared_at=NOW, state="sent")


def put(edition, key="post:1", kind="post", **fields):
    return EditionItem.objects.create(
        edition=edition, key=key, kind=kind, title=key, url="/", at=NOW, **fields
    )


def ask(subscriber, edition, *, now=NOW + HOUR):
    answer = explain(subscriber, edition, now=now)
    return answer.verdict, answer.reasons


# --- With a row -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "verdict", "reasons"),
    [
        (
            {"state": "sent", "handed_over_at": NOW, "code": 250, "answer": "2.0.0 ok"},
            "Yes: the mail server took it (Nov. 23, 2026, noon).",
            ["The last word on it: 250 2.0.0 ok"],
        ),
        (
            {"state": "failed", "code": 550, "answer": "no such user"},
            "No: the mail server refused it for good.",
            ["The last word on it: 550 no such user"],
        ),
        ({"state": "expired"}, "No: given up after a day of tries.", []),
        (
            {"state": "unknown"},
            (
                "Nobody knows: the connection broke while it was handed over. It is not sent "
                "again unless an editor says so."
            ),
            [],
        ),
        (
            {"state": "unknown", "lease_until": NOW + DAY},
            "It is being handed over right now.",
            [],
        ),
        ({"state": "claimed"}, "It is being handed over right now.", []),
        ({"state": "queued", "due_at": NOW}, "Not yet: it waits.", ["Others are before it."]),
        (
            {"state": "queued", "due_at": NOW + 6 * HOUR},
            "Not yet: it waits.",
            ["It leaves at her own hour (Nov. 23, 2026, 6 p.m.)."],
        ),
        (
            {
                "state": "queued",
                "due_at": NOW + 2 * HOUR,
                "attempts": 2,
                "code": 451,
                "answer": "later",
            },
            "Not yet: it waits.",
            [
                "It was tried 2 times (the next try: Nov. 23, 2026, 2 p.m.).",
                "The last word on it: 451 later",
            ],
        ),
    ],
)
def test_row_of_the_ledger_tells(edition, fields, verdict, reasons):
    row = make_delivery(edition=edition, **fields)

    assert ask(row.subscriber, edition) == (verdict, reasons)


def test_mail_that_waits_for_a_paused_edition(daily):
    edition = make_edition(digest=daily, state="paused", reason="Too many bounced.")
    row = make_delivery(edition=edition)

    assert ask(row.subscriber, edition)[1] == ["The edition is paused. Too many bounced."]


def test_mail_that_was_dropped_because_she_left_or_it_was_cancelled(edition, daily):
    row = make_delivery(edition=edition, state="dropped", finished_at=NOW + HOUR)
    signup.unsubscribe(row.subscriber, now=NOW)
    assert ask(row.subscriber, edition) == (
        "No: it was left out before it could leave.",
        ["She had unsubscribed (Nov. 23, 2026, noon)."],
    )

    Edition.objects.update(state="cancelled")
    edition.refresh_from_db()
    assert ask(row.subscriber, edition)[1] == ["The edition was cancelled."]


def test_mail_that_came_back_and_held_only_part(edition):
    put(edition, "post:1")
    put(edition, "post:2")
    variant = make_variant(edition, item_keys=["post:1"])
    row = make_delivery(edition=edition, variant=variant, state="sent", handed_over_at=NOW)
    Bounce.objects.create(
        subscriber=row.subscriber,
        delivery=row,
        kind="hard",
        source="mail",
        at=NOW + DAY,
        diagnostic="user unknown",
        fingerprint="x",
    )

    assert ask(row.subscriber, edition)[1] == [
        "Later it came back (no such address, Nov. 24, 2026, noon): user unknown",
        (
            "Of its 2 items her mail held 1: the others are not of her topics, or had gone to "
            "her before."
        ),
    ]


# --- Without one ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("open", "Nobody got it: this edition is “collecting”."),
        ("skipped", "Nobody got it: this edition is “skipped: too little in it”."),
        ("cancelled", "Nobody got it: this edition is “cancelled”."),
    ],
)
def test_edition_that_nobody_got(daily, state, verdict):
    edition = make_edition(digest=daily, state=state, reason="Why", frozen_at=None)

    assert ask(make_subscriber(), edition) == (verdict, ["Why"])


def test_ledger_that_is_being_written(daily):
    edition = make_edition(digest=daily, state="sending", frozen_at=NOW, prepared_at=None)

    assert ask(make_subscriber(), edition)[0].startswith("Not yet: who gets this edition")


def test_who_had_not_confirmed(edition):
    subscriber = make_subscriber(confirmed_at=NOW + HOUR)
    history.note(subscriber, Kind.ASKED, now=NOW - HOUR)
    history.note(subscriber, Kind.CONFIRMED, now=NOW + HOUR)

    assert ask(subscriber, edition) == (
        "No: it was not meant for her.",
        [
            "She had not confirmed her subscription then.",
            (
                "She confirmed later (Nov. 23, 2026, 1 p.m.) than the edition was closed "
                "(Nov. 23, 2026, noon)."
            ),
        ],
    )


def test_who_had_left_and_came_back_later(edition):
    subscriber = make_subscriber()
    signup.unsubscribe(subscriber, now=NOW - DAY)
    signup.resubscribe(subscriber, now=NOW + DAY)

    assert ask(subscriber, edition)[1] == ["She had unsubscribed (Nov. 22, 2026, noon)."]


def test_whose_mail_was_stopped(edition):
    subscriber = make_subscriber(state=State.SUPPRESSED, suppressed_at=NOW - DAY)

    assert ask(subscriber, edition)[1] == [
        "Mail to her had been stopped (Nov. 22, 2026, noon): it came back, or was reported."
    ]


def test_whose_rhythm_was_another_then(edition):
    subscriber = make_subscriber(rhythm="daily")
    history.note(subscriber, Kind.CHANGED, now=NOW + DAY, rhythm=["weekly", "daily"])

    assert ask(subscriber, edition)[1] == [
        "It goes to who wants a mail a day; her rhythm was “once a week”."
    ]


def test_who_has_not_chosen_the_list():
    digest = make_digest(title="The Sunday letter")
    edition = make_edition(digest=digest, prepared_at=NOW, state="sent")
    put(edition)
    subscriber = make_subscriber()
    assert ask(subscriber, edition)[1] == ["She has not chosen the list “The Sunday letter”."]

    subscriber.digests.add(digest)
    assert "Perhaps her choices were others" in ask(subscriber, edition)[1][0]


def test_single_post_goes_to_those_who_want_each():
    edition = make_edition(
        kind="post", post=make_post(), due_at=NOW, frozen_at=NOW, prepared_at=NOW, state="sent"
    )
    put(edition)
    assert ask(make_subscriber(), edition)[1] == [
        "It is a single post, for those who want each; her rhythm was “once a day”."
    ]
    late = make_subscriber(rhythm="each", confirmed_at=NOW + timedelta(seconds=1))
    edition.frozen_at = NOW + timedelta(seconds=2)
    assert ask(late, edition)[1] == ["She confirmed after the post had been published."]
    edition.approved_by = make_user()
    assert "Perhaps her choices" in ask(late, edition)[1][0]


def test_breaking_news_is_for_every_rhythm():
    edition = make_edition(kind="breaking", post=make_post(), prepared_at=NOW, state="sent")
    put(edition)

    assert "Perhaps her choices" in ask(make_subscriber(rhythm="weekly"), edition)[1][0]


def test_who_had_paused_her_mail(edition):
    put(edition)
    subscriber = make_subscriber(paused_until=date(2026, 11, 24))
    assert ask(subscriber, edition)[1] == ["She had paused her mail until Nov. 24, 2026."]

    Subscriber.objects.update(time_zone="Pacific/Kiritimati")  # there it is the 24th
    subscriber.refresh_from_db()
    assert "Perhaps her choices" in ask(subscriber, edition)[1][0]


def test_whose_pause_has_been_ended_since(edition):
    put(edition)
    subscriber = make_subscriber()
    history.note(subscriber, Kind.CHANGED, now=NOW - DAY, paused_until="2026-12-01")
    history.note(subscriber, Kind.CHANGED, now=NOW + DAY, paused_until=None)

    assert ask(subscriber, edition)[1] == ["She had paused her mail until Dec. 1, 2026."]


def test_whose_topics_leave_nothing(edition):
    review, letters = make_category(), make_category()
    selected, tweets = make_collection(), make_collection()
    put(edition, "post:1", category_ids=[review.pk])
    put(edition, "article:a", kind="pick", collection_ids=[selected.pk])
    subscriber = make_subscriber()
    subscriber.categories.set([letters])
    subscriber.collections.set([tweets])
    assert ask(subscriber, edition)[1] == ["Nothing in it was of the topics that she has chosen."]

    subscriber.categories.set([review])
    assert "Perhaps her choices" in ask(subscriber, edition)[1][0]
    history.note(subscriber, Kind.CHANGED, now=NOW + DAY, categories=[["Letters"], ["Review"]])
    assert ask(subscriber, edition)[1] == ["Her topics have changed since."]


def test_who_had_it_all_before(edition):
    put(edition, "post:1")
    digest = make_digest(title="The early letter")
    earlier = make_edition(
        digest=digest, number=3, due_at=NOW - DAY, frozen_at=NOW - DAY, state="sent"
    )
    later = make_edition(
        digest=digest, number=4, due_at=NOW + DAY, frozen_at=NOW + DAY, state="sent"
    )
    subscriber = make_subscriber()
    for other in (earlier, later):
        put(other, "post:1")
        variant = make_variant(other, item_keys=["post:1"])
        make_delivery(edition=other, variant=variant, subscriber=subscriber, state="sent")
    assert ask(subscriber, edition)[1] == [
        "All that was for her in it had gone to her before: with The early letter 3."
    ]

    Delivery.objects.filter(edition=earlier).update(state="failed")
    assert "Perhaps her choices" in ask(subscriber, edition)[1][0]


# --- How she stood --------------------------------------------------------------------------------


def test_state_is_told_by_the_columns_where_no_history_was_kept():
    subscriber = make_subscriber(
        confirmed_at=NOW - 2 * DAY, unsubscribed_at=NOW, state=State.UNSUBSCRIBED
    )
    states = [stood(subscriber, at=NOW + days * DAY).state for days in (-3, -1, 1)]

    assert states == [State.PENDING, State.ACTIVE, State.UNSUBSCRIBED]


def test_signing_up_once_more_changes_nobody_who_is_active():
    subscriber = make_subscriber()
    history.note(subscriber, Kind.CONFIRMED, now=NOW - DAY)
    history.note(subscriber, Kind.ASKED, now=NOW)

    assert stood(subscriber, at=NOW).state == State.ACTIVE


def test_who_moved_later_had_been_active_all_along():
    subscriber = make_subscriber(confirmed_at=NOW)
    history.note(subscriber, Kind.MOVED, now=NOW)

    assert stood(subscriber, at=NOW - DAY).state == State.ACTIVE


def test_who_was_released_had_back_what_she_had():
    stayed, left = make_subscriber(), make_subscriber()
    for subscriber in (stayed, left):
        history.note(subscriber, Kind.CONFIRMED, now=NOW - 4 * DAY)
        history.note(subscriber, Kind.SUPPRESSED, now=NOW - 3 * DAY)
    history.note(left, Kind.LEFT, now=NOW - 2 * DAY)
    for subscriber in (stayed, left):
        history.note(subscriber, Kind.RELEASED, now=NOW - DAY)

    assert stood(stayed, at=NOW).state == State.ACTIVE
    assert stood(left, at=NOW).state == State.UNSUBSCRIBED
