"""How fast the poller gets through many feeds, against bare feedparser on one core in the same run.

    .venv/bin/python -m benchmarks.poll [--feeds 2000] [--entries 25]

Serves the feeds on loopback, each at an address of its own, and runs ``manage.py poll_feeds`` three
times: everything new, nothing changed, one new entry in each feed. Prints feeds/s, entries/s, CPU
and memory of each pass.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.family import FamilyMeter
from benchmarks.feed_server import address_of, render
from benchmarks.servers import ROOT, free_port, site_environment

REFERENCE_FEEDS = 100


def main() -> None:
    """Prepare, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--entries", type=int, default=25)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= site_environment(Path(folder)) | {"FETCH_ALLOWED_NETWORKS": "127.0.0.0/8"}
        reference = _reference_entries_s(options.entries)
        print(f"bare feedparser, one core: {reference:,.0f} entries/s")
        port = free_port()
        with _serving(port, options):
            _prepare(port, options)
            _measure_passes(port, options, reference)


def _reference_entries_s(entries: int) -> float:
    import feedparser

    documents = [render(feed, entries=entries) for feed in range(REFERENCE_FEEDS)]
    started = time.process_time()
    for document in documents:
        feedparser.parse(io.BytesIO(document))
    return REFERENCE_FEEDS * entries / (time.process_time() - started)


@contextmanager
def _serving(port: int, options: argparse.Namespace) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.feed_server",
        *(str(number) for number in (port, options.feeds, options.entries)),
    ]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://{address_of(0)}:{port}/feed.xml").close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def _prepare(port: int, options: argparse.Namespace) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
    import django

    django.setup()
    from aggregator.models import Collection, Feed

    collection = Collection.objects.create(title="Selected Articles")
    Feed.objects.bulk_create(
        Feed(
            url=f"http://{address_of(feed)}:{port}/feed.xml",
            # A tenth publishes straight into a collection, as on a real site.
            collection=collection if feed % 10 == 0 else None,
        )
        for feed in range(options.feeds)
    )


def _measure_passes(port: int, options: argparse.Namespace, reference: float) -> None:
    from aggregator.models import Headline

    print(
        f"\n{'pass':<14}{'seconds':>8}{'feeds/s':>9}{'entries/s':>11}{'of feedparser':>15}"
        f"{'CPU s':>8}{'MiB':>6}{'new':>8}"
    )
    for name in ("first", "unchanged", "one new entry"):
        if name == "one new entry":
            urllib.request.urlopen(f"http://{address_of(0)}:{port}/grow").close()
        before = Headline.objects.count()
        seconds, cpu_s, memory_mib = _poll()
        new = Headline.objects.count() - before
        entries = 0 if name == "unchanged" else options.feeds * options.entries
        print(
            f"{name:<14}{seconds:>8.1f}{options.feeds / seconds:>9.0f}{entries / seconds:>11,.0f}"
            f"{entries / seconds / reference:>14.2f}×{cpu_s:>8.1f}{memory_mib:>6.0f}{new:>8,}",
            flush=True,
        )


def _poll() -> tuple[float, float, float]:
    """Run the poller once over all feeds; return wall and CPU seconds and peak memory in MiB."""
    from django.utils import timezone

    from aggregator.models import Feed

    Feed.objects.update(next_poll_at=timezone.now())
    started = time.perf_counter()
    command = [sys.executable, "manage.py", "poll_feeds"]
    poller = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    with FamilyMeter(poller) as meter:
        poller.wait()
    if poller.returncode:
        sys.exit("The poller failed.")
    return time.perf_counter() - started, meter.cpu_s, meter.peak_mib


if __name__ == "__main__":
    main()
