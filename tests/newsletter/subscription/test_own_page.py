"""What a subscriber sets on her own page, and what she gets to see of herself."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsletter import links, tokens
from newsletter.models import Bounce, Delivery, MailSettings, Subscriber, UnansweredAddress
from newsletter.subscription import choices
from tests.factories import (
    make_category,
    make_collection,
    make_delivery,
    make_digest,
    make_post,
    make_subscriber,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
State = Subscriber.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reader():
    return make_subscriber()


def own(subscriber):
    return links.subscription_path(subscriber)


def choose(browser, subscriber, **fields):
    fields = {"rhythm": "daily", "hour": "", "time_zone": "", "language": "en"} | fields
    return browser.post(own(subscriber), fields)


def history(subscriber):
    return [(event.kind, event.detail) for event in subscriber.events.order_by("id")]


def test_new_subscriber_gets_the_rhythm_that_the_publisher_set(browser):
    MailSettings(default_rhythm="weekly").save()
    from newsletter.subscribing.signup import sign_up

    sign_up(email="new@example.org", consent_form="/", consent_text="", language="en", now=NOW)
    assert Subscriber.objects.get().rhythm == "weekly"


def test_everything_that_she_chooses_is_kept_and_noted(browser, reader):
    lists = [make_digest(title="On Sundays"), make_digest(title="Unwanted")]
    review, links_ = make_category(name="Review"), make_category(name="Links")
    make_post(category=review)
    make_post(category=links_)
    selected = make_collection(title="Selected")
    response = choose(
        browser,
        reader,
        rhythm="weekly",
        digests=[lists[0].pk],
        categories=[review.pk],
        collections=[selected.pk],
        hour="18",
        time_zone="Europe/Kyiv",
        language="uk",
    )

    assert response.status_code == 303
    assert response["Location"] == f"{own(reader)}?saved#done"
    reader.refresh_from_db()
    assert (reader.rhythm, reader.hour, reader.time_zone, reader.language) == (
        *("weekly", 18, "Europe/Kyiv", "uk"),
    )
    assert list(reader.digests.all()) == lists[:1]
    assert list(reader.categories.all()) == [review]
    assert list(reader.collections.all()) == [selected]
    assert history(reader) == [
        (
            "changed",
            {
                "rhythm": ["daily", "weekly"],
                "hour": [None, 18],
                "time_zone": ["", "Europe/Kyiv"],
                "language": ["en", "uk"],
                "digests": [[], ["On Sundays"]],
                "categories": [[], ["Review"]],
                "collections": [[], ["Selected"]],
            },
        )
    ]
    page = browser.get(response["Location"].partition("#")[0]).content.decode()
    assert "Saved. It holds from the next mail on." in page


def test_saving_what_stands_there_changes_and_notes_nothing(browser, reader):
    choose(browser, reader)

    assert history(reader) == []


def test_saving_brings_back_nobody_who_left_meanwhile(browser, reader):
    form = choices.ChoicesForm(
        {"rhythm": "weekly", "language": "en"},
        instance=Subscriber.objects.get(pk=reader.pk),
        now=NOW,
    )
    Subscriber.objects.update(state=State.UNSUBSCRIBED)
    assert form.is_valid()
    form.save_choices(now=NOW)

    assert Subscriber.objects.get().state == State.UNSUBSCRIBED
    assert choose(browser, reader, rhythm="each").status_code == 200
    assert Subscriber.objects.get().rhythm == "weekly"


@pytest.mark.parametrize(
    "fields",
    [
        {"rhythm": "hourly"},
        {"hour": "24"},
        {"hour": "-1"},
        {"time_zone": "Europe/Nowhere"},
        {"time_zone": "../etc"},
        {"language": "xx"},
        {"categories": ["1"]},
        {"digests": ["x"]},
    ],
)
def test_what_is_no_choice_is_refused_and_changes_nothing(browser, reader, fields):
    make_post(category=make_category())
    empty = make_category()
    if "categories" in fields:
        fields = {"categories": [empty.pk]}  # no reader has seen it
    make_digest()
    before = Subscriber.objects.values().get()

    assert choose(browser, reader, **fields).status_code == 400
    assert Subscriber.objects.values().get() == before
    assert history(reader) == []


def test_lists_on_offer_are_those_by_name_that_are_active(browser, reader):
    make_digest(title="Open list", description="Each Sunday.")
    make_digest(title="Closed list", is_active=False)
    page = browser.get(own(reader)).content.decode()

    assert "Open list" in page
    assert "Each Sunday." in page
    assert "Closed list" not in page
    assert "The daily review" not in page


def test_topics_on_offer_are_few_and_hers_are_always_among_them(browser, reader, monkeypatch):
    monkeypatch.setattr(choices, "MOST_TOPICS", 2)
    categories = [make_category(name=f"Section {n}", position=n) for n in range(4)]
    for category in categories:
        make_post(category=category)
    reader.categories.set([categories[3]])
    page = browser.get(own(reader)).content.decode()

    assert [f"Section {n}" in page for n in range(4)] == [True, True, False, True]
    choose(browser, reader, categories=[categories[0].pk, categories[3].pk])
    assert list(reader.categories.all()) == [categories[0], categories[3]]


def test_own_page_takes_as_many_queries_for_many_topics_as_for_one(browser, reader):
    counts = []
    for more in (1, 20):
        for _ in range(more):
            make_post(category=make_category())
            make_collection()
            make_digest()
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(own(reader)).status_code == 200
        counts.append(len(queries))

    assert counts == [18, 18]


@pytest.mark.parametrize(
    ("fields", "until"),
    [({"days": "7"}, date(2026, 11, 30)), ({"until": "2026-12-24"}, date(2026, 12, 24))],
)
def test_pause_begins_and_ends(browser, reader, fields, until):
    response = browser.post(f"{own(reader)}pause/", fields)
    assert (response.status_code, response["Location"]) == (303, f"{own(reader)}?paused#done")
    reader.refresh_from_db()
    assert reader.paused_until == until
    page = browser.get(own(reader)).content.decode()
    assert "Paused. Mail goes again from" in page
    assert "End the pause" in page

    browser.post(f"{own(reader)}pause/")
    reader.refresh_from_db()
    assert reader.paused_until is None
    assert history(reader) == [
        ("changed", {"paused_until": until.isoformat()}),
        ("changed", {"paused_until": None}),
    ]


@pytest.mark.parametrize(
    "fields",
    [{"until": "2026-11-23"}, {"until": "2027-12-01"}, {"until": "soon"}, {"days": "8"}],
)
def test_pause_that_is_none_is_refused(browser, reader, fields):
    response = browser.post(f"{own(reader)}pause/", fields)

    assert response.status_code == 400
    reader.refresh_from_db()
    assert reader.paused_until is None


def test_tomorrow_is_reckoned_where_she_lives(browser, reader, clock):
    clock.move_to(datetime(2026, 11, 23, 23, tzinfo=UTC))
    Subscriber.objects.update(time_zone="Europe/Kyiv")  # there it is the 24th

    assert browser.post(f"{own(reader)}pause/", {"until": "2026-11-24"}).status_code == 400
    assert browser.post(f"{own(reader)}pause/", {"until": "2026-11-25"}).status_code == 303


def test_my_data_holds_all_of_hers_and_nothing_of_others(browser, reader):
    other = make_delivery()
    mine = make_delivery(subscriber=reader, state="sent", answer="250 ok", code=250)
    for delivery in (mine, other):
        Bounce.objects.create(
            subscriber=delivery.subscriber,
            delivery=delivery,
            kind="soft",
            source="mail",
            at=NOW,
            diagnostic=f"Later, {delivery.subscriber.email}",
            fingerprint=str(delivery.pk),
        )
    browser.post(f"{own(reader)}pause/", {"days": "7"})
    response = browser.get(f"{own(reader)}my-data.json")
    page = browser.get(f"{own(reader)}data/").content.decode()

    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    told = json.loads(response.content)
    assert told["subscription"]["email"] == reader.email
    assert told["subscription"]["paused_until"] == "2026-11-30"
    assert [mail["message_id"] for mail in told["mails"]] == [mine.message_id]
    assert [row["words"] for row in told["came_back"]] == [f"Later, {reader.email}"]
    assert [row["what"] for row in told["history"]] == ["changed"]
    for text in (response.content.decode(), page):
        assert reader.email in text
        assert other.subscriber.email not in text
        assert reader.key not in text.replace(own(reader), "")


def test_every_column_of_a_subscriber_is_in_her_data(reader):
    from newsletter.subscription.my_data import held

    told = held(reader)
    known = {*told["subscription"], *told["consent"]}
    renamed = {
        "email_key": "compared_as",
        "created_at": "asked_at",
        "consent_form": "form",
        "consent_text": "text",
        "confirmations_sent": "confirmation_mails",
        "confirmation_sent_at": "last_confirmation_mail_at",
        "suppressed_at": "mail_stopped_at",
        "digests": "lists",
        "categories": "sections",
    }
    ours = {"id", "key"}  # name her in our tables and links alone
    fields = [*Subscriber._meta.fields, *Subscriber._meta.many_to_many]
    for field in fields:
        assert field.name in ours or renamed.get(field.name, field.name) in known, field.name


def test_erasing_asks_first_and_then_leaves_no_trace(browser, reader):
    sent = make_delivery(subscriber=reader, state="sent", answer=f"250 {reader.email} ok")
    queued = make_delivery(subscriber=reader)
    other = make_delivery()
    path = f"{own(reader)}erase/"
    assert "Erase all of it" in browser.get(path).content.decode()
    assert Subscriber.objects.count() == 2
    response = browser.post(path)

    assert response.status_code == 200
    assert b"You are erased" in response.content
    assert list(Subscriber.objects.all()) == [other.subscriber]
    rows = Delivery.objects.order_by("id").values_list("subscriber", "state", "answer")
    assert list(rows) == [
        (None, "sent", ""),
        (None, "dropped", ""),
        (other.subscriber_id, "queued", ""),
    ]
    assert queued.edition_id in Delivery.objects.values_list("edition", flat=True)
    assert UnansweredAddress.objects.count() == 0
    assert browser.get(path).status_code == 404
    assert sent.pk


def test_who_never_answered_is_not_asked_more_often_for_being_erased(browser):
    from newsletter.subscribing.signup import sign_up

    def ask(days):
        return sign_up(
            email="new@example.org",
            consent_form="/",
            consent_text="",
            language="en",
            now=NOW + days * DAY,
        )

    assert ask(0)
    browser.post(f"{own(Subscriber.objects.get())}unsubscribe/")
    browser.post(f"{own(Subscriber.objects.get())}erase/")
    assert Subscriber.objects.count() == 0
    assert [ask(days) for days in (1, 2, 30)] == [False, False, False]


def test_suppressed_address_that_is_erased_stays_unwritten(browser, reader, mailoutbox):
    from newsletter.subscribing.signup import sign_up

    Subscriber.objects.update(state=State.SUPPRESSED, suppressed_at=NOW)
    browser.post(f"{own(reader)}erase/")

    assert not sign_up(
        email=reader.email, consent_form="/", consent_text="", language="en", now=NOW + DAY
    )
    assert mailoutbox == []


def test_every_path_of_the_page_is_opened_by_its_own_token_alone(browser, reader):
    confirm = tokens.make_confirmation(reader.key, now=NOW)
    moving = tokens.make_move(reader.key, now=NOW)
    good = tokens.make_subscription(reader.key)
    before = Subscriber.objects.values().get()
    for token in (confirm, moving, good[:-1], reader.key, "x"):
        for end in ("", "pause/", "address/", "data/", "my-data.json", "erase/"):
            for send in (browser.get, browser.post):
                response = send(f"/subscription/{token}/{end}", {"days": "7"})
                assert response.status_code == 404
                assert b"This link does not work" in response.content
    for token in (confirm, good):
        assert browser.post(f"/subscribe/move/{token}/").status_code == 404
    assert Subscriber.objects.values().get() == before


def test_opening_every_page_changes_nothing_and_tells_nobody(browser, reader):
    before = Subscriber.objects.values().get()
    for end in ("", "pause/", "address/", "data/", "my-data.json", "erase/"):
        for method in ("GET", "HEAD"):
            response = browser.generic(method, own(reader) + end)
            assert response.status_code in {200, 302}
            assert response["Referrer-Policy"] == "no-referrer"
            assert response["X-Robots-Tag"] == "noindex"
            assert response["Cache-Control"] == "private, no-store"
            assert response.cookies == {}
    assert Subscriber.objects.values().get() == before
    assert history(reader) == []
