"""What tests of storing share: a claim, an answer, a document that is kept."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from aggregator import claims, store
from aggregator.bookkeeping import Visit
from aggregator.claims import Claimant
from aggregator.fetch import Fetched
from aggregator.models import Feed
from aggregator.parse import parse

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
WE = Claimant(poller=uuid4())


def fetched(**fields):
    nothing = {
        "url": "u",
        "final_url": "u",
        "moved_to": "",
        "status": 200,
        "body": b"",
        "content_type": "",
        "etag": "",
        "last_modified": "",
        "fresh_for_s": None,
    }
    return Fetched(**nothing | fields)


def claim_due(who=WE, now=NOW, **options):
    return claims.claim_due(who, now=now, due_by=now, **{"limit": 100} | options)


def claim_one(feed, now=NOW, who=WE):
    Feed.objects.filter(pk=feed.pk).update(next_poll_at=now, claimed_until=None)
    [claim] = [claim for claim in claim_due(who, now) if claim.feed.pk == feed.pk]
    return claim


def visit(claim, now=NOW, **fields):
    return Visit(**{"feed": claim.feed, "now": now, "took_s": 0.25, "chance": 0} | fields)


def keep(feed, body, now=NOW, claim=None, **answer):
    claim = claim or claim_one(feed, now)
    return store.keep_items(claim, visit(claim, now), fetched(**answer), parse(body), body_hash="h")


def keep_unchanged(feed, now=NOW, claim=None, **answer):
    claim = claim or claim_one(feed, now)
    answer = fetched(**{"status": 304} | answer)
    store.keep_nothing_new([(claim, visit(claim, now), answer)])


def fail(feed, error, now=NOW):
    claim = claim_one(feed, now)
    return store.keep_failure(claim, visit(claim, now), error)


def titles(feed):
    return list(feed.headlines.values_list("title", flat=True))


def item(title, *, guid="", link="", date=""):
    return (
        f"<item><title>{title}</title>"
        + (f"<guid isPermaLink='false'>{guid}</guid>" if guid else "")
        + (f"<link>{link}</link>" if link else "")
        + (f"<pubDate>{date}</pubDate>" if date else "")
        + "</item>"
    )


def document(*items):
    return f"<rss version='2.0'><channel><title>F</title>{''.join(items)}</channel></rss>".encode()
