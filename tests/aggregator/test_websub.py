"""Subscribing at hubs, and what they send."""

import hashlib
import hmac
import logging
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from asgiref.sync import async_to_sync
from django.urls import reverse
from django.utils import timezone

from aggregator import hubs, pushes, websub
from aggregator.fetch import Limits, open_session
from aggregator.hosts import HostTurns
from aggregator.kit import Kit
from aggregator.models import Feed, Headline, HubPush, HubSubscription
from tests.aggregator.serving import LOOPBACK, Answer, feed_at, make_due, rss
from tests.factories import make_feed

pytestmark = pytest.mark.django_db
State = HubSubscription.State


@pytest.fixture(autouse=True)
def _websub(settings):
    settings.WEBSUB = True
    settings.SITE_URL = "https://review.example.org"


@pytest.fixture
def work(parse_pool):
    """Let a poller do what waits of a side job."""

    async def go(job, now):
        limits = Limits(timeout_s=2)
        async with open_session(
            user_agent="Test", allowed_networks=LOOPBACK, limits=limits
        ) as session:
            kit = Kit(
                session=session,
                limits=limits,
                turns=HostTurns(gap_s=0),
                pool=parse_pool,
                clock=lambda: now,
            )
            from aggregator.kit import in_database

            for piece in await in_database(job.claim_waiting, now=now, limit=8):
                await job.attend(piece, kit)

    return lambda job, now=None: async_to_sync(go)(job, now or timezone.now())


def with_hub(server, *titles):
    links = (
        f'<link xmlns="http://www.w3.org/2005/Atom" rel="hub" href="{server.url("/hub")}"/>'
        '<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="https://o.example/feed"/>'
    )
    return rss(*titles, extra=links.replace("<link", "<a:link").replace("xmlns=", "xmlns:a="))


@pytest.fixture
def subscription(server, poll, work):
    """A feed that was polled once, and whose hub was asked and has accepted."""
    server.answers["/feed"] = Answer(with_hub(server, "A"))
    server.answers["/hub"] = Answer(status=202)
    feed_at(server)
    poll()
    work(websub)
    subscription = HubSubscription.objects.get()
    assert hubs.verify(
        subscription.token,
        mode="subscribe",
        topic=subscription.topic_url,
        lease_s=864_000,
        now=timezone.now(),
    )
    subscription.refresh_from_db()
    return subscription


def address(subscription):
    return reverse("websub-callback", args=[subscription.token])


def push(client, subscription, body, *, method="sha256", secret=None):
    key = (secret or subscription.secret).encode()
    digest = hmac.new(key, body, method).hexdigest()
    return client.post(
        address(subscription),
        body,
        content_type="application/rss+xml",
        headers={"X-Hub-Signature": f"{method}={digest}"},
    )


def test_a_feed_that_names_a_hub_is_subscribed_to(server, poll, work):
    server.answers["/feed"] = Answer(with_hub(server, "A"))
    server.answers["/hub"] = Answer(status=202)
    feed_at(server)
    poll()
    work(websub)
    asked = server.asked[-1]
    subscription = HubSubscription.objects.get()
    assert (asked.method, asked.path) == ("POST", "/hub")
    assert dict(parse_qsl(asked.body.decode())) == {
        "hub.mode": "subscribe",
        "hub.topic": "https://o.example/feed",
        "hub.callback": f"https://review.example.org/websub/{subscription.token}/",
        "hub.secret": subscription.secret,
        "hub.lease_seconds": "864000",
    }
    assert subscription.state == State.ASKED
    assert len(subscription.secret) < 200
    assert len(subscription.token) >= 43


def test_link_headers_name_a_hub_too(server, poll):
    links = '<https://hub.example/>; rel="hub", </feed>; rel="self"'
    server.answers["/feed"] = Answer(rss("A"), headers={"Link": links})
    feed_at(server)
    poll()
    subscription = HubSubscription.objects.get()
    assert subscription.hub_url == "https://hub.example/"
    assert subscription.topic_url == server.url("/feed")


def test_without_websub_nobody_is_asked(server, poll, work, settings):
    settings.WEBSUB = False
    server.answers["/feed"] = Answer(with_hub(server, "A"))
    feed_at(server)
    poll()
    work(websub)
    assert HubSubscription.objects.count() == 0
    assert len(server.asked) == 1


def test_a_hub_on_a_private_address_is_not_asked(work):
    feed = make_feed()
    now = timezone.now()
    hubs.remember(feed, hub_url="http://10.1.2.3/hub", topic_url="", now=now)
    work(websub, now)
    subscription = HubSubscription.objects.get()
    assert "10.1.2.3, which is not on the public internet" in subscription.error


def test_an_unchanged_hub_costs_no_query(subscription, django_assert_num_queries):
    feed = Feed.objects.select_related("hub").get()
    with django_assert_num_queries(0):
        hubs.remember(
            feed,
            hub_url=subscription.hub_url,
            topic_url=subscription.topic_url,
            now=timezone.now(),
        )


def test_another_hub_gets_another_token_and_no_hub_ends_it(subscription):
    now = timezone.now()
    feed = Feed.objects.select_related("hub").get()
    hubs.remember(feed, hub_url="https://other.example/", topic_url="", now=now)
    other = HubSubscription.objects.get()
    assert other.token != subscription.token
    feed = Feed.objects.select_related("hub").get()
    hubs.remember(feed, hub_url="", topic_url="", now=now)
    assert HubSubscription.objects.count() == 0


@pytest.mark.parametrize(
    ("lease", "days"), [("864000", 10), ("1", 1 / 24), ("99999999", 30), ("", 10), ("x", 10)]
)
def test_the_hubs_question_is_answered_with_its_challenge(client, subscription, lease, days):
    query = {
        "hub.mode": "subscribe",
        "hub.topic": subscription.topic_url,
        "hub.challenge": "<b>echo</b>",
        "hub.lease_seconds": lease,
    }
    response = client.get(address(subscription), query)
    assert (response.status_code, response.content) == (200, b"<b>echo</b>")
    assert response["Content-Type"] == "text/plain"
    subscription.refresh_from_db()
    left = subscription.lease_until - timezone.now()
    assert left == pytest.approx(timedelta(days=days), abs=timedelta(seconds=20))
    renewal = subscription.next_step_at - timezone.now()
    assert renewal == pytest.approx(left * 2 / 3, abs=timedelta(seconds=20))


@pytest.mark.parametrize(
    "wrong",
    [{"hub.topic": "https://o.example/other"}, {"hub.mode": "unsubscribe"}, {"hub.mode": ""}],
)
def test_a_question_that_we_have_not_given_cause_for_is_denied(client, subscription, wrong):
    query = {"hub.mode": "subscribe", "hub.topic": subscription.topic_url, "hub.challenge": "x"}
    assert client.get(address(subscription), query | wrong).status_code == 404
    assert client.get("/websub/guessed/", query).status_code == 404


def test_before_we_have_asked_nobody_is_answered(client):
    hubs.remember(make_feed(), hub_url="https://h.example/", topic_url="", now=timezone.now())
    early = HubSubscription.objects.get()
    query = {"hub.mode": "subscribe", "hub.topic": early.topic_url, "hub.challenge": "x"}
    assert client.get(address(early), query).status_code == 404
    assert push(client, early, rss("A")).status_code == 404


def test_a_hub_that_denies_is_left_alone_for_a_month(client, subscription, work, server):
    query = {"hub.mode": "denied", "hub.topic": subscription.topic_url}
    client.get(address(subscription), query)
    subscription.refresh_from_db()
    assert subscription.state == State.REFUSED
    asked = len(server.asked)
    work(websub, timezone.now() + timedelta(days=29))
    assert len(server.asked) == asked
    work(websub, timezone.now() + timedelta(days=31))
    assert len(server.asked) == asked + 1


def test_a_lease_is_renewed_before_it_ends(subscription, work, server):
    asked = len(server.asked)
    work(websub, timezone.now() + timedelta(days=6))
    assert len(server.asked) == asked
    work(websub, timezone.now() + timedelta(days=7))
    subscription.refresh_from_db()
    assert (len(server.asked), subscription.state) == (asked + 1, State.ACTIVE)


def test_a_hub_that_fails_or_never_asks_back_is_tried_some_times(server, poll, work):
    server.answers["/feed"] = Answer(with_hub(server, "A"))
    server.answers["/hub"] = Answer(status=500)
    feed_at(server)
    poll()
    now = timezone.now()
    for _ in range(10):
        work(websub, now)
        now += timedelta(days=2)
    subscription = HubSubscription.objects.get()
    assert sum(asked.path == "/hub" for asked in server.asked) == websub.MOST_TRIES
    assert subscription.state == State.REFUSED
    assert subscription.error == "The site answered with the error 500."


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_signed_content_is_taken_in(client, subscription, work, method):
    response = push(client, subscription, rss("A", "Pushed"), method=method)
    assert (response.status_code, response.content) == (202, b"")
    assert "Set-Cookie" not in response
    work(pushes)
    assert set(Headline.objects.values_list("title", flat=True)) == {"A", "Pushed"}
    assert HubPush.objects.count() == 0


@pytest.mark.parametrize(
    "signature", ["", "sha256=", "sha256=00", "md5=00", "sha256", "none=x", "sha256=ü"]
)
def test_unsigned_content_is_answered_and_ignored(client, subscription, signature, caplog):
    caplog.set_level(logging.WARNING)
    headers = {"X-Hub-Signature": signature.encode().decode("latin-1")}
    response = client.post(
        address(subscription), rss("Evil"), content_type="text/xml", headers=headers
    )
    assert (response.status_code, HubPush.objects.count()) == (202, 0)
    assert caplog.messages == ["A document for https://o.example/feed is not signed as agreed"]


def test_content_signed_with_another_secret_is_ignored(client, subscription):
    push(client, subscription, rss("Evil"), secret="guess")
    assert HubPush.objects.count() == 0
    assert hashlib.sha256(subscription.secret.encode()).hexdigest() != subscription.token


def test_too_much_is_refused(client, subscription, settings):
    settings.FETCH_MAX_BYTES = 1000
    assert push(client, subscription, b"x" * 1001).status_code == 413
    assert push(client, subscription, b"x" * 1000).status_code == 202


def test_a_flood_of_documents_makes_the_feed_due_instead(client, subscription):
    Feed.objects.update(next_poll_at=timezone.now() + timedelta(hours=9))
    for _ in range(hubs.MOST_WAITING + 1):
        push(client, subscription, rss("A"))
    assert HubPush.objects.count() == hubs.MOST_WAITING
    assert Feed.objects.get().next_poll_at <= timezone.now()


def test_what_cannot_be_read_is_thrown_away_and_the_feed_is_polled(client, subscription, work):
    Feed.objects.update(next_poll_at=timezone.now() + timedelta(hours=9))
    push(client, subscription, b"not a feed")
    work(pushes)
    assert HubPush.objects.count() == 0
    assert Feed.objects.get().next_poll_at <= timezone.now()


def test_a_pushed_feed_is_polled_slowly_until_the_lease_ends(subscription, poll, server):
    make_due()
    poll()
    feed = Feed.objects.get()
    assert feed.next_poll_at - timezone.now() > timedelta(hours=5)
    HubSubscription.objects.update(lease_until=timezone.now() - timedelta(hours=1))
    assert not hubs.is_trusted(HubSubscription.objects.get(), now=timezone.now())


def test_a_hub_that_keeps_silent_about_news_loses_our_trust_until_it_speaks(
    client, subscription, poll, server, work
):
    for turn in range(2):
        titles = [f"T{number}" for number in range(turn + 2)]
        server.answers["/feed"] = Answer(with_hub(server, *titles))
        make_due()
        poll()
    subscription.refresh_from_db()
    assert (subscription.state, subscription.missed) == (State.SILENT, 2)
    push(client, subscription, rss("Again"))
    subscription.refresh_from_db()
    assert (subscription.state, subscription.missed) == (State.ACTIVE, 0)


def test_a_hub_that_tells_in_time_keeps_our_trust(client, subscription, poll, server, work):
    for turn in range(3):
        titles = [f"T{number}" for number in range(turn + 2)]
        push(client, subscription, rss(*titles))
        work(pushes)
        server.answers["/feed"] = Answer(with_hub(server, *titles))
        make_due()
        poll()
    subscription.refresh_from_db()
    assert (subscription.state, subscription.missed) == (State.ACTIVE, 0)
