"""The list of feeds, and the page of each."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from aggregator.models import Feed, FeedAccess
from blog.models import AuditEntry
from tests.factories import make_collection, make_editor, make_feed, make_headline, make_user

pytestmark = pytest.mark.django_db
LIST = reverse("admin:aggregator_feed_changelist")
Health = Feed.Health


@pytest.fixture
def editor(client):
    editor = make_editor()
    client.force_login(editor)
    return editor


def page_of(feed):
    return reverse("admin:aggregator_feed_change", args=[feed.pk])


def fields_of(feed, **changed):
    form = {
        "url": feed.url,
        "title": feed.title,
        "is_active": "on",
        "access-TOTAL_FORMS": 1,
        "access-INITIAL_FORMS": FeedAccess.objects.filter(feed=feed).count(),
        "access-MIN_NUM_FORMS": 0,
        "access-MAX_NUM_FORMS": 1,
    }
    if stored := FeedAccess.objects.filter(feed=feed).first():
        form |= {"access-0-id": stored.pk, "access-0-feed": feed.pk}
    return form | changed


def messages(response):
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "waiting for its first poll"),
        ({"health": Health.OK}, "OK"),
        ({"health": Health.SLOW}, "slow"),
        ({"health": Health.SILENT}, "silent"),
        ({"health": Health.BLOCKED}, "blocked"),
        ({"health": Health.FAILING}, "failing"),
        ({"health": Health.FAILING, "is_active": False}, "switched off"),
        ({"health": Health.GONE, "is_active": False}, "gone"),
    ],
)
def test_the_state_of_a_feed_is_said_in_words(client, editor, fields, words):
    feed = make_feed(**fields)
    for page in (LIST, page_of(feed)):
        assert f"{words}</span>" in client.get(page).text


def test_feeds_in_trouble_stand_first_and_are_counted(client, editor):
    well, failing, gone = (
        make_feed(health=health) for health in (Health.OK, Health.FAILING, Health.GONE)
    )
    make_feed(health=Health.OK, title="Z")
    make_feed(health=Health.FAILING, is_active=False, title="Off")
    Feed.objects.filter(pk=gone.pk).update(is_active=False)
    response = client.get(LIST)
    states = [feed.health for feed in response.context["cl"].result_list]
    assert states == sorted(states, reverse=True)
    assert response.context["cl"].result_list[0] == gone
    assert response.context["states"] == [(Health.GONE, 1), (Health.FAILING, 1), (Health.OK, 2)]
    trouble = client.get(f"{LIST}?health__exact={Health.FAILING}")
    assert failing in trouble.context["cl"].result_list
    assert well not in trouble.context["cl"].result_list


def test_feeds_are_filtered_by_folder(client, editor):
    filed = make_feed(folder="Culture")
    make_feed()
    response = client.get(f"{LIST}?folder=Culture")
    assert list(response.context["cl"].result_list) == [filed]


def test_the_list_draws_the_items_of_each_day(client, editor):
    feed, now = make_feed(), timezone.now()
    for days in (0, 0, 1, 13, 20):
        make_headline(feed=feed, published_at=now - timedelta(days=days))
    text = client.get(LIST).text
    assert "Items a day, over 14 days: 4 in all, 2 at most" in text


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=-3), "soon"),
        (timedelta(seconds=50), "soon"),
        (timedelta(minutes=54, seconds=10), "in 54 min"),
        (timedelta(minutes=61), "in 1 hr"),
        (timedelta(hours=23.9), "in 24 hrs"),
        (timedelta(days=7), "in 6 days"),
    ],
)
def test_the_list_tells_when_a_feed_is_asked_next(client, editor, left, words):
    make_feed(next_poll_at=timezone.now() + left, last_succeeded_at=timezone.now())
    text = client.get(LIST).text
    assert f">{words}</time>" in text
    assert ">just now</time>" in text


def test_the_page_tells_what_came_back_and_what_to_do(client, editor):
    feed = make_feed(
        health=Health.BLOCKED,
        last_polled_at=timezone.now(),
        last_status=403,
        last_error="The site refuses us (403).",
        last_error_kind="BadStatus",
        last_headers={"Server": "<nginx>"},
        last_took_ms=1234,
        last_bytes=2048,
        failures=3,
        last_skipped=2,
    )
    text = client.get(page_of(feed)).text
    for words in (
        "The site refuses us (403).",
        "Some sites refuse all robots.",
        "&lt;nginx&gt;",
        "1.2 s",
        "2.0\xa0KB",
        "403",
    ):
        assert words in text


def test_a_permanent_move_is_shown_before_it_is_adopted(client, editor):
    feed = make_feed(
        moved_to="https://new.example/feed", moved_since=timezone.now(), moved_sightings=3
    )
    assert "https://new.example/feed" in client.get(page_of(feed)).text


def test_a_feed_takes_an_address_that_its_page_offers(client, editor):
    offer = {"url": "https://o.example/feed", "title": "News"}
    feed = make_feed(offered_feeds=[offer], failures=3, last_outcome="failed")
    take = reverse("admin:aggregator_feed_take", args=[feed.pk])
    assert take in client.get(page_of(feed)).text
    client.post(take, {"offer": "https://evil.example/"})
    client.get(take)
    feed.refresh_from_db()
    assert feed.url != "https://evil.example/"
    client.post(take, {"offer": "https://o.example/feed"})
    feed.refresh_from_db()
    assert (feed.url, feed.host, feed.failures) == ("https://o.example/feed", "o.example", 0)
    assert feed.next_poll_at <= timezone.now()


def test_an_offer_that_another_feed_has_is_not_taken(client, editor):
    make_feed(url="https://o.example/feed")
    feed = make_feed(offered_feeds=[{"url": "https://o.example/feed", "title": ""}])
    take = reverse("admin:aggregator_feed_take", args=[feed.pk])
    response = client.post(take, {"offer": "https://o.example/feed"}, follow=True)
    assert messages(response) == ["This address is not offered any more, or another feed has it."]


def test_poll_now_makes_the_chosen_feeds_due(client, editor):
    later = timezone.now() + timedelta(days=1)
    chosen, other = make_feed(next_poll_at=later), make_feed(next_poll_at=later)
    data = {"action": "poll_now", "_selected_action": [chosen.pk]}
    response = client.post(LIST, data, follow=True)
    assert messages(response) == ["1 feed will be polled in a moment."]
    assert list(Feed.objects.due(now=timezone.now())) == [chosen]
    client.post(reverse("admin:aggregator_feed_poll", args=[other.pk]))
    assert set(Feed.objects.due(now=timezone.now())) == {chosen, other}


def test_buttons_act_on_post_only_and_for_those_who_may(client):
    viewer = make_user(is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_feed"))
    client.force_login(viewer)
    feed = make_feed(offered_feeds=[{"url": "https://o.example/", "title": ""}])
    for name in ("poll", "take"):
        address = reverse(f"admin:aggregator_feed_{name}", args=[feed.pk])
        assert client.get(address).status_code == 405
        assert client.post(address, {"offer": "https://o.example/"}).status_code == 403


def test_a_feed_is_changed_without_overwriting_the_poller(client, editor):
    collection = make_collection()
    feed = make_feed()
    headline = make_headline(feed=feed)
    Feed.objects.update(etag="poller's", failures=2)
    client.post(page_of(feed), fields_of(feed, title="Ours", collection=collection.pk))
    feed = Feed.objects.get()
    assert (feed.title, feed.etag, feed.failures) == ("Ours", "poller's", 2)
    assert [pick.headline for pick in collection.picks.public()] == [headline]


def test_access_is_stored_and_its_secrets_never_come_out(client, editor):
    feed = make_feed(next_poll_at=timezone.now() + timedelta(days=1))
    secrets = {
        "access-0-header_value": "s3cret-header",
        "access-0-password": "s3cret-password",
        "access-0-cookie": "s3cret=cookie",
        "access-0-proxy": "http://me:s3cret@proxy.example:8080",
    }
    named = {"access-0-header_name": "X-Key", "access-0-username": "us"}
    response = client.post(page_of(feed), fields_of(feed, **secrets, **named))
    assert response.status_code == 302
    stored = FeedAccess.objects.get()
    assert (stored.password, stored.header_value) == ("s3cret-password", "s3cret-header")
    assert stored.proxy == "http://me:s3cret@proxy.example:8080"
    text = client.get(page_of(feed)).text
    assert "s3cret" not in text
    assert "One is stored. Left empty, it stays." in text
    kept = AuditEntry.objects.get(kind="changed").changes
    assert {one["field"] for one in kept if one.get("secret")} == set(FeedAccess.SECRETS)
    assert "s3cret" not in str(kept)
    feed.refresh_from_db()
    assert feed.next_poll_at <= timezone.now()


def test_a_secret_stays_unless_it_is_changed_or_taken_out(client, editor):
    feed = make_feed()
    FeedAccess.objects.create(feed=feed, username="us", password="old", cookie="a=b")
    client.post(page_of(feed), fields_of(feed, **{"access-0-username": "we"}))
    stored = FeedAccess.objects.get()
    assert (stored.username, stored.password, stored.cookie) == ("we", "old", "a=b")
    client.post(
        page_of(feed),
        fields_of(
            feed,
            **{
                "access-0-username": "we",
                "access-0-password": "new",
                "access-0-remove_secrets": ["cookie"],
            },
        ),
    )
    stored = FeedAccess.objects.get()
    assert (stored.password, stored.cookie) == ("new", "")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"header_name": "Host", "header_value": "x"}, "has a field of its own"),
        ({"header_name": "X Y", "header_value": "x"}, "one word of Latin letters"),
        ({"header_name": "X-Y"}, "needs a name and a value"),
        ({"cookie": "a=b\r\nX: y"}, "no line breaks"),
        ({"password": "x"}, "needs a user name"),
        ({"proxy": "socks5://x"}, "A proxy is given as"),
    ],
)
def test_access_that_would_break_a_request_is_refused(client, editor, fields, words):
    feed = make_feed()
    data = {f"access-0-{name}": value for name, value in fields.items()}
    response = client.post(page_of(feed), fields_of(feed, **data))
    assert response.status_code == 200
    assert words in response.text
    assert FeedAccess.objects.count() == 0
