"""Whether claiming costs more where more feeds are watched: 1 thousand against 100 thousand.

    .venv/bin/python -m benchmarks.claims [--feeds 1000 100000] [--claims 50]

For each size fills a database with feeds on hosts of their own, a tenth of them on hosts with a
hundred feeds each, and lets two pollers in turn claim what is due, 256 feeds at a time, and write
that there was nothing new. Measured twice: with a backlog (all are due) and with an hour's ordinary
turn (a sixtieth is due). Prints milliseconds per claimed feed, and the ratio to the smallest size.
BENCHMARK_DATABASE_URL puts the database elsewhere, such as on PostgreSQL; all feeds in it go.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from benchmarks.servers import ROOT, site_environment

ON_SHARED_HOSTS = 10
FEEDS_PER_SHARED_HOST = 100
AT_ONCE = 256
ORDINARY_SHARE = 60


def main() -> None:
    """Measure each size in a process of its own, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--claims", type=int, default=50)
    options = parser.parse_args()
    print(f"{'feeds':>10}{'backlog':>18}{'ordinary':>18}  ms per feed (of the first line)")
    first: Sequence[float] = ()
    for feeds in options.feeds:
        # Django is set up for one database in each process.
        with multiprocessing.get_context("spawn").Pool(1) as process:
            measured = process.apply(measure, (feeds, options.claims))
        first = first or measured
        shares = [f"{one:.3f} ({one / of:.2f})" for one, of in zip(measured, first, strict=True)]
        print(f"{feeds:>10,}{shares[0]:>18}{shares[1]:>18}", flush=True)


def measure(feeds: int, claims: int) -> tuple[float, float]:
    """Return milliseconds per feed with a backlog, and in an ordinary minute."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= site_environment(Path(folder))
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
        import django

        django.setup()
        _fill(feeds)
        try:
            return _claim(claims, due_share=1), _claim(claims, due_share=ORDINARY_SHARE)
        finally:
            _empty()


def _fill(feeds: int) -> None:
    from aggregator.models import Feed

    _empty()
    Feed.objects.bulk_create(
        (Feed(url=f"http://{_host(number)}/{number}.xml") for number in range(feeds)),
        batch_size=5_000,
    )


def _host(number: int) -> str:
    if number % ON_SHARED_HOSTS:
        return f"host{number}.example"
    return f"shared{number // (ON_SHARED_HOSTS * FEEDS_PER_SHARED_HOST)}.example"


def _empty() -> None:
    from aggregator.models import Feed

    Feed.objects.all().delete()


def _claim(claims: int, *, due_share: int) -> float:
    from django.db.models import F
    from django.db.models.functions import Mod
    from django.utils import timezone

    from aggregator.claims import Claimant, claim_due, finish_many
    from aggregator.models import Feed

    now = timezone.now()
    Feed.objects.update(next_poll_at=now + timedelta(hours=1), last_polled_at=None)
    Feed.objects.alias(turn=Mod(F("pk"), due_share)).filter(turn=0).update(next_poll_at=now)
    pollers = cycle([Claimant(poller=uuid.uuid4()), Claimant(poller=uuid.uuid4())])
    claimed, spent_s = 0, 0.0
    for _ in range(claims):
        now += timedelta(seconds=1)
        started_at = time.perf_counter()
        batch = claim_due(next(pollers), now=now, due_by=now, limit=AT_ONCE)
        finish_many(
            [
                (claim, {"next_poll_at": now + timedelta(hours=1), "last_polled_at": now})
                for claim in batch
            ]
        )
        spent_s += time.perf_counter() - started_at
        claimed += len(batch)
        if not batch:
            break
    return spent_s * 1000 / max(claimed, 1)


if __name__ == "__main__":
    main()
