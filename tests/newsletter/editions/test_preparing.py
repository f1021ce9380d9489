"""The ledger: who gets an edition, what of it, and when."""

from datetime import UTC, date, datetime, timedelta

import pytest

from blog.models import Correction, SiteSettings
from newsletter.addresses import email_key
from newsletter.editions.clock import prepare_all
from newsletter.editions.freezing import settle
from newsletter.models import Delivery, Digest, Edition, EditionItem, Subscriber
from tests.factories import (
    make_category,
    make_collection,
    make_delivery,
    make_digest,
    make_edition,
    make_editor,
    make_post,
    make_subscriber,
    make_variant,
)
from tests.newsletter.editions.test_collecting import (
    DUE,
    HOUR,
    START,
    make_open,
    new_pick,
    new_post,
)

pytestmark = pytest.mark.django_db

State = Edition.State
Mail = Delivery.State
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_other_digests():
    Digest.objects.all().delete()


def make_daily(**fields):
    return make_digest(audience="daily", **fields)


def prepared(edition, *, now=DUE):
    """Freeze an edition and write its ledger; return it."""
    assert settle(edition.pk, now=now) == State.SENDING
    prepare_all(now=now, budget_s=60)
    edition.refresh_from_db()
    assert edition.prepared_at == now
    return edition


def readers(edition):
    rows = edition.deliveries.select_related("subscriber").order_by("subscriber_id")
    return [row.subscriber.email.partition("@")[0] for row in rows]


def titles(edition, subscriber):
    keys = edition.deliveries.get(subscriber=subscriber).variant.item_keys
    by_key = {item.key: item.title for item in edition.items.all()}
    return [by_key[key] for key in keys]


def reader(name, **fields):
    return make_subscriber(email=f"{name}@example.org", **fields)


def make_many(number, **fields):
    fields = {"state": "active", "confirmed_at": START} | fields
    first = Subscriber.objects.count()
    Subscriber.objects.bulk_create(
        Subscriber(email=f"r{n}@example.org", email_key=email_key(f"r{n}@example.org"), **fields)
        for n in range(first, first + number)
    )


def test_those_of_the_rhythm_get_it():
    reader("daily")
    for state in ("pending", "unsubscribed", "suppressed"):
        reader(state, state=state)
    for rhythm in ("each", "weekdays", "weekly", "breaking"):
        reader(rhythm, rhythm=rhythm)
    edition = make_open(make_daily())
    new_post()
    assert readers(prepared(edition)) == ["daily"]
    assert readers(edition) == ["daily"]


def test_those_who_chose_a_digest_by_name_get_it():
    digest = make_digest()
    reader("daily")
    reader("hers", rhythm="breaking").digests.add(digest)
    reader("gone", state="unsubscribed").digests.add(digest)
    new_post()
    assert readers(prepared(make_open(digest))) == ["hers"]


def test_row_says_all_that_a_sender_needs():
    subscriber = reader("a", language="uk")
    edition = make_open(make_daily())
    post = new_post()
    row = prepared(edition).deliveries.get()
    assert (row.subscriber, row.state, row.due_at, row.attempts) == (subscriber, "queued", DUE, 0)
    assert row.message_id.startswith(f"{edition.pk}.")
    assert row.message_id.endswith("@testserver")
    assert (row.variant.language, row.variant.item_keys) == ("uk", [f"post:{post.pk}"])
    assert row.variant.mark in row.variant.text
    assert row.variant.mark in row.variant.html


def test_readers_who_are_alike_share_a_mail():
    for number in range(5):
        reader(f"en{number}")
        reader(f"uk{number}", language="uk")
    edition = make_open(make_daily())
    new_post()
    prepared(edition)
    assert sorted(edition.variants.values_list("language", flat=True)) == ["en", "uk"]
    assert edition.deliveries.count() == 10


def test_topics_of_posts_and_of_articles_are_chosen_apart():
    war, arts = make_category(), make_category()
    selected, tweets = make_collection(), make_collection(position=1)
    digest = make_daily()
    digest.collections.add(selected, tweets)
    edition = make_open(digest)
    new_post("War", category=war, at=START + 3 * HOUR)
    both = new_post("Both", category=arts, at=START + 2 * HOUR)
    both.categories.add(war)
    new_post("Arts", category=arts)
    new_pick(selected, "Selected")
    new_pick(tweets, "Tweet")
    everything = reader("everything")
    warrior = reader("warrior")
    warrior.categories.add(war)
    bird = reader("bird")
    bird.collections.add(tweets)
    prepared(edition)
    assert titles(edition, everything) == ["War", "Both", "Arts", "Selected", "Tweet"]
    assert titles(edition, warrior) == ["War", "Both", "Selected", "Tweet"]
    assert titles(edition, bird) == ["War", "Both", "Arts", "Tweet"]


def test_whom_nothing_is_left_for_gets_nothing():
    other = make_category()
    nothing = reader("nothing")
    nothing.categories.add(other)
    reader("something")
    edition = make_open(make_daily())
    new_post()
    assert readers(prepared(edition)) == ["something"]


def got(subscriber, item_keys, *, state=Mail.SENT):
    """An earlier mail to somebody, with these items."""
    edition = make_edition(due_at=START, state=State.SENT)
    for key in item_keys:
        EditionItem.objects.create(
            edition=edition, kind="post", key=key, title="T", url="/", at=START
        )
    variant = make_variant(edition, item_keys=item_keys)
    return make_delivery(edition=edition, variant=variant, subscriber=subscriber, state=state)


def test_a_post_goes_to_a_reader_once_however_many_lists_carry_it():
    edition = make_open(make_daily())
    old, new = new_post("Old"), new_post("New", START + 2 * HOUR)
    had_it, had_both, fresh = reader("had"), reader("both"), reader("fresh")
    got(had_it, [f"post:{old.pk}"])
    got(had_both, [f"post:{old.pk}", f"post:{new.pk}"])
    prepared(edition)
    assert titles(edition, had_it) == ["New"]
    assert titles(edition, fresh) == ["New", "Old"]
    assert readers(edition) == ["had", "fresh"]


@pytest.mark.parametrize(
    ("state", "is_got"),
    [
        (Mail.SENT, True),
        (Mail.UNKNOWN, True),
        (Mail.QUEUED, True),
        (Mail.CLAIMED, True),
        (Mail.FAILED, False),
        (Mail.EXPIRED, False),
        (Mail.DROPPED, False),
    ],
)
def test_what_did_not_reach_her_comes_again(state, is_got):
    edition = make_open(make_daily())
    post = new_post()
    got(reader("a"), [f"post:{post.pk}"], state=state)
    settle(edition.pk, now=DUE)
    prepare_all(now=DUE, budget_s=60)
    assert edition.deliveries.exists() is not is_got


def test_what_was_queued_of_a_cancelled_edition_comes_with_the_next():
    edition = make_open(make_daily())
    post = new_post()
    key = f"post:{post.pk}"
    got(reader("queued"), [key], state=Mail.QUEUED)
    Edition.objects.exclude(pk=edition.pk).update(state=State.CANCELLED)
    assert readers(prepared(edition)) == ["queued"]


def test_correction_goes_to_those_who_got_what_was_wrong():
    edition = make_open(make_daily())
    wrong = make_post(title="Wrong", published_at=START - 3 * DAY)
    had_it, had_not = reader("had"), reader("had-not")
    got(had_it, [f"post:{wrong.pk}"])
    Correction.objects.create(post=wrong, text="A name.", made_at=START + HOUR)
    new_post("News")
    prepared(edition)
    assert titles(edition, had_it) == ["News", "Wrong"]
    assert titles(edition, had_not) == ["News"]


def test_correction_alone_is_a_mail_to_those_whom_it_concerns():
    edition = make_open(make_daily())
    wrong = make_post(published_at=START - 3 * DAY)
    got(reader("had"), [f"post:{wrong.pk}"])
    reader("had-not")
    Correction.objects.create(post=wrong, text="A name.", made_at=START + HOUR)
    assert readers(prepared(edition)) == ["had"]


@pytest.mark.parametrize(
    ("paused_until", "zone", "gets_it"),
    [
        (None, "", True),
        (date(2026, 11, 24), "", True),  # it is that day
        (date(2026, 11, 25), "", False),
        (date(2026, 11, 24), "America/Los_Angeles", False),  # still the day before
        (date(2026, 11, 25), "Pacific/Kiritimati", False),
    ],
)
def test_paused_reader_gets_nothing_before_her_day(paused_until, zone, gets_it):
    reader("a", paused_until=paused_until, time_zone=zone)
    reader("b")
    edition = make_open(make_daily())
    new_post()
    assert ("a" in readers(prepared(edition))) is gets_it


@pytest.mark.parametrize(
    ("hour", "zone", "due"),
    [
        (None, "", DUE),
        (7, "", DUE),
        (9, "", DUE + timedelta(hours=2)),
        (6, "", DUE + timedelta(hours=23)),
        (7, "America/New_York", datetime(2026, 11, 24, 12, tzinfo=UTC)),
        (9, "Europe/Kyiv", DUE),
    ],
)
def test_mail_waits_for_her_own_hour(hour, zone, due):
    reader("a", hour=hour, time_zone=zone)
    edition = make_open(make_daily())
    new_post()
    assert prepared(edition, now=DUE + timedelta(seconds=30)).deliveries.get().due_at == due


def test_own_hour_is_by_the_sites_clock_where_she_has_no_zone():
    SiteSettings(time_zone="Europe/Kyiv").save()
    reader("a", hour=10)
    edition = make_open(make_daily())
    new_post()
    assert prepared(edition).deliveries.get().due_at == DUE + HOUR


def test_breaking_news_goes_to_everybody_at_once():
    for rhythm in ("each", "daily", "weekdays", "weekly", "breaking"):
        reader(rhythm, rhythm=rhythm, hour=3)
    reader("gone", state="unsubscribed")
    reader("paused", paused_until=date(2027, 1, 1))
    post = new_post(at=START)
    had_it = reader("had-it")
    got(had_it, [f"post:{post.pk}"])
    edition = make_edition(kind="breaking", post=post, state=State.OPEN, due_at=DUE, frozen_at=None)
    prepared(edition)
    assert readers(edition) == ["each", "daily", "weekdays", "weekly", "breaking"]
    assert {row.due_at for row in edition.deliveries.all()} == {DUE}


def test_single_post_goes_by_itself_to_those_who_had_confirmed_before():
    before = reader("before", rhythm="each", confirmed_at=DUE - HOUR)
    reader("after", rhythm="each", confirmed_at=DUE + HOUR)
    reader("daily")
    post = new_post(at=DUE)
    edition = make_edition(kind="post", post=post, state=State.OPEN, due_at=DUE, frozen_at=None)
    prepared(edition, now=DUE + 2 * HOUR)
    assert readers(edition) == ["before"]
    assert titles(edition, before) == ["News"]


def test_single_post_that_an_editor_sends_goes_to_all_who_want_each():
    reader("after", rhythm="each", confirmed_at=DUE + HOUR)
    post = new_post(at=START)
    edition = make_edition(
        kind="post",
        post=post,
        state=State.OPEN,
        due_at=DUE,
        frozen_at=None,
        approved_by=make_editor(),
    )
    prepared(edition, now=DUE + 2 * HOUR)
    assert readers(edition) == ["after"]
