"""Three mails without an answer are all an address ever gets, however often it is erased."""

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from newsletter import tokens
from newsletter.models import Subscriber, UnansweredAddress
from newsletter.subscribing import retention, signup, unanswered

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = "reader@example.org"
SPELLINGS = ["reader@example.org", "READER@example.org"]
WAIT_S = 0.3  # long enough for the other side to stand at the lock


def ask(*, now, email=KEY):
    return signup.sign_up(email=email, consent_form="/", consent_text="", language="en", now=now)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("every", "mailed_on"), [(1, [0, 1, 2]), (7, [0, 7, 14]), (8, [0, 8, 16]), (20, [0, 20, 40])]
)
def test_stranger_gets_three_mails_however_long_the_form_is_misused(time_machine, every, mailed_on):
    mailed_days = []
    for day in range(61):
        now = NOW + day * DAY
        time_machine.move_to(now, tick=False)
        if day % every == 0 and ask(now=now, email=SPELLINGS[day % 2]):
            mailed_days.append(day)
        retention.erase_unconfirmed(now=now)
        retention.forget_unanswered(now=now)

    assert mailed_days == mailed_on
    assert len(mail.outbox) == 3


@pytest.mark.django_db
def test_confirming_forgets_the_mails_before_and_who_leaves_can_come_back():
    unanswered.remember([(KEY, 2)], now=NOW)
    assert ask(now=NOW) is True
    subscriber = Subscriber.objects.get()
    assert subscriber.confirmations_sent == 3
    token = tokens.make_confirmation(subscriber.key, now=NOW)

    signup.confirm(signup.find_to_confirm(token, now=NOW), now=NOW)
    assert UnansweredAddress.objects.count() == 0
    signup.unsubscribe(subscriber, now=NOW + DAY)
    assert [ask(now=NOW + day * DAY) for day in (2, 3, 4, 5)] == [True, True, True, False]


@pytest.mark.django_db
def test_deleting_the_row_by_hand_lets_its_owner_be_asked_anew():
    unanswered.remember([(KEY, 3)], now=NOW)
    assert ask(now=NOW) is False
    Subscriber.objects.get().delete()

    assert ask(now=NOW + DAY) is True


@pytest.mark.django_db
def test_count_of_one_address_is_not_that_of_another():
    unanswered.remember([(KEY, 3)], now=NOW)

    assert unanswered.take("writer@example.org").mails == 0
    assert unanswered.take(KEY).mails == 3
    assert unanswered.take(KEY).mails == 0


@pytest.mark.django_db
def test_count_is_found_under_an_older_key_until_that_is_dropped(settings):
    settings.SECRET_KEY = "a" * 50
    unanswered.remember([(KEY, 1), ("writer@example.org", 3)], now=NOW)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "b" * 50, ["a" * 50]
    unanswered.remember([(KEY, 1)], now=NOW)

    assert unanswered.take(KEY).mails == 2
    settings.SECRET_KEY_FALLBACKS = []
    assert unanswered.take("writer@example.org").mails == 0


def do_in_thread(act, *arguments, **options):
    try:
        return act(*arguments, **options)
    finally:
        connection.close()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("mails", [0, 2, 3])
def test_two_sign_ups_at_once_send_one_mail_if_one_is_left(mails):
    unanswered.remember([(KEY, mails)], now=NOW)
    with ThreadPoolExecutor(1) as threads, transaction.atomic():  # commits, then waits
        first = ask(now=NOW)
        second = threads.submit(do_in_thread, ask, now=NOW)
        assert wait([second], timeout=WAIT_S).not_done

    is_left = mails < 3
    assert (first, second.result()) == (is_left, False)
    assert Subscriber.objects.get().confirmations_sent == mails + is_left
    assert UnansweredAddress.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_row_that_is_asked_anew_while_it_would_be_erased_stays():
    later = NOW + 8 * DAY
    ask(now=NOW)
    with ThreadPoolExecutor(1) as threads, transaction.atomic():  # commits, then waits
        assert ask(now=later) is True
        erasing = threads.submit(do_in_thread, retention.erase_unconfirmed, now=later)
        assert wait([erasing], timeout=WAIT_S).not_done

    assert erasing.result() == 0
    assert Subscriber.objects.get().confirmations_sent == 2
    assert UnansweredAddress.objects.count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sign_up_while_its_row_is_erased_sends_nothing_uncounted():
    later = NOW + 8 * DAY
    ask(now=NOW)
    with ThreadPoolExecutor(1) as threads, transaction.atomic():  # commits, then waits
        assert retention.erase_unconfirmed(now=later) == 1
        asking = threads.submit(do_in_thread, ask, now=later)
        assert wait([asking], timeout=WAIT_S).not_done

    assert asking.result() is False
    assert UnansweredAddress.objects.get().mails_sent == len(mail.outbox) == 1
