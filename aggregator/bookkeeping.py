"""What a poll leaves in its feed's row: outcome, next turn, health. It only computes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aggregator import health, hubs, schedule
from aggregator.documents import ParsedFeed
from aggregator.errors import BadStatus, FeedError, FetchError, Gone, WebPage
from aggregator.fetch import Fetched
from aggregator.models import Feed
from aggregator.redirects import Move
from aggregator.schedule import Rhythm

NAME_MAX_LENGTH = 200

type Fields = dict[str, Any]
"""New values of columns of Feed, by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One poll of a feed, as it was when it was claimed."""

    feed: Feed
    now: datetime
    """When the answer was there."""
    took_s: float
    """Without the wait for the host's turn."""
    chance: float
    """Between -1 and 1; spreads the next polls."""
    fetched: Fetched | None = None


def after_nothing_new(visit: Visit, fetched: Fetched) -> Fields:
    """Return what changes when the body is the same as before; always the same columns."""
    feed = visit.feed
    rhythm = Rhythm(since=feed.rhythm_since, items=feed.rhythm_items)
    return _answered(visit, fetched, Feed.Outcome.UNCHANGED) | {
        "next_poll_at": _next_poll(visit, fetched, rhythm, feed.ttl_s),
        **_condition(visit, last_item_at=feed.last_item_at, usual_gap_s=feed.usual_gap_s),
    }


def after_items(
    visit: Visit,
    fetched: Fetched,
    parsed: ParsedFeed,
    *,
    outcome: Feed.Outcome,
    newest_at: datetime | None,
    body_hash: str,
) -> Fields:
    """Return what changes when a document was read; ``newest_at``: of the new items, if any."""
    facts = facts_of(visit.feed, parsed, newest_at=newest_at, now=visit.now)
    rhythm = Rhythm(since=facts["rhythm_since"], items=facts["rhythm_items"])
    return (
        _answered(visit, fetched, outcome)
        | facts
        | {
            "next_poll_at": _next_poll(visit, fetched, rhythm, parsed.ttl_s),
            "body_hash": body_hash,
            "last_skipped": parsed.skipped,
            **_condition(
                visit, last_item_at=facts["last_item_at"], usual_gap_s=facts["usual_gap_s"]
            ),
        }
    )


def after_failure(visit: Visit, error: FeedError) -> Fields:
    """Return what changes when a poll failed. A feed that is gone (410) rests."""
    is_gone = isinstance(error, Gone)
    failures = visit.feed.failures + 1
    fields = {
        "last_polled_at": visit.now,
        "next_poll_at": schedule.after_failure(
            now=visit.now,
            failures=failures,
            retry_after_s=error.retry_after_s if isinstance(error, BadStatus) else None,
            chance=visit.chance,
        ),
        "last_outcome": Feed.Outcome.GONE if is_gone else Feed.Outcome.FAILED,
        "last_error": error.reason,
        "last_error_kind": error.kind,
        "last_took_ms": _ms(visit.took_s),
        "failures": failures,
        "offered_feeds": _offers(error),
        **_refused(visit, error),
        **_condition(
            visit,
            last_item_at=visit.feed.last_item_at,
            usual_gap_s=visit.feed.usual_gap_s,
            error=error,
        ),
    }
    return fields | {"is_active": False} if is_gone else fields


def facts_of(
    feed: Feed, parsed: ParsedFeed, *, newest_at: datetime | None, now: datetime
) -> Fields:
    """Return the feed's rhythm as its document shows it; items without dates count when new."""
    dates = [item.dated_at for item in parsed.items if item.dated_at and item.dated_at <= now]
    if not dates and newest_at:
        dates = [newest_at]
    if not dates:
        return {name: getattr(feed, name) for name in _RHYTHM} | {"ttl_s": parsed.ttl_s}
    rhythm = schedule.rhythm_of(dates, now=now)
    gap = health.usual_gap(dates)
    return {
        "rhythm_since": rhythm.since,
        "rhythm_items": rhythm.items,
        "last_item_at": max(dates),
        "usual_gap_s": _whole_seconds(gap) if gap else None,
        "ttl_s": parsed.ttl_s,
    }


_RHYTHM = ("rhythm_since", "rhythm_items", "last_item_at", "usual_gap_s")


def names_of(feed: Feed, parsed: ParsedFeed) -> Fields:
    """Return what the feed says of itself where no editor has said it."""
    said = {
        "title": parsed.title[:NAME_MAX_LENGTH],
        "site_url": parsed.site_url,
        "language": parsed.language,
    }
    return {name: value for name, value in said.items() if value and not getattr(feed, name)}


def _answered(visit: Visit, fetched: Fetched, outcome: Feed.Outcome) -> Fields:
    feed, is_whole = visit.feed, not fetched.is_unchanged
    move = Move(url=feed.moved_to, since=feed.moved_since, sightings=feed.moved_sightings)
    move = move.seen_again(fetched.moved_to, now=visit.now)
    return {
        "last_polled_at": visit.now,
        "last_succeeded_at": visit.now,
        "last_outcome": outcome,
        "last_status": fetched.status,
        "last_error": "",
        "last_error_kind": "",
        "last_headers": fetched.headers,
        "last_bytes": len(fetched.body),
        "last_took_ms": _ms(visit.took_s),
        "failures": 0,
        "offered_feeds": [],
        # A 304 need not repeat the validators; those that it does not repeat still hold.
        "etag": fetched.etag if is_whole else fetched.etag or feed.etag,
        "last_modified": (
            fetched.last_modified if is_whole else fetched.last_modified or feed.last_modified
        ),
        "fetched_whole_at": visit.now if is_whole else feed.fetched_whole_at,
        "moved_to": move.url,
        "moved_since": move.since,
        "moved_sightings": move.sightings,
    }


def _refused(visit: Visit, error: FeedError) -> Fields:
    """Return what came back with an error: from it, or from the answer that could not be read."""
    if isinstance(error, FetchError):
        return {"last_status": error.status, "last_headers": error.headers, "last_bytes": None}
    if visit.fetched:
        return {
            "last_status": visit.fetched.status,
            "last_headers": visit.fetched.headers,
            "last_bytes": len(visit.fetched.body),
        }
    return {"last_status": None, "last_headers": {}, "last_bytes": None}


def _offers(error: FeedError) -> list[dict[str, str]]:
    if not isinstance(error, WebPage):
        return []
    return [{"url": offer.url, "title": offer.title} for offer in error.offers]


def _next_poll(visit: Visit, fetched: Fetched, rhythm: Rhythm, ttl_s: int | None) -> datetime:
    return schedule.after_success(
        now=visit.now,
        rhythm=rhythm,
        wishes=schedule.Wishes(fresh_for_s=fetched.fresh_for_s, ttl_s=ttl_s),
        chance=visit.chance,
        is_pushed=hubs.is_trusted(hubs.of(visit.feed), now=visit.now),
    )


def _condition(
    visit: Visit,
    *,
    last_item_at: datetime | None,
    usual_gap_s: int | None,
    error: FeedError | None = None,
) -> Fields:
    feed = visit.feed
    assessed = health.assess(
        health.Condition(
            error_kind=error.kind if error else "",
            status=error.status if isinstance(error, FetchError) else None,
            failures=feed.failures + 1 if error else 0,
            has_succeeded=feed.last_succeeded_at is not None,
            took_ms=_ms(visit.took_s),
            last_item_at=last_item_at,
            usual_gap=None if usual_gap_s is None else timedelta(seconds=usual_gap_s),
        ),
        now=visit.now,
    )
    since = visit.now if assessed != feed.health else feed.health_since
    return {"health": assessed, "health_since": since}


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def _whole_seconds(gap: timedelta) -> int:
    return int(gap.total_seconds())
