"""The poller that most aggregators written with Django have; a reference, in a database of its own.

    python -m benchmarks.naive PORT FEEDS

requests, feedparser, one get_or_create for each entry, one save for each feed; nothing is cleaned.
Prints feeds a second.
"""

import sys
import time
from datetime import UTC, datetime
from hashlib import sha256

import django
import feedparser
import requests
from django.core.management import call_command

from benchmarks.feed_server import address_of

django.setup()

from django.utils import timezone  # noqa: E402  models can be loaded only now

from aggregator.models import Feed  # noqa: E402


def main() -> None:
    """Poll the first feeds of the server once."""
    port, count = (int(argument) for argument in sys.argv[1:3])
    call_command("migrate", verbosity=0)
    feeds = [
        Feed.objects.get_or_create(url=f"http://{address_of(number)}:{port}/feed.xml")[0]
        for number in range(count)
    ]
    started = time.perf_counter()
    for feed in feeds:
        poll(feed)
    print(len(feeds) / (time.perf_counter() - started))


def poll(feed: Feed) -> None:
    """Fetch and store one feed."""
    headers = {"If-None-Match": feed.etag} if feed.etag else {}
    response = requests.get(feed.url, headers=headers, timeout=30)
    if response.status_code == 200:
        document = feedparser.parse(response.content)
        feed.title = document.feed.get("title", "")
        for entry in document.entries:
            store(feed, entry)
    feed.etag = response.headers.get("ETag", "")
    feed.last_polled_at = timezone.now()
    feed.save()


def store(feed: Feed, entry: feedparser.FeedParserDict) -> None:
    """Store one entry unless it is there."""
    published_at = datetime(*entry.published_parsed[:6], tzinfo=UTC)
    feed.headlines.get_or_create(
        key=sha256(entry.id.encode()).hexdigest(),
        defaults={
            "title": entry.title,
            "url": entry.link,
            "summary": entry.summary[:500],
            "published_at": published_at,
            "dated_at": published_at,
        },
    )


if __name__ == "__main__":
    main()
