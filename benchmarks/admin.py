"""Whether the newsroom's pages cost more where the archive is longer: 1,000 posts against 200,000.

    .venv/bin/python -m benchmarks.admin [--posts 1000 200000] [--keep FOLDER] [--only WORD]

For each size fills an SQLite database (at 200,000 posts: 1 million headlines, 100,000 tags, 10,000
authors and as many feeds, 100,000 subscribers) and opens, as an administrator, the front page, the
search, the calendar and, for every model that the admin knows, its list, the list searched by a
word and under its first filters, and the pages that add, change and delete a row and tell its
history. Prints milliseconds of CPU time (the median of warm openings), the number of queries at
both sizes, and the ratio. Ends with 1 if a ratio is over 1.5, or if a page fails. ``--keep`` fills
each size once and takes it up again.
"""

import argparse
import logging
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import islice
from multiprocessing.pool import Pool
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.newsroom import WORD, fill
from benchmarks.servers import ROOT, site_environment

if TYPE_CHECKING:
    from django.test import Client

WANTED = 1.5
WARM, ROUNDS = 2, 11
FILTERS = 3
"""So many filters of a list are tried, each with its first two choices."""


def main() -> None:
    """Fill both sizes, open their pages in turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, nargs=2, default=[1_000, 200_000])
    parser.add_argument("--keep", type=Path, help="a folder in which the databases stay")
    parser.add_argument("--only", default="", help="pages whose names hold this")
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        # Django is set up for one database in each process.
        spawn.Pool(1) as small,
        spawn.Pool(1) as big,
    ):
        base = options.keep or Path(folder)
        pages = [
            pool.apply(prepare, (base / str(posts), posts))
            for pool, posts in zip((small, big), options.posts, strict=True)
        ]
        over = _compare(small, big, pages, sizes=options.posts, only=options.only)
    sys.exit(1 if over else 0)


def _compare(
    small: Pool, big: Pool, pages: list[dict[str, str]], *, sizes: list[int], only: str
) -> list[str]:
    """Print a line for each page; return those that are slower than wanted."""
    print(f"{'page':<60}{sizes[0]:>8,}{sizes[1]:>9,}{'ratio':>7}{'queries':>9}")
    over, ratios = [], []
    for name in sorted(name for name in pages[1] if only in name and name in pages[0]):
        both = [(small, pages[0][name]), (big, pages[1][name])]
        few, many = (pool.apply(count_queries, (path,)) for pool, path in both)
        # In turns: whatever else this machine does meanwhile, both have of it.
        spent = [[pool.apply(open_once, (path,)) for pool, path in both] for _ in range(ROUNDS)]
        before, after = map(statistics.median, zip(*spent[WARM:], strict=True))
        ratios.append(after / before)
        mark = " !" if ratios[-1] > WANTED else ""
        queries = str(many) if few == many else f"{few}, {many}"
        line = f"{name:<60}{before:>8.1f}{after:>9.1f}{ratios[-1]:>7.2f}{queries:>9}{mark}"
        print(line, flush=True)
        if mark:
            over.append(name)
    print(f"{len(ratios)} pages, median ratio {statistics.median(ratios):.2f}, {len(over)} over")
    return over


def prepare(folder: Path, posts: int) -> dict[str, str]:
    """Fill a database if it is not there yet; return the paths of all pages by their names."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= site_environment(folder)
    logging.getLogger("django.request").setLevel("CRITICAL")  # who may not delete is told so
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    import django

    django.setup()
    filled = folder / "filled"
    if not filled.exists():
        started = time.monotonic()
        fill(posts=posts)
        filled.touch()
        print(f"{posts:,} posts filled in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return dict(_pages())


def _pages() -> Iterator[tuple[str, str]]:
    """Yield the names and paths of all pages, each model's as its admin has them."""
    from django.contrib import admin
    from django.test import RequestFactory
    from django.urls import NoReverseMatch, reverse

    from blog.models import User

    request = RequestFactory().get("/")
    request.user = User.objects.get(username="boss")
    yield "index", reverse("admin:index")
    yield "search a word", f"{reverse('admin:search')}?q={WORD}"
    yield "search a beginning", f"{reverse('admin:search')}?q={WORD[:3]}"
    yield "search nothing", f"{reverse('admin:search')}?q=zzzz"
    yield "calendar of a month", reverse("admin:calendar")
    yield "calendar of a week", f"{reverse('admin:calendar')}?week=2026-11-24"
    for model, model_admin in admin.site._registry.items():
        label = model._meta.label_lower
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        changelist = reverse(f"{name}_changelist")
        yield f"{label} list", changelist
        if model_admin.search_fields:
            yield f"{label} list, searched", f"{changelist}?q={WORD}"
        for query in _filters(model_admin, request):
            yield f"{label} list, {query[:30]}", f"{changelist}{query}"
        if model_admin.has_add_permission(request):
            yield f"{label} add", reverse(f"{name}_add")
        row = model_admin.get_queryset(request).order_by("-pk").first()
        if row is not None:
            for page in ("change", "delete", "history"):
                try:
                    yield f"{label} {page}", reverse(f"{name}_{page}", args=[row.pk])
                except NoReverseMatch:
                    continue


def _filters(model_admin: object, request: object) -> Iterator[str]:
    """Yield the query strings of the first choices of the first filters."""
    changelist = model_admin.get_changelist_instance(request)  # type: ignore[attr-defined]
    for spec in changelist.filter_specs[:FILTERS]:
        choices = [one for one in spec.choices(changelist) if "display" in one]
        yield from (one["query_string"] for one in islice(choices, 1, 3))


def count_queries(path: str) -> int:
    """Return with how many queries a page is made."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _editor().get(path)  # the first one opens the connection, too
    with CaptureQueriesContext(connection) as queries:
        status = _editor().get(path).status_code
        count = len(queries)
    if status not in {200, 302, 403}:
        raise RuntimeError(f"{path} answers {status}")
    return count


def open_once(path: str) -> float:
    """Return the CPU time of opening a page, in milliseconds."""
    client = _editor()
    started = time.process_time()
    client.get(path)
    return (time.process_time() - started) * 1000


@cache
def _editor() -> "Client":
    """Return an administrator's browser."""
    from django.test import Client

    from blog.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="boss"))
    return client


if __name__ == "__main__":
    main()
