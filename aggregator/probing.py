"""Looks at addresses that editors type in, before a feed is added. A side job of the poller.

Views do not touch the network: they leave a Probe, the poller takes it, and the page shows what it
found. What was read is kept, so that adding the feed asks for nothing twice.
"""

import dataclasses
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from aggregator.documents import OfferedFeed, ParsedFeed, ParsedItem
from aggregator.errors import BadStatus, FeedError, FetchError, NotAFeed, WebPage
from aggregator.fetch import Fetched, fetch
from aggregator.kit import Kit, in_database
from aggregator.models import Probe

CLAIM = timedelta(minutes=2)
KEPT = timedelta(days=1)
USUAL_PLACES = ("/feed/", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml")
_ANSWER = (
    *("url", "final_url", "moved_to", "status", "content_type", "etag", "last_modified"),
    *("fresh_for_s", "headers", "links"),
)


@dataclass(slots=True)
class Look:
    """What was found at an address."""

    fetched: Fetched | None = None
    parsed: ParsedFeed | None = None
    error: FeedError | None = None
    offers: tuple[OfferedFeed, ...] = ()
    took_s: float = field(default=0)


def claim_waiting(*, now: datetime, limit: int) -> Sequence[Probe]:
    """Claim addresses that wait, and forget those of yesterday."""
    with transaction.atomic():
        waiting = Probe.objects.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now), state=Probe.State.WAITING
        )
        found = list(waiting.order_by("asked_at").select_for_update(skip_locked=True)[:limit])
        if found:
            keys = [probe.pk for probe in found]
            Probe.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
            Probe.objects.filter(asked_at__lt=now - KEPT).exclude(pk__in=keys).delete()
    return found


async def attend(probe: Probe, kit: Kit) -> None:
    """Look at an address, on a page at the feed that it offers first, and keep what was found."""
    look = await look_at(probe.address, kit)
    await in_database(keep, probe, look)


async def look_at(address: str, kit: Kit) -> Look:
    """Find the feed at an address or on the page there; never raises FeedError."""
    look = await _read(address, kit)
    if isinstance(look.error, WebPage) and look.error.offers:
        offers = look.error.offers
        look = await _read(offers[0].url, kit)
        look.offers = offers
    elif _may_be_elsewhere(address, look.error):
        look = await _in_usual_places(address, kit, look)
    return look


def _may_be_elsewhere(address: str, error: FeedError | None) -> bool:
    """Whether a front page has no feed, so that it is worth looking where most have theirs."""
    is_bare = urlsplit(address).path in {"", "/"} and not urlsplit(address).query
    is_missing = isinstance(error, BadStatus) and error.status == 404
    return is_bare and (is_missing or isinstance(error, NotAFeed))


async def _in_usual_places(address: str, kit: Kit, first: Look) -> Look:
    site = urlsplit(address)
    for place in USUAL_PLACES:
        look = await _read(f"{site.scheme}://{site.netloc}{place}", kit)
        if look.parsed:
            return look
    return first


async def _read(address: str, kit: Kit) -> Look:
    look = Look()

    @asynccontextmanager
    async def turn(host: str) -> AsyncIterator[None]:
        async with kit.turn(host):
            started_at = time.perf_counter()
            try:
                yield
            finally:
                look.took_s += time.perf_counter() - started_at

    try:
        look.fetched = await fetch(kit.session, address, limits=kit.limits, turn=turn)
        look.parsed = await kit.pool.parse(
            look.fetched.body,
            url=look.fetched.final_url,
            content_type=look.fetched.content_type,
        )
    except FeedError as error:
        look.error = error
    return look


def keep(probe: Probe, look: Look) -> None:
    """Write what was found into the probe's row."""
    probe.state = Probe.State.FOUND if look.parsed else Probe.State.FAILED
    probe.claimed_until = None
    probe.answer = _answer_to_json(look)
    probe.document = to_json(look.parsed) if look.parsed else None
    probe.offered_feeds = [dataclasses.asdict(offer) for offer in look.offers]
    if look.fetched:
        probe.url = look.fetched.moved_to or look.fetched.url
    if look.error:
        probe.error, probe.advice = look.error.reason, str(look.error.advice)
    probe.save()


def _answer_to_json(look: Look) -> dict[str, Any]:
    answer: dict[str, Any] = {"took_s": round(look.took_s, 3)}
    if look.fetched:
        answer |= {name: getattr(look.fetched, name) for name in _ANSWER}
        answer["bytes"] = len(look.fetched.body)
        answer["body_hash"] = sha256(look.fetched.body).hexdigest()
    elif isinstance(look.error, FetchError):
        answer |= {"status": look.error.status, "headers": dict(look.error.headers)}
    return answer


def fetched_of(probe: Probe) -> Fetched:
    """Return the answer that a probe has kept; the body itself is gone."""
    return Fetched(**{name: probe.answer[name] for name in _ANSWER}, body=b"")


def to_json(parsed: ParsedFeed) -> dict[str, Any]:
    """Return a parsed feed as data that JSON can hold; ``from_json`` reads it."""
    document = dataclasses.asdict(parsed)
    for item in document["items"]:
        item["dated_at"] = item["dated_at"] and item["dated_at"].isoformat()
    return document


def from_json(document: dict[str, Any]) -> ParsedFeed:
    """Return the parsed feed that ``to_json`` has written."""
    return ParsedFeed(**document | {"items": tuple(_items(document["items"]))})


def _items(items: Sequence[dict[str, Any]]) -> Iterator[ParsedItem]:
    for item in items:
        dated_at = item["dated_at"] and datetime.fromisoformat(item["dated_at"])
        yield ParsedItem(**item | {"dated_at": dated_at or None})
