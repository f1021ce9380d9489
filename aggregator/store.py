"""Claims feeds for a poller and writes what a poll has brought: one short transaction each."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q

from aggregator import identity
from aggregator.collecting import place_new
from aggregator.documents import ParsedFeed, ParsedItem
from aggregator.errors import BadStatus, FeedError, Gone
from aggregator.fetch import Fetched
from aggregator.models import Feed, FeedQuerySet, Headline
from aggregator.schedule import RHYTHM_WINDOW

LEASE = timedelta(minutes=10)
_NAME_MAX_LENGTH = 200
# What a new version of a headline may bring. Its time stays: a date that is set anew does not
# lift an old item to the top.
_VERSIONED = ("title", "summary", "url")
_FOLLOWING = ("canonical_url", "outlet", "author", "image_url", "language")


class LeaseLostError(Exception):
    """The feed was removed, changed by an editor, or taken over by another poller meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A feed that this poller alone may poll until ``lease``."""

    feed: Feed
    lease: datetime
    recent_items: int
    """How many headlines it published within schedule.RHYTHM_WINDOW."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When the poll ended and when the next one is due."""

    now: datetime
    next_poll_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """How many headlines a poll changed."""

    new: int = 0
    changed: int = 0

    @property
    def outcome(self) -> Feed.Outcome:
        """Whether there was anything new."""
        return Feed.Outcome.CHANGED if self.new or self.changed else Feed.Outcome.UNCHANGED


def claim_due(
    *, now: datetime, due_by: datetime, limit: int, busy_hosts: Iterable[str] = ()
) -> list[Claim]:
    """Take up to ``limit`` feeds that were due at ``due_by``, none of them on a busy host."""
    lease = now + LEASE
    with transaction.atomic():
        feeds = list(
            Feed.objects.due(now=due_by)
            .exclude(_is_on(busy_hosts))
            # SQLite has no row locks; there the whole transaction holds the one write lock.
            .select_for_update(skip_locked=True)[:limit]
        )
        Feed.objects.filter(pk__in=[feed.pk for feed in feeds]).update(claimed_until=lease)
    recent = _recent_items(feeds, now)
    return [Claim(feed=feed, lease=lease, recent_items=recent.get(feed.pk, 0)) for feed in feeds]


def _is_on(hosts: Iterable[str]) -> Q:
    found = Q(pk__in=[])
    if names := "|".join(re.escape(host) for host in hosts):
        # The host of an address: after a user's name, before a port, IPv6 in brackets.
        found |= Q(url__iregex=rf"^https?://([^/?#]*@)?\[?({names})\]?(:[0-9]*)?([/?#]|$)")
    return found


def _recent_items(feeds: Sequence[Feed], now: datetime) -> dict[int, int]:
    recent = Headline.objects.filter(feed__in=feeds, published_at__gt=now - RHYTHM_WINDOW)
    return dict(recent.order_by().values_list("feed").annotate(Count("pk")))


def renew(claim: Claim, *, now: datetime) -> Claim:
    """Prolong a claim that has waited long; raises LeaseLostError."""
    lease = now + LEASE
    if not _held(claim).update(claimed_until=lease):
        raise LeaseLostError
    return Claim(feed=claim.feed, lease=lease, recent_items=claim.recent_items)


def release(claims: Iterable[Claim]) -> None:
    """Give back what was not polled, so that the next poller need not wait for the leases."""
    for claim in claims:
        _held(claim).update(claimed_until=None)


def keep_unchanged(claim: Claim, fetched: Fetched, plan: Plan) -> None:
    """Write that a feed answered and has nothing new; raises LeaseLostError."""
    _finish(claim, plan, **_success(Feed.Outcome.UNCHANGED, fetched, plan.now))


def keep_failure(claim: Claim, error: FeedError, plan: Plan) -> Feed.Outcome:
    """Write why a feed could not be read; raises LeaseLostError.

    One that is gone (410) rests until an editor wakes it.
    """
    is_gone = isinstance(error, Gone)
    outcome = Feed.Outcome.GONE if is_gone else Feed.Outcome.FAILED
    _finish(
        claim,
        plan,
        last_outcome=outcome,
        last_status=error.status if isinstance(error, BadStatus) else None,
        last_error=error.reason,
        failures=F("failures") + 1,
        **({"is_active": False} if is_gone else {}),
    )
    return outcome


@transaction.atomic
def keep_items(
    claim: Claim, fetched: Fetched, parsed: ParsedFeed, plan: Plan, *, body_hash: str
) -> Stored:
    """Write new and changed headlines, place them where the feed publishes, and the outcome.

    Raises LeaseLostError, and then writes nothing.
    """
    feed = _held(claim).select_for_update().first()
    if feed is None:
        raise LeaseLostError
    stored = _store(feed, parsed, plan.now)
    _finish(
        claim,
        plan,
        body_hash=body_hash,
        ttl_s=parsed.ttl_s,
        **_success(stored.outcome, fetched, plan.now),
        **_names(feed, parsed),
    )
    return stored


def _held(claim: Claim) -> FeedQuerySet:
    return Feed.objects.filter(pk=claim.feed.pk, claimed_until=claim.lease)


def _finish(claim: Claim, plan: Plan, **fields: Any) -> None:
    """Write a poll's outcome and end the claim; raises LeaseLostError."""
    if not _held(claim).update(
        last_polled_at=plan.now, next_poll_at=plan.next_poll_at, claimed_until=None, **fields
    ):
        raise LeaseLostError


def _success(outcome: Feed.Outcome, fetched: Fetched, now: datetime) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "last_outcome": outcome,
        "last_status": fetched.status,
        "last_error": "",
        "last_succeeded_at": now,
        "failures": 0,
    }
    # A 304 need not repeat the validators; those that it does not repeat still hold.
    if fetched.etag or not fetched.is_unchanged:
        fields["etag"] = fetched.etag
    if fetched.last_modified or not fetched.is_unchanged:
        fields["last_modified"] = fetched.last_modified
    return fields


def _names(feed: Feed, parsed: ParsedFeed) -> dict[str, str]:
    """Return what the feed says of itself where no editor has said it."""
    said = {
        "title": parsed.title[:_NAME_MAX_LENGTH],
        "site_url": parsed.site_url,
        "language": parsed.language,
    }
    return {name: value for name, value in said.items() if value and not getattr(feed, name)}


def _store(feed: Feed, parsed: ParsedFeed, now: datetime) -> Stored:
    # The first of equal ones is the newest in most feeds.
    items = {item.key: item for item in reversed(parsed.items)}
    known = Headline.objects.filter(feed=feed, key__in=items).only("key", *_VERSIONED)
    changed = [
        _new_version(headline, items[headline.key], now)
        for headline in known
        if _is_changed(headline, items[headline.key])
    ]
    for headline in known:
        del items[headline.key]
    fresh = [_headline(feed, item, now) for item in items.values()]
    Headline.objects.bulk_create(fresh)
    if changed:
        Headline.objects.bulk_update(changed, [*_VERSIONED, *_FOLLOWING, "updated_at"])
    if feed.collection_id and fresh:
        place_new(fresh, collection_id=feed.collection_id)
    return Stored(new=len(fresh), changed=len(changed))


def _headline(feed: Feed, item: ParsedItem, now: datetime) -> Headline:
    return Headline(
        feed=feed,
        key=item.key,
        **{name: getattr(item, name) for name in (*_VERSIONED, *_FOLLOWING)},
        dated_at=item.dated_at,
        first_seen_at=now,
        updated_at=now,
        published_at=identity.published_at(item.dated_at, first_seen_at=now),
    )


def _is_changed(headline: Headline, item: ParsedItem) -> bool:
    return any(getattr(headline, name) != getattr(item, name) for name in _VERSIONED)


def _new_version(headline: Headline, item: ParsedItem, now: datetime) -> Headline:
    for name in (*_VERSIONED, *_FOLLOWING):
        setattr(headline, name, getattr(item, name))
    headline.updated_at = now
    return headline
