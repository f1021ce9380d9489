"""Writes what a poll has brought: headlines and the feed's row, one short transaction a feed."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from aggregator import bookkeeping, claims, hubs, ruling
from aggregator.bookkeeping import Fields, Visit
from aggregator.claims import Claim, LeaseLostError
from aggregator.documents import ParsedFeed
from aggregator.errors import FeedError
from aggregator.fetch import Fetched
from aggregator.identity import host_of
from aggregator.intake import Stored, take_in
from aggregator.models import Feed
from aggregator.redirects import Move
from aggregator.rules import NO_RULES, Rulebook

logger = logging.getLogger(__name__)


def keep_nothing_new(visits: Sequence[tuple[Claim, Visit, Fetched]]) -> None:
    """Write that feeds answered and have nothing new: all of them in one statement.

    What is no longer held stays as it is.
    """
    outcomes = [
        (claim, bookkeeping.after_nothing_new(visit, fetched)) for claim, visit, fetched in visits
    ]
    claims.finish_many(outcomes)
    for (claim, fields), (_, visit, _) in zip(outcomes, visits, strict=True):
        adopt_move(claim.feed, fields, now=visit.now)


def keep_failure(claim: Claim, visit: Visit, error: FeedError) -> Feed.Outcome:
    """Write why a feed could not be read; raises LeaseLostError."""
    fields = bookkeeping.after_failure(visit, error)
    claims.finish(claim, fields)
    return Feed.Outcome(fields["last_outcome"])


@transaction.atomic
def keep_items(
    claim: Claim,
    visit: Visit,
    fetched: Fetched,
    parsed: ParsedFeed,
    *,
    body_hash: str,
    rulebook: Rulebook = NO_RULES,
) -> Stored:
    """Write new and changed headlines, place them where the feed publishes, and the outcome.

    Raises LeaseLostError, and then writes nothing.
    """
    feed = claims.lock(claim)
    stored = take_in(feed, parsed, now=visit.now, rulebook=rulebook)
    fields = bookkeeping.after_items(
        visit,
        fetched,
        parsed,
        outcome=stored.outcome,
        newest_at=stored.newest_at,
        body_hash=body_hash,
    )
    claims.finish_many([(claim, fields | bookkeeping.names_of(feed, parsed))])
    adopt_move(feed, fields, now=visit.now)
    _mind_the_hub(claim.feed, fetched, parsed, stored, now=visit.now)
    return stored


def _mind_the_hub(
    feed: Feed, fetched: Fetched, parsed: ParsedFeed, stored: Stored, *, now: datetime
) -> None:
    hubs.note_poll(feed, found_new=stored.new > 0, now=now)
    hubs.remember(
        feed,
        hub_url=fetched.links.get("hub") or parsed.hub_url,
        topic_url=fetched.links.get("self") or parsed.self_url,
        now=now,
    )


@transaction.atomic
def keep_pushed(feed_id: int, parsed: ParsedFeed, *, now: datetime) -> Stored:
    """Write what a feed's hub has sent. Schedule and validators stay: those are polling's.

    Raises LeaseLostError if the feed is gone or switched off.
    """
    feed = Feed.objects.select_for_update().filter(pk=feed_id, is_active=True).first()
    if feed is None:
        raise LeaseLostError
    stored = take_in(feed, parsed, now=now, rulebook=ruling.load())
    if stored.newest_at:
        Feed.objects.filter(pk=feed_id).update(last_item_at=stored.newest_at)
    return stored


@transaction.atomic
def keep_probed(
    feed: Feed,
    fetched: Fetched,
    parsed: ParsedFeed,
    *,
    now: datetime,
    took_s: float,
    body_hash: str,
    size: int,
) -> Stored:
    """Store for a new feed what an editor has just looked at, so that it is not asked for twice."""
    feed = Feed.objects.select_for_update(of=("self",)).get(pk=feed.pk)
    stored = take_in(feed, parsed, now=now, rulebook=ruling.load())
    visit = Visit(feed=feed, now=now, took_s=took_s, chance=0)
    fields = bookkeeping.after_items(
        visit,
        fetched,
        parsed,
        outcome=stored.outcome,
        newest_at=stored.newest_at,
        body_hash=body_hash,
    )
    names = bookkeeping.names_of(feed, parsed)
    moved = {"moved_to": "", "moved_since": None, "moved_sightings": 0}
    Feed.objects.filter(pk=feed.pk).update(**fields | names | moved | {"last_bytes": size})
    return stored


def adopt_move(feed: Feed, fields: Fields, *, now: datetime) -> bool:
    """Give a feed the address that it has moved to for good, unless another feed has it.

    ``fields`` is what its poll has just left in its row.
    """
    move = Move(
        url=fields["moved_to"], since=fields["moved_since"], sightings=fields["moved_sightings"]
    )
    if not move.is_settled(now=now) or Feed.objects.filter(url=move.url).exists():
        return False
    moved = Feed.objects.filter(pk=feed.pk, url=feed.url).update(
        url=move.url,
        host=host_of(move.url),
        moved_to="",
        moved_since=None,
        moved_sightings=0,
    )
    if moved:
        logger.info("%s has moved for good to %s", feed.url, move.url)
    return bool(moved)
