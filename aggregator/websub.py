"""Asks hubs to send us what is new, and renews (https://www.w3.org/TR/websub/). A side job."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from aggregator import hubs, schedule
from aggregator.errors import FetchError
from aggregator.fetch import post_form
from aggregator.kit import Kit, in_database
from aggregator.models import HubSubscription

CLAIM = timedelta(minutes=5)
VERIFIED_WITHIN = timedelta(days=1)
MOST_TRIES = 5


def claim_waiting(*, now: datetime, limit: int) -> Sequence[HubSubscription]:
    """Claim subscriptions whose next step is due, of feeds that are polled."""
    if not settings.WEBSUB:
        return []
    with transaction.atomic():
        waiting = HubSubscription.objects.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
            next_step_at__lte=now,
            feed__is_active=True,
        )
        found = list(
            waiting.order_by("next_step_at").select_for_update(skip_locked=True, of=("self",))[
                :limit
            ]
        )
        keys = [subscription.pk for subscription in found]
        HubSubscription.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
    return found


async def attend(subscription: HubSubscription, kit: Kit) -> None:
    """Ask the hub, and keep what came of it."""
    if subscription.failures >= MOST_TRIES:
        await in_database(_give_up, subscription, now=kit.clock())
        return
    form = {
        "hub.mode": "subscribe",
        "hub.topic": subscription.topic_url,
        "hub.callback": callback_url(subscription),
        "hub.secret": subscription.secret,
        "hub.lease_seconds": str(int(hubs.USUAL_LEASE.total_seconds())),
    }
    # The hub may ask back before it answers.
    await in_database(_note_asked, subscription, now=kit.clock())
    try:
        await post_form(kit.session, subscription.hub_url, form, limits=kit.limits, turn=kit.turn)
    except FetchError as error:
        await in_database(_keep_failure, subscription, error, now=kit.clock())


def callback_url(subscription: HubSubscription) -> str:
    """Return the address at which a hub reaches us; nobody can guess it."""
    path = reverse("websub-callback", args=[subscription.token])
    return urljoin(f"{settings.SITE_URL}/", path.lstrip("/"))


def _note_asked(subscription: HubSubscription, *, now: datetime) -> None:
    """Say that we have asked. If no question comes back in a day, this was a try in vain."""
    is_active = hubs.is_trusted(subscription, now=now)
    HubSubscription.objects.filter(pk=subscription.pk).update(
        state=subscription.state if is_active else HubSubscription.State.ASKED,
        asked_at=now,
        next_step_at=now + VERIFIED_WITHIN,
        failures=subscription.failures + 1,
        claimed_until=None,
    )


def _keep_failure(subscription: HubSubscription, error: FetchError, *, now: datetime) -> None:
    tries = subscription.failures + 1
    HubSubscription.objects.filter(pk=subscription.pk).update(
        error=error.reason,
        next_step_at=schedule.after_failure(now=now, failures=tries, chance=0),
    )


def _give_up(subscription: HubSubscription, *, now: datetime) -> None:
    hubs.refuse(subscription, now=now, error=subscription.error)
    HubSubscription.objects.filter(pk=subscription.pk).update(claimed_until=None)
