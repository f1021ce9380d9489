"""How fast the site answers, against a bare Django view under the same server in the same run.

    .venv/bin/python -m benchmarks.serve [--seconds 5] [--server granian] [--posts 10000]

Fills a database with an archive, starts site and reference under the production server, drives
each page with wrk at concurrency 1, 16 and 64, and prints requests/s, latencies, memory, queries
and CPU a page, and the ratio to the reference.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.load import drive, require_wrk
from benchmarks.proxy import behind_nginx
from benchmarks.servers import ROOT, running, site_environment

if TYPE_CHECKING:
    from django.test import Client

CONCURRENCY = (1, 16, 64)
CPU_ROUNDS, CPU_OPENINGS = 12, 10


def main() -> None:
    """Prepare, measure and print."""
    options = _options()
    require_wrk()
    with tempfile.TemporaryDirectory() as folder:
        environment = site_environment(Path(folder))
        os.environ |= environment
        pages = _prepare(options)
        _print_cost(pages)
        for server in options.server:
            _measure(server, pages, environment, options)
        if options.nginx:
            _measure_proxy(pages, environment, options, folder=Path(folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=5, help="length of one run")
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--headlines", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--server", choices=["granian", "gunicorn"], nargs="+", default=["granian"])
    parser.add_argument("--nginx", action="store_true", help="behind deploy/nginx.conf, too")
    return parser.parse_args()


def _prepare(options: argparse.Namespace) -> dict[str, str]:
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    import django

    django.setup()
    from benchmarks.archive import fill
    from blog.models import Category, Post

    started = time.perf_counter()
    fill(posts=options.posts, headlines=options.headlines)
    print(
        f"{options.posts:,} posts and {options.headlines:,} headlines "
        f"written in {time.perf_counter() - started:.0f} s"
    )
    middle = Post.objects.published()[options.posts // 2]
    return {
        "home": "/",
        "post": middle.get_absolute_url(),
        "category": Category.objects.all()[0].get_absolute_url(),
        "collection": "/selected-articles/",
        "feed": "/feed/",
    }


def _print_cost(pages: dict[str, str]) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    settings.PAGE_CACHE = False  # what it costs to make each page
    client = Client(SERVER_NAME="127.0.0.1")
    print(f"\n{'page':<12}{'queries':>8}{'CPU ms':>8}{'bytes':>9}")
    for name, path in pages.items():
        for _ in range(5):
            client.get(path)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
        count = len(queries)  # now, since each request empties the log
        cpu_ms = min(_cpu_ms(client, path) for _ in range(CPU_ROUNDS))
        print(f"{name:<12}{count:>8}{cpu_ms:>8.2f}{len(response.content):>9,}")


def _cpu_ms(client: "Client", path: str) -> float:
    """Return what one opening of a page costs, on average over a round."""
    started = time.process_time()
    for _ in range(CPU_OPENINGS):
        client.get(path)
    return (time.process_time() - started) / CPU_OPENINGS * 1000


def _measure(
    server: str, pages: dict[str, str], environment: dict[str, str], options: argparse.Namespace
) -> None:
    size = {"workers": options.workers, "threads": options.threads}
    print(f"\n{server}, {options.workers} workers × {options.threads} threads")
    print(f"{'page':<12}{'conc.':>6}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'of ref.':>10}")
    reference: dict[int, float] = {}
    with running(server, "benchmarks.hello:application", {}, **size) as hello:
        _measure_page("hello", hello.url, reference, options.seconds)
        print(f"{'':<12}memory {hello.memory_mib():.0f} MiB")
    with running(server, "newsandtimes.wsgi:application", environment, **size) as site:
        for name, path in pages.items():
            _measure_page(name, site.url + path, reference, options.seconds)
        print(f"{'':<12}memory {site.memory_mib():.0f} MiB")


def _measure_proxy(
    pages: dict[str, str], environment: dict[str, str], options: argparse.Namespace, *, folder: Path
) -> None:
    """Compare nginx's cache of each page with nginx serving the same bytes as a file."""
    size = {"workers": options.workers, "threads": options.threads}
    print("\nbehind nginx with deploy/nginx.conf, against a file of the same bytes")
    with running("granian", "newsandtimes.wsgi:application", environment, **size) as site:
        for name, path in pages.items():
            with behind_nginx(site.url, folder / f"nginx-{name}", path=path) as proxy:
                reference: dict[int, float] = {}
                _measure_page("file", proxy.file_url, reference, options.seconds)
                _measure_page(name, proxy.url + path, reference, options.seconds)


def _measure_page(name: str, url: str, reference: dict[int, float], seconds: int) -> None:
    drive(url, connections=4, seconds=1)  # warms the workers
    for concurrency in CONCURRENCY:
        load = drive(url, connections=concurrency, seconds=seconds)
        ratio = load.requests_s / reference.setdefault(concurrency, load.requests_s)
        failed = f"  {load.errors} ERRORS" if load.errors else ""
        print(
            f"{name:<12}{concurrency:>6}{load.requests_s:>9.0f}{load.p50_ms:>9.2f}"
            f"{load.p99_ms:>9.2f}{ratio:>9.1%}{failed}",
            flush=True,
        )


if __name__ == "__main__":
    main()
