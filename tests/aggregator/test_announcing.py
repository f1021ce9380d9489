"""Telling our hub of news: a real one on loopback."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from django.urls import reverse
from django.utils import timezone

from aggregator import announcing, tasks
from aggregator.arranging import pin, put_back, shift
from aggregator.collecting import pick as pick_again
from aggregator.collecting import withdraw
from aggregator.models import Announcement, SourceWatch
from aggregator.watch.settling import CHOICES, settle
from blog.models import Correction, Post, SiteSettings
from tests.aggregator.serving import LOOPBACK, Answer
from tests.factories import (
    LONG_AGO,
    make_author,
    make_category,
    make_collection,
    make_editor,
    make_headline,
    make_pick,
    make_post,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BASE = "https://review.example"
SITE = [f"{BASE}/feed/", f"{BASE}/feed/atom/", f"{BASE}/feed.json"]
REVIEW = [f"{BASE}/category/review{path}" for path in ("/feed/", "/feed/atom/", "/feed.json")]


@pytest.fixture(autouse=True)
def hub(settings, server, time_machine):
    """A hub that takes everything; it returns what it was told since it was asked last."""
    time_machine.move_to(NOW, tick=False)
    settings.SITE_URL = BASE
    settings.FETCH_ALLOWED_NETWORKS = LOOPBACK
    server.answers["/hub"] = Answer(status=204)
    SiteSettings.objects.create(websub_hub=server.url("/hub"))

    def told():
        asked = [dict(parse_qsl(one.body.decode())) for one in server.asked]
        assert all((one.path, one.method) == ("/hub", "POST") for one in server.asked)
        assert {one.pop("hub.mode") for one in asked} <= {"publish"}
        server.asked.clear()
        return [one["hub.url"] for one in asked]

    return told


@pytest.fixture
def review():
    return make_category(name="Review")


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Return a context in which what waits for a commit is done at its end."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_publishing_tells_the_hub_of_every_feed_of_the_post(hub, commit, review):
    with commit():
        ada = make_author(name="Ada")
        make_post(category=review, tags=["Peace"], authors=[ada], published_at=NOW)
    forms = ("/feed/", "/feed/atom/", "/feed.json")
    others = [f"{BASE}/{part}{form}" for part in ("tag/peace", "author/ada") for form in forms]
    assert hub() == SITE + REVIEW + others
    row = Announcement.objects.get(topic="/feed/")
    assert (row.told_at, row.next_try_at, row.error) == (NOW, None, "")


def test_nothing_is_told_twice(hub, commit, review):
    with commit():
        make_post(category=review, published_at=NOW)
    assert len(hub()) == 6
    tasks.tell_hub.call()
    tasks.tell_hub.call()
    assert hub() == []


def test_a_change_a_correction_and_a_withdrawal_are_told(hub, commit, review, time_machine):
    with commit():
        post = make_post(category=review, published_at=NOW)
    assert len(hub()) == 6
    for hours, change in enumerate(
        [post.save, lambda: Correction.objects.create(post=post, text="Two."), post.withdraw], 1
    ):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        with commit():
            change()
        assert hub() == SITE + REVIEW


def test_nothing_is_told_of_what_is_not_public(hub, commit, review):
    with commit():
        make_post(category=review, status="draft")
        make_post(category=review, status="review")
        make_post(category=review, published_at=NOW + timedelta(hours=1))
    tasks.tell_hub.call()
    assert hub() == []


def test_a_scheduled_post_is_told_once_when_its_minute_comes(hub, commit, review, time_machine):
    with commit():
        post = make_post(category=review, published_at=NOW + timedelta(hours=1))
        post.save()
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    tasks.announce_post.call(post.pk, is_scheduled=True)
    tasks.announce_post.call(post.pk, is_scheduled=True)
    tasks.tell_hub.call()
    assert hub() == SITE + REVIEW


def test_what_no_worker_told_is_found_later(hub, review, time_machine):
    """Nothing was enqueued: the worker was down, or died."""
    post = make_post(category=review, published_at=NOW - timedelta(hours=9))
    make_post(category=review, published_at=NOW + timedelta(hours=1))
    tasks.tell_hub.call()
    assert hub() == SITE + REVIEW
    time_machine.move_to(NOW + timedelta(hours=2), tick=False)
    tasks.tell_hub.call()
    assert hub() == SITE + REVIEW
    Correction.objects.create(post=post, text="Two.", made_at=NOW + timedelta(hours=2, minutes=1))
    time_machine.move_to(NOW + timedelta(hours=3), tick=False)
    tasks.tell_hub.call()
    tasks.tell_hub.call()
    assert hub() == SITE + REVIEW


def test_headlines_that_come_into_a_collection_are_told(hub, time_machine):
    collection = make_collection(title="Selected")
    own = [f"{BASE}/selected{path}" for path in ("/feed/", "/feed/atom/", "/feed.json")]
    make_pick(collection=collection, placed_at=LONG_AGO)
    tasks.tell_hub.call()
    assert hub() == []
    # A feed's own pick carries the headline's time, which may be long ago.
    late = make_headline(first_seen_at=NOW)
    make_pick(collection=collection, headline=late, placed_at=NOW - timedelta(hours=3))
    tasks.tell_hub.call()
    assert hub() == own
    make_pick(collection=collection, headline=make_headline(is_hidden=True), placed_at=NOW)
    tasks.tell_hub.call()
    assert hub() == []
    time_machine.move_to(NOW + timedelta(minutes=9), tick=False)
    make_pick(collection=collection, placed_at=NOW + timedelta(minutes=9))
    tasks.tell_hub.call()
    assert hub() == own


def test_what_readers_see_change_of_a_pick_is_told(hub, commit, time_machine):
    collection = make_collection(title="Selected")
    own = [f"{BASE}/selected{path}" for path in ("/feed/", "/feed/atom/", "/feed.json")]
    pick = make_pick(collection=collection, placed_at=LONG_AGO)
    asking = {"title": "Former", "retitled_at": NOW, "asks_at": NOW, "next_at": NOW}
    watch = SourceWatch.objects.create(headline=pick.headline, **asking)

    def write():
        pick.title = "Ours"
        pick.save(update_fields=["title"])

    title = pick.headline.title
    changes = [
        write,
        lambda: withdraw(pick, now=timezone.now()),
        lambda: put_back(pick),
        pick.save,
        lambda: settle(watch, CHOICES["take"], now=timezone.now(), seen_title=title),
    ]
    for hours, change in enumerate(changes, 1):
        time_machine.move_to(NOW + timedelta(hours=hours), tick=False)
        with commit():
            change()
        tasks.tell_hub.call()
        assert hub() == own


def test_what_readers_do_not_see_of_a_pick_is_not_told(hub, commit):
    collection = make_collection(title="Selected")
    pick = make_pick(collection=collection, placed_at=LONG_AGO)
    other = make_pick(collection=collection, placed_at=LONG_AGO)
    by_mail = make_pick(collection=make_collection(is_public=False), placed_at=LONG_AGO)
    by_mail.title = "Ours"
    with commit():
        pin(pick, until=None, now=NOW)
        shift(other, -1, now=NOW)
        by_mail.save(update_fields=["title"])
        pick_again(pick.headline, collection, by=make_editor(), now=NOW)
    tasks.tell_hub.call()
    assert (hub(), Announcement.objects.count()) == ([], 0)


def test_a_hub_that_fails_is_asked_again_later(hub, server, commit, review, time_machine):
    server.answers["/hub"] = Answer(status=503)
    with commit():
        make_post(category=review, published_at=NOW)
    assert hub() == SITE[:1]
    row = Announcement.objects.get(topic="/feed/")
    assert (row.failures, row.told_at) == (1, None)
    assert row.next_try_at == NOW + timedelta(minutes=1)
    assert row.error != ""
    tasks.tell_hub.call()
    assert hub() == []
    server.answers["/hub"] = Answer(status=204)
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    tasks.tell_hub.call()
    assert sorted(hub()) == sorted(SITE + REVIEW)
    row.refresh_from_db()
    assert (row.failures, row.next_try_at, row.error) == (0, None, "")


def test_a_hub_that_stays_away_is_given_up_until_there_is_news(
    hub, server, commit, review, time_machine
):
    server.answers["/hub"] = Answer(status=503)
    with commit():
        post = make_post(category=review, published_at=NOW)
    for delay in announcing.DELAYS:
        time_machine.shift(delay)
        tasks.tell_hub.call()
    row = Announcement.objects.get(topic="/feed/")
    assert (row.next_try_at, row.error != "") == (None, True)
    assert len(hub()) == 1 + len(announcing.DELAYS)
    time_machine.shift(timedelta(days=9))
    tasks.tell_hub.call()
    assert hub() == []
    server.answers["/hub"] = Answer(status=204)
    with commit():
        post.save()
    assert hub() == SITE + REVIEW


def test_news_while_the_hub_is_told_is_told_again(hub, review, time_machine):
    post = make_post(category=review, published_at=NOW)
    announcing.note_post(post, now=NOW)
    (batch, later) = (announcing._claim(now=NOW), NOW + timedelta(seconds=5))
    announcing.note_post(post, now=later, changed_at=later)
    for row in batch:
        announcing._keep_success(row, at=NOW)
    assert announcing.tell(now=later) == 0
    time_machine.move_to(NOW + timedelta(minutes=1), tick=False)
    assert announcing.tell(now=timezone.now()) == 6


def test_a_clock_that_is_ahead_makes_no_endless_loop(hub, review):
    post = make_post(category=review, published_at=NOW)
    announcing.note_post(post, now=NOW, changed_at=NOW + timedelta(hours=1))
    assert announcing.tell(now=NOW) == 6


def test_two_workers_tell_the_hub_once(hub, review):
    announcing.note_post(make_post(category=review, published_at=NOW), now=NOW)
    assert len(announcing._claim(now=NOW)) == 6
    assert announcing._claim(now=NOW) == []
    assert len(announcing._claim(now=NOW + timedelta(minutes=6))) == 6


def test_a_hub_on_a_private_address_is_not_asked(hub, settings, commit, review):
    settings.FETCH_ALLOWED_NETWORKS = []
    with commit():
        make_post(category=review, published_at=NOW)
    assert hub() == []
    assert "127.0.0.1" in Announcement.objects.get(topic="/feed/").error


def test_without_a_hub_nothing_is_noted(hub, commit, review):
    SiteSettings.objects.update(websub_hub="")
    with commit():
        make_post(category=review, published_at=NOW)
    tasks.tell_hub.call()
    assert (hub(), Announcement.objects.count()) == ([], 0)


def test_editors_see_what_the_hub_was_told(hub, client, commit, review):
    with commit():
        make_post(category=review, published_at=NOW)
    client.force_login(make_editor())
    page = client.get(reverse("admin:aggregator_announcement_changelist")).content.decode()
    assert "/category/review/feed/atom/" in page
    row = Announcement.objects.get(topic="/feed/")
    change = reverse("admin:aggregator_announcement_change", args=[row.pk])
    assert client.post(change, {"topic": "/x/"}).status_code == 403
    assert client.get(reverse("admin:aggregator_announcement_add")).status_code == 403


@pytest.mark.parametrize("count", [1, 30])
def test_looking_for_news_takes_the_same_queries_at_any_size(hub, django_assert_num_queries, count):
    for _ in range(count):
        make_post(published_at=LONG_AGO)
        make_pick()
    Post.objects.update(updated_at=LONG_AGO)
    with django_assert_num_queries(6):
        assert announcing.look(now=timezone.now()) == 0


@pytest.mark.parametrize("field", ["withdrawn_at", "until"])
def test_headlines_that_leave_a_collection_are_told_once(hub, time_machine, field):
    pick = make_pick(collection=make_collection(title="Selected"), placed_at=LONG_AGO)
    hidden = make_pick(collection=make_collection(title="Mail", is_public=False))
    tasks.tell_hub.call()
    hub()
    for one in (pick, hidden):
        setattr(one, field, NOW + timedelta(minutes=1))
        one.save()
    time_machine.shift(timedelta(minutes=2))
    tasks.tell_hub.call()
    assert sorted(hub()) == sorted(
        f"{BASE}/selected{path}" for path in ("/feed/", "/feed/atom/", "/feed.json")
    )
    tasks.tell_hub.call()
    assert hub() == []
