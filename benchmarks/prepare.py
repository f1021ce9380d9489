"""How long it takes to write the ledger of an edition, and whether its memory grows with the list.

    .venv/bin/python -m benchmarks.prepare [--subscribers 10000 1000000]

For each size fills a database with so many subscribers in three languages, of whom a fifth has
chosen topics, a third an hour of their own and a tenth got one of the posts before. Then plans,
freezes and prepares a digest of 40 items, and prints rows/s and the most memory that it took,
above what the process had before, against the first size.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from typing import Any

from benchmarks.servers import site_environment

BATCH = 5_000
ITEMS = 40
CATEGORIES = 5
START = datetime(2026, 11, 23, 7, tzinfo=UTC)
DUE = START + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one size took."""

    rows: int
    variants: int
    seconds: float
    grown_mib: float


def main() -> None:
    """Measure each size with a database and a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--subscribers", type=int, nargs="+", default=[10_000, 1_000_000])
    options = parser.parse_args()
    print(
        f"{'subscribers':>12}{'rows':>12}{'mails':>8}{'seconds':>10}{'rows/s':>10}{'MiB more':>10}"
    )
    for subscribers in options.subscribers:
        # Django is set up for one database in each process.
        with multiprocessing.get_context("spawn").Pool(1) as process:
            one = process.apply(measure, (subscribers,))
        print(
            f"{subscribers:>12,}{one.rows:>12,}{one.variants:>8}{one.seconds:>10.1f}"
            f"{one.rows / one.seconds:>10,.0f}{one.grown_mib:>10.1f}",
            flush=True,
        )


def measure(subscribers: int) -> Measured:
    """Return what it takes to prepare an edition for so many."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= site_environment(Path(folder))
        set_up()
        edition = write_edition()
        fill(subscribers)
        return prepare(edition)


def set_up() -> None:
    """Make the database."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def write_edition() -> Any:
    """Return the next edition of the daily digest, with posts of several categories."""
    from blog.models import Category, Post
    from newsletter.models import Digest, Edition

    digest = Digest.objects.get(audience="daily")
    Digest.objects.exclude(pk=digest.pk).update(is_active=False)
    Digest.objects.filter(pk=digest.pk).update(started_at=START)
    categories = [Category.objects.create(name=f"Category {n}") for n in range(CATEGORIES)]
    for number in range(ITEMS):
        Post.objects.create(
            title=f"Рада ухвалила законопроєкт про відповідальність посадовців, частина {number}",
            body="<p>За законопроєкт проголосували двісті п’ятдесят депутатів.</p>",
            language="uk",
            status="published",
            category=categories[number % CATEGORIES],
            published_at=START + timedelta(minutes=number + 1),
        )
    return Edition.objects.create(digest=digest, due_at=DUE, window_start=START)


def fill(count: int) -> None:
    """Store the subscribers, their topics, and an earlier mail to a tenth of them."""
    from aggregator.statements import insert_many
    from blog.models import Category
    from newsletter.models import Delivery, Subscriber

    topics = list(Category.objects.values_list("pk", flat=True))
    variant = write_earlier()
    chosen = Subscriber.categories.through
    for numbers in batched(range(1, count + 1), BATCH):
        insert_many(Subscriber, [_subscriber(number) for number in numbers])
        insert_many(
            chosen,
            [
                {"subscriber_id": number, "category_id": topics[number // 5 % CATEGORIES]}
                for number in numbers
                if number % 5 == 0
            ],
        )
        insert_many(
            Delivery,
            [
                {
                    "edition_id": variant.edition_id,
                    "subscriber_id": number,
                    "variant_id": variant.pk,
                    "state": "sent",
                    "due_at": START,
                    "message_id": f"earlier.{number}",
                }
                for number in numbers
                if number % 10 == 0
            ],
        )


def write_earlier() -> Any:
    """Return the mail of one post that has gone out as breaking news."""
    from blog.models import Post
    from newsletter.models import Edition, EditionItem, Variant

    post = Post.objects.earliest("pk")
    edition = Edition.objects.create(
        kind="breaking", post=post, state="sent", due_at=START, frozen_at=START
    )
    key = f"post:{post.pk}"
    EditionItem.objects.create(edition=edition, kind="post", key=key, title="", url="/", at=START)
    return Variant.objects.create(
        edition=edition,
        digest_key="1",
        language="en",
        item_keys=[key],
        subject="",
        text="",
        html="",
    )


def _subscriber(number: int) -> dict[str, Any]:
    from newsletter.models.subscriber import new_key

    email = f"reader{number}@example.org"
    return {
        "email": email,
        "email_key": email,
        "key": new_key(),
        "state": "active",
        "language": ("en", "uk", "ru")[number % 3],
        "hour": number % 24 if number % 3 == 0 else None,
        "time_zone": "Europe/Kyiv" if number % 2 else "",
        "confirmed_at": START,
        "created_at": START,
    }


def prepare(edition: Any) -> Measured:
    """Freeze the edition and write its ledger; return what that took."""
    from newsletter.editions.clock import prepare_all
    from newsletter.editions.freezing import settle

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    settle(edition.pk, now=DUE)
    prepare_all(now=DUE, budget_s=float("inf"))
    seconds = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    edition.refresh_from_db()
    if edition.prepared_at != DUE:
        raise RuntimeError("the ledger is not complete")
    return Measured(
        rows=edition.deliveries.count(),
        variants=edition.variants.count(),
        seconds=seconds,
        grown_mib=(after - before) / 1024,
    )


if __name__ == "__main__":
    main()
