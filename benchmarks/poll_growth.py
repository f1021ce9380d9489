"""Whether a poll costs more where more headlines are stored: 10 thousand against 1 million.

    .venv/bin/python -m benchmarks.poll_growth [--feeds 2000] [--stored 10000 1000000]

For each size fills a database with so many older headlines of the same feeds, then polls them
with one new entry in each feed, and unchanged. Prints feeds/s, and the ratio to the smallest size.
"""

import argparse
import multiprocessing
import os
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import batched
from pathlib import Path

from benchmarks.feed_server import address_of
from benchmarks.poll import poll, prepare, serving
from benchmarks.servers import free_port, site_environment

ENTRIES = 25
BATCH = 5000
OLDEST = datetime(2026, 10, 1, tzinfo=UTC)


def main() -> None:
    """Measure each size with a database and a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--stored", type=int, nargs="+", default=[10_000, 1_000_000])
    options = parser.parse_args()
    print(f"{'stored':>12}{'one new entry':>20}{'unchanged':>20}  feeds/s (of the first line)")
    first: Sequence[float] = ()
    for stored in options.stored:
        # Django is set up for one database in each process.
        with multiprocessing.get_context("spawn").Pool(1) as process:
            measured = process.apply(measure, (options.feeds, stored))
        first = first or measured
        shares = [f"{one:,.0f} ({one / of:.2f})" for one, of in zip(measured, first, strict=True)]
        print(f"{stored:>12,}{shares[0]:>20}{shares[1]:>20}", flush=True)


def measure(feeds: int, stored: int) -> tuple[float, float]:
    """Return feeds/s with one new entry each, and unchanged, where ``stored`` headlines are."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= site_environment(Path(folder)) | {"FETCH_ALLOWED_NETWORKS": "127.0.0.0/8"}
        port = free_port()
        with serving(port, feeds=feeds, entries=ENTRIES):
            prepare(port, feeds=feeds)
            fill(stored)
            poll(feeds)
            urllib.request.urlopen(f"http://{address_of(0)}:{port}/grow").close()
            return poll(feeds).feeds_s, poll(feeds).feeds_s


def fill(stored: int) -> None:
    """Give the feeds so many older headlines in all, a tenth of them picked."""
    from aggregator.models import Collection, Feed, Headline, Pick
    from aggregator.statements import insert_many

    feeds = list(Feed.objects.values_list("pk", flat=True))
    collection = Collection.objects.get()
    for batch in batched(range(stored), BATCH):
        insert_many(Headline, list(_headlines(batch, feeds)))
    picked = Headline.objects.order_by("pk").values_list("pk", "published_at", "article_key")
    for rows in batched(picked.iterator(chunk_size=BATCH), BATCH):
        insert_many(
            Pick,
            [
                {
                    "collection_id": collection.pk,
                    "headline_id": pk,
                    "placed_at": at,
                    "article_key": article,
                }
                for pk, at, article in rows[::10]
            ],
        )


def _headlines(numbers: Sequence[int], feeds: Sequence[int]) -> Iterator[dict[str, object]]:
    from aggregator.identity import article_key

    for number in numbers:
        url = f"https://outlet.example/archive/{number}"
        at = OLDEST - timedelta(minutes=number)
        yield {
            "feed_id": feeds[number % len(feeds)],
            "key": sha256(str(number).encode()).hexdigest(),
            "url": url,
            "canonical_url": url,
            "article_key": article_key(url),
            "title": f"Archived story {number} of many: markers and maps before winter",
            "summary": "Both sides said in near-identical statements that it is agreed. " * 3,
            "outlet": "outlet.example",
            "language": "en",
            "first_seen_at": at,
            "published_at": at,
        }


if __name__ == "__main__":
    main()
