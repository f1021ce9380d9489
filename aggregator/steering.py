"""What editors do with feeds: add them, change them, have them polled now."""

from collections.abc import Collection as Names
from datetime import datetime

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F, Value

from aggregator import probing, store
from aggregator.collecting import redirect_feed
from aggregator.models import Collection, Feed, FeedQuerySet, Probe
from aggregator.schedule import SHORTEST

_SAID_BY_THE_FEED = frozenset({"title", "site_url", "language"})


def add_feed(
    url: str, *, collection: Collection | None = None, title: str = "", folder: str = ""
) -> tuple[Feed, bool]:
    """Add the feed at ``url``, due at once, and return it; False with it if it was there already.

    A known feed stays as it is. Raises ValidationError for what is no http(s) address.
    """
    feed = Feed(url=tidy_address(url), collection=collection, title=title, folder=folder)
    feed.full_clean(validate_unique=False)
    return Feed.objects.get_or_create(
        url=feed.url, defaults={"collection": collection, "title": title, "folder": folder}
    )


@transaction.atomic
def add_probed(
    probe: Probe,
    *,
    collection: Collection | None = None,
    title: str = "",
    folder: str = "",
    now: datetime,
) -> tuple[Feed, bool]:
    """Add the feed that a probe has found, with the headlines that it has read already.

    Returns False with the feed if it was there already. Raises ValidationError.
    """
    feed, is_new = add_feed(probe.url, collection=collection, title=title, folder=folder)
    if is_new:
        store.keep_probed(
            feed,
            probing.fetched_of(probe),
            probing.from_json(probe.document or {}),
            now=now,
            took_s=probe.answer["took_s"],
            body_hash=probe.answer["body_hash"],
            size=probe.answer["bytes"],
        )
        feed.refresh_from_db()
    return feed, is_new


def tidy_address(url: str) -> str:
    """Read an address as people write it: ``feed:`` links, and hosts without a scheme."""
    url = url.strip().removeprefix("feed://").removeprefix("feed:").lstrip("/")
    return url if "://" in url else f"https://{url}"


@transaction.atomic
def save_changes(feed: Feed, *, changed: Names[str], now: datetime) -> None:
    """Save those fields of ``feed`` that an editor changed, and what follows from them.

    Only those: what a poller writes at the same moment stays.
    """
    if not changed:
        return
    before = (
        Feed.objects.select_for_update(of=("self",)).select_related("collection").get(pk=feed.pk)
    )
    fields = set(changed)
    if "url" in fields:
        fields |= {"host"} | _forget_the_past(feed)
    if any(not getattr(feed, name) for name in fields & _SAID_BY_THE_FEED):
        # Only a document that is read anew tells the feed's own; a poll that is under way has
        # sent the validators already, so that it loses its claim.
        feed.claimed_until = None
        fields |= _forget_the_answer(feed) | {"claimed_until"}
    if fields & {"url", "is_active"} and feed.is_active:
        # A poll that is under way for the old address loses its claim.
        feed.next_poll_at, feed.claimed_until, feed.failures = now, None, 0
        fields |= {"next_poll_at", "claimed_until", "failures"}
    feed.save(update_fields=fields)
    if "collection" in fields:
        redirect_feed(feed, before=before.collection)


def _forget_the_past(feed: Feed) -> set[str]:
    """Drop what was true of another address only."""
    feed.last_error = feed.last_error_kind = feed.moved_to = ""
    feed.last_outcome = Feed.Outcome.NEVER
    feed.health = Feed.Health.WAITING
    feed.offered_feeds = []
    feed.moved_since, feed.moved_sightings = None, 0
    return _forget_the_answer(feed) | {
        *("last_error", "last_error_kind", "last_outcome", "health", "offered_feeds"),
        *("moved_to", "moved_since", "moved_sightings"),
    }


def _forget_the_answer(feed: Feed) -> set[str]:
    """Have the next answer sent and read whole, even if it is the same again."""
    feed.etag = feed.last_modified = feed.body_hash = ""
    feed.fetched_whole_at = None
    return {"etag", "last_modified", "body_hash", "fetched_whole_at"}


def poll_now(feeds: FeedQuerySet, *, now: datetime) -> int:
    """Make feeds due, each as soon as politeness allows; return how many."""
    active = feeds.filter(is_active=True)
    just_polled = active.filter(last_polled_at__gt=now - SHORTEST)
    soon = ExpressionWrapper(F("last_polled_at") + Value(SHORTEST), output_field=DateTimeField())
    return just_polled.update(next_poll_at=soon) + (
        active.exclude(last_polled_at__gt=now - SHORTEST).update(next_poll_at=now)
    )
