"""How fast the poller gets through many feeds, against three references in the same run.

    .venv/bin/python -m benchmarks.poll [--feeds 2000] [--entries 25] [--naive 200]

Serves the feeds on loopback, each at an address of its own and 47 KB long, and goes over them three
times: everything new, one new entry in each feed, nothing changed (304). The references: a bare
aiohttp loop that only downloads, feedparser alone on one core, and the loop that most aggregators
written with Django have (requests, feedparser, get_or_create for each entry), the latter over the
first ``--naive`` of the feeds. Everything but the references' own work is stored and cleaned.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import references
from benchmarks.family import FamilyMeter
from benchmarks.feed_server import address_of, render
from benchmarks.servers import ROOT, free_port, site_environment

PASSES = ("first", "one new entry", "unchanged")
PARSED_BY_REFERENCE = 50


def main() -> None:
    """Prepare, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--entries", type=int, default=25)
    parser.add_argument("--naive", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= site_environment(Path(folder)) | {"FETCH_ALLOWED_NETWORKS": "127.0.0.0/8"}
        port = free_port()
        with serving(port, feeds=options.feeds, entries=options.entries):
            _measure(port, prepare(port, feeds=options.feeds), options)


@contextmanager
def serving(port: int, *, feeds: int, entries: int) -> Iterator[None]:
    """Serve feeds on loopback while the block runs."""
    command = [sys.executable, "-m", "benchmarks.feed_server", str(port), str(feeds), str(entries)]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"http://{address_of(0)}:{port}/feed.xml").close()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)


def prepare(port: int, *, feeds: int) -> list[str]:
    """Make a database with the feeds in it, a tenth of which publishes; return the addresses."""
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, check=True)
    import django

    django.setup()
    from aggregator.models import Collection, Feed

    urls = [f"http://{address_of(feed)}:{port}/feed.xml" for feed in range(feeds)]
    collection = Collection.objects.create(title="Selected Articles")
    Feed.objects.bulk_create(
        Feed(url=url, collection=None if number % 10 else collection)
        for number, url in enumerate(urls)
    )
    return urls


@dataclass(frozen=True)
class Measured:
    """One pass of the poller."""

    feeds_s: float
    cpu_s: float
    memory_mib: float


def poll(feeds: int) -> Measured:
    """Run the poller once over all feeds."""
    from django.utils import timezone

    from aggregator.models import Feed

    Feed.objects.update(next_poll_at=timezone.now())
    command = [sys.executable, "-m", "benchmarks.poller"]
    poller = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    with FamilyMeter(poller) as meter:
        output, _ = poller.communicate()
    if poller.returncode:
        sys.exit("The poller failed.")
    return Measured(feeds / float(output), meter.cpu_s, meter.peak_mib)


def _measure(port: int, urls: list[str], options: argparse.Namespace) -> None:
    etags: dict[str, str] = {}
    documents = [
        render(feed, entries=options.entries) for feed in range(min(len(urls), PARSED_BY_REFERENCE))
    ]
    parsed_s = references.parse_only(documents)
    print(
        f"{len(urls):,} feeds of {options.entries} entries, {len(documents[0]):,} bytes each\n\n"
        f"{'':<15}{'download':>10}{'feedparser':>12}{'naive':>8}{'poller':>9}"
        f"{'of naive':>10}{'CPU s':>8}{'MiB':>6}{'new':>9}\n"
        f"{'pass':<15}{'feeds/s':>10}{'feeds/s':>12}{'feeds/s':>8}{'feeds/s':>9}"
    )
    for name in PASSES:
        if name == "one new entry":
            urllib.request.urlopen(f"http://{address_of(0)}:{port}/grow").close()
        if name != "unchanged":
            etags.clear()
        downloaded_s = references.download_only(urls, etags)
        naive_s = _naively(port, options.naive)
        _print_pass(name, urls, (downloaded_s, parsed_s, naive_s))


def _print_pass(name: str, urls: list[str], references: tuple[float, float, float]) -> None:
    from aggregator.models import Headline

    before = Headline.objects.count()
    ours = poll(len(urls))
    downloaded_s, parsed_s, naive_s = references
    parsed = "–" if name == "unchanged" else f"{parsed_s:.0f}"
    print(
        f"{name:<15}{downloaded_s:>10.0f}{parsed:>12}{naive_s:>8.0f}{ours.feeds_s:>9.0f}"
        f"{ours.feeds_s / naive_s:>9.1f}×{ours.cpu_s:>8.1f}{ours.memory_mib:>6.0f}"
        f"{Headline.objects.count() - before:>9,}",
        flush=True,
    )


def _naively(port: int, feeds: int) -> float:
    """Let the naive loop go over its feeds, in its own database as it left it; return feeds/s."""
    folder = Path(os.environ["DATA_DIR"]) / "naive"
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.naive", str(port), str(feeds)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{folder}/db.sqlite3"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return float(done.stdout)


if __name__ == "__main__":
    main()
