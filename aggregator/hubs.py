"""Our subscriptions at hubs, as rows: wanted, asked for, active, refused (WebSub, W3C 2018)."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from aggregator.models import Feed, HubPush, HubSubscription

SHORTEST_LEASE = timedelta(hours=1)
LONGEST_LEASE = timedelta(days=30)
USUAL_LEASE = timedelta(days=10)
REST_AFTER_REFUSAL = timedelta(days=30)
MOST_WAITING = 20
"""Documents of one hub that may wait to be taken in."""
MISSED_IN_A_ROW = 2
_RENEW_AFTER = 2 / 3
_SECRET_BYTES = 32
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})

State = HubSubscription.State


def of(feed: Feed) -> HubSubscription | None:
    """Return a feed's subscription, which was loaded with the feed."""
    subscription: HubSubscription | None = getattr(feed, "hub", None)
    return subscription


def is_trusted(subscription: HubSubscription | None, *, now: datetime) -> bool:
    """Whether the hub tells us of news, so that polling need only look after it."""
    return (
        subscription is not None
        and subscription.state == State.ACTIVE
        and subscription.lease_until is not None
        and subscription.lease_until > now
    )


def remember(feed: Feed, *, hub_url: str, topic_url: str, now: datetime) -> None:
    """Want a subscription where a feed names a hub; costs no query where nothing has changed."""
    subscription = of(feed)
    if not settings.WEBSUB:
        return
    if not hub_url:
        if subscription:
            subscription.delete()
        return
    wish = (hub_url, topic_url or feed.url)
    if subscription is None:
        _want(feed, *wish, now=now)
    elif (subscription.hub_url, subscription.topic_url) != wish:
        # Another token too, so that the old hub has no say any more.
        subscription.delete()
        _want(feed, *wish, now=now)


def _want(feed: Feed, hub_url: str, topic_url: str, *, now: datetime) -> None:
    HubSubscription.objects.create(
        feed=feed,
        hub_url=hub_url,
        topic_url=topic_url,
        token=secrets.token_urlsafe(_SECRET_BYTES),
        secret=secrets.token_urlsafe(_SECRET_BYTES),
        next_step_at=now,
    )


def note_poll(feed: Feed, *, found_new: bool, now: datetime) -> None:
    """Count news that a poll found and the hub had not told; two in a row, and it keeps silent."""
    subscription = of(feed)
    if subscription is None or not found_new or not is_trusted(subscription, now=now):
        return
    missed = subscription.missed + 1
    state = State.SILENT if missed >= MISSED_IN_A_ROW else subscription.state
    HubSubscription.objects.filter(pk=subscription.pk).update(missed=missed, state=state)


def verify(token: str, *, mode: str, topic: str, lease_s: int | None, now: datetime) -> bool:
    """Take a hub's question whether we have asked; return whether we have, for this topic."""
    subscription = HubSubscription.objects.filter(token=token, asked_at__isnull=False).first()
    if subscription is None or subscription.topic_url != topic:
        return False
    if mode == "denied":
        refuse(subscription, now=now)
        return True
    if mode != "subscribe":
        return False
    lease = USUAL_LEASE if lease_s is None else timedelta(seconds=lease_s)
    lease = min(max(lease, SHORTEST_LEASE), LONGEST_LEASE)
    HubSubscription.objects.filter(pk=subscription.pk).update(
        state=State.ACTIVE,
        lease_until=now + lease,
        next_step_at=now + lease * _RENEW_AFTER,
        failures=0,
        missed=0,
        error="",
    )
    return True


def refuse(subscription: HubSubscription, *, now: datetime, error: str = "") -> None:
    """Let a subscription rest that the hub does not want; it is asked again after a month."""
    HubSubscription.objects.filter(pk=subscription.pk).update(
        state=State.REFUSED,
        lease_until=None,
        next_step_at=now + REST_AFTER_REFUSAL,
        failures=0,
        error=error,
    )


def is_signed(subscription: HubSubscription, body: bytes, signature: str) -> bool:
    """Whether ``X-Hub-Signature`` proves that the hub has sent ``body`` (WebSub 7.1)."""
    method, _, digest = signature.strip().partition("=")
    method = method.lower()
    if method not in _METHODS:
        return False
    made = hmac.new(subscription.secret.encode(), body, getattr(hashlib, method)).hexdigest()
    return hmac.compare_digest(made.encode(), digest.strip().lower().encode())


@transaction.atomic
def keep_push(
    subscription: HubSubscription, body: bytes, *, content_type: str, now: datetime
) -> bool:
    """Keep a signed document until a poller takes it in; False if too many wait already."""
    if subscription.pushes.count() >= MOST_WAITING:
        Feed.objects.filter(pk=subscription.feed_id).update(next_poll_at=now)
        return False
    HubPush.objects.create(
        subscription=subscription, body=body, content_type=content_type[:200], received_at=now
    )
    HubSubscription.objects.filter(pk=subscription.pk).update(last_push_at=now, missed=0)
    still_leased = HubSubscription.objects.filter(
        pk=subscription.pk, state=State.SILENT, lease_until__gt=F("last_push_at")
    )
    still_leased.update(state=State.ACTIVE)
    return True
