"""Changing one's address: by a mail to the new one, and with a word to the old one."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from newsletter import links
from newsletter.models import AddressChange, Subscriber
from newsletter.subscribing import retention
from newsletter.subscribing.signup import sign_up
from newsletter.subscription import moving
from newsletter.tokens import InvalidTokenError
from tests.factories import make_subscriber

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEW = "new@example.org"
State = Subscriber.State


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def reader():
    return make_subscriber(email="old@example.org")


def link_in(message):
    return re.search(r"/subscribe/move/\S+", message.body)[0]


def test_address_changes_when_the_new_mailbox_has_answered(browser, reader, mailoutbox):
    own = links.subscription_path(reader)
    response = browser.post(f"{own}address/", {"email": " New@Example.org "})
    assert response["Location"] == f"{own}?asked#done"
    (question,) = mailoutbox
    assert question.to == ["New@example.org"]
    assert "old@example.org" not in str(question.message())
    link = link_in(question)

    assert "Change my address" in browser.get(link).content.decode()
    assert Subscriber.objects.get().email == "old@example.org"
    assert browser.post(link).status_code == 303
    assert b"Your address is changed" in browser.get(link).content
    moved = Subscriber.objects.get()
    assert (moved.email, moved.email_key, moved.state) == (
        *("New@example.org", "new@example.org", State.ACTIVE),
    )
    assert moved.confirmed_at == NOW
    word = mailoutbox[1]
    assert word.to == ["old@example.org"]
    assert "new@example.org" not in str(word.message()).lower()
    assert links.subscription_link(reader) in word.body
    assert AddressChange.objects.get().old_email == ""
    assert [event.kind for event in moved.events.order_by("id")] == ["changed", "moved"]

    browser.post(link)
    assert len(mailoutbox) == 2


def test_mails_of_a_move_are_in_the_subscribers_language(browser, reader, mailoutbox):
    Subscriber.objects.update(language="uk")
    moving.ask(reader, email=NEW, now=NOW)

    assert 'lang="uk"' in mailoutbox[0].alternatives[0].content


@pytest.mark.parametrize("state", [State.ACTIVE, State.SUPPRESSED])
def test_address_with_a_subscription_of_its_own_gets_no_mail_and_the_answer_is_the_same(
    browser, reader, mailoutbox, state
):
    make_subscriber(email=NEW, state=state)
    own = links.subscription_path(reader)
    answers = [browser.post(f"{own}address/", {"email": email}) for email in (NEW, "b@example.org")]

    assert answers[0]["Location"] == answers[1]["Location"] == f"{own}?asked#done"
    assert [message.to for message in mailoutbox] == [["b@example.org"]]


def test_strangers_address_gets_one_mail_a_day_and_three_ever(mailoutbox):
    went = []
    for day in range(8):
        for _ in range(2):
            another = make_subscriber()
            went.append(moving.ask(another, email=NEW, now=NOW + day * DAY))
    assert went == [True, False] * 3 + [False] * 10
    assert not sign_up(
        email=NEW, consent_form="/", consent_text="", language="en", now=NOW + 9 * DAY
    )
    assert len(mailoutbox) == 3


def test_mail_of_a_move_counts_for_the_day_of_a_sign_up(reader):
    def ask(now):
        return sign_up(email=NEW, consent_form="/", consent_text="", language="en", now=now)

    assert moving.ask(reader, email=NEW, now=NOW)
    assert not ask(NOW + timedelta(hours=1))
    assert ask(NOW + DAY)


def test_subscriber_asks_three_addresses_a_day(reader, mailoutbox):
    asked = [moving.ask(reader, email=f"a{n}@example.org", now=NOW) for n in range(5)]

    assert asked == [True, True, True, False, False]
    assert AddressChange.objects.get().email == "a2@example.org"
    assert len(mailoutbox) == 3


def test_only_the_last_link_counts_and_not_for_ever(reader, mailoutbox, clock, settings):
    moving.ask(reader, email="a@example.org", now=NOW)
    moving.ask(reader, email="b@example.org", now=NOW)
    first, last = (link_in(message).split("/")[3] for message in mailoutbox)
    with pytest.raises(InvalidTokenError):
        moving.find_change(first, now=NOW)
    assert moving.find_change(last, now=NOW + settings.CONFIRMATION_MAX_AGE).email_key

    later = NOW + settings.CONFIRMATION_MAX_AGE + timedelta(seconds=1)
    with pytest.raises(InvalidTokenError):
        moving.find_change(last, now=later)
    assert retention.forget_changes(now=later) == 1


def test_who_left_or_was_taken_meanwhile_does_not_move(browser, reader, mailoutbox):
    moving.ask(reader, email=NEW, now=NOW)
    link = link_in(mailoutbox[0])
    taken = make_subscriber(email=NEW)
    assert browser.post(link).status_code == 404
    taken.delete()
    Subscriber.objects.update(state=State.UNSUBSCRIBED)
    assert browser.post(link).status_code == 404
    assert Subscriber.objects.get().email == "old@example.org"


@pytest.mark.parametrize("state", [State.PENDING, State.UNSUBSCRIBED])
def test_row_that_gets_nothing_gives_way(reader, mailoutbox, browser, state):
    make_subscriber(email=NEW, state=state, confirmed_at=None)
    moving.ask(reader, email=NEW, now=NOW)
    browser.post(link_in(mailoutbox[0]))

    assert Subscriber.objects.get().pk == reader.pk
    assert Subscriber.objects.get().email == NEW


def test_stopped_mail_goes_again_to_the_new_address_and_the_old_one_is_left_alone(
    reader, mailoutbox, browser
):
    Subscriber.objects.update(state=State.SUPPRESSED, suppressed_at=NOW)
    own = links.subscription_path(reader)
    assert b"We have stopped mail" in browser.get(own).content
    browser.post(f"{own}address/", {"email": NEW})
    browser.post(link_in(mailoutbox[0]))

    moved = Subscriber.objects.get()
    assert (moved.state, moved.suppressed_at) == (State.ACTIVE, None)
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("email", ["", "x", "a@b.org\nBcc: c@d.org", "old@example.org"])
def test_what_is_no_new_address_asks_nobody(reader, browser, mailoutbox, email):
    own = links.subscription_path(reader)
    response = browser.post(f"{own}address/", {"email": email})

    assert response.status_code == (303 if "old" in email else 400)
    assert mailoutbox == []
    assert AddressChange.objects.count() == 0
