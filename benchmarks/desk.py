"""How long the Desk takes: its screens, filters, decisions, at 1 million headlines.

    .venv/bin/python -m benchmarks.desk [--headlines 10000 1000000] [--keep FOLDER]

For each size fills an SQLite database: 5,000 feeds in folders, 20,000 headlines a day, two fifths
of them in stories, none decided (at 1 million 140,000 wait), and opens the Desk as an editor does.
Prints milliseconds of CPU time (the median of warm requests, middleware and templates included) and
the number of queries at both sizes; of the same run, as references, the admin's own list of
headlines, and the Desk's first screen without the indexes of what waits. Ends with 1 if a request
takes more than 150 ms at the larger size. ``--keep`` fills each size once and takes it up again.
"""

import argparse
import json
import logging
import multiprocessing
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.desk_fill import RARE, WORD, fill
from benchmarks.servers import ROOT, site_environment

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

WANTED_MS = 150
WARM, ROUNDS = 2, 9
FEEDS, A_DAY = 5_000, 20_000
DEPTH = 50
DESK = "/admin/desk/"
SCREENS = {
    "first screen": "",
    "by weight": "?order=weight",
    "a feed": "?feed=7",
    "a folder": "?folder=Folder+007",
    "a folder that is not there": "?folder=Nowhere",
    "a language": "?language=en",
    "a language that nobody speaks": "?language=fr",
    "a word that many titles hold": f"?words={WORD}",
    "a word that few titles hold": f"?words={RARE}",
    "the last hour": "?hours=1",
    "decided ones too": "?all=1",
    "folder, language and weight": "?folder=Folder+007&language=uk&order=weight",
}

type Line = tuple[float, int]
"""Milliseconds, and queries."""


def main() -> None:
    """Fill both sizes, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--headlines", type=int, nargs=2, default=[10_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="a folder in which the databases stay")
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    results: list[dict[str, Line]] = []
    with tempfile.TemporaryDirectory() as folder:
        base = options.keep or Path(folder)
        for size in options.headlines:
            # Django is set up for one database in each process.
            with spawn.Pool(1) as pool:
                results.append(pool.apply(measure, (base / str(size), size)))
    sys.exit(1 if _print(results, options.headlines) else 0)


def _print(results: list[dict[str, Line]], sizes: list[int]) -> list[str]:
    """Print a line for each request; return those that take longer than wanted."""
    print(f"{'ms':<42}{sizes[0]:>10,}{sizes[1]:>12,}{'ratio':>7}{'queries':>9}")
    over = []
    for name, (many, queries) in results[1].items():
        few = results[0][name][0]
        is_over = many > WANTED_MS and not name.startswith(("reference", "worker"))
        over += [name] if is_over else []
        mark = " !" if is_over else ""
        print(f"{name:<42}{few:>10.1f}{many:>12.1f}{many / few:>7.2f}{queries:>9}{mark}")
    return over


def measure(folder: Path, headlines: int) -> dict[str, Line]:
    """Fill a database if it is not there yet; return what each request takes."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= site_environment(folder)
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    import django

    django.setup()
    logging.getLogger("django").setLevel("ERROR")
    filled = folder / "filled"
    if not filled.exists():
        started = time.monotonic()
        fill(headlines=headlines, feeds=FEEDS, a_day=A_DAY)
        filled.touch()
        print(f"{headlines:,} filled in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return {**dict(_screens()), **dict(_deeds()), **dict(_references())}


def _screens() -> Iterator[tuple[str, Line]]:
    for name, query in SCREENS.items():
        yield name, _timed(partial(_get, DESK + query))
    for order, name in (("", "further screens"), ("?order=weight", "further screens by weight")):
        took, path = _walk(f"{DESK}rows/{order}")
        yield f"{name} (median)", (statistics.median(took), _queries(partial(_get, path)))
        yield f"{name} (the last of {DEPTH})", _timed(partial(_get, path))


def _walk(path: str) -> tuple[list[float], str]:
    """Go on from screen to screen; return what each took, and where the last one is."""
    took, page = [], _get(path)
    for _ in range(DEPTH):
        more = re.search(r'class="desk-more"[^>]*href="([^"]+)"', page)
        if more is None:
            break
        path = f"{DESK}rows/?{more[1].partition('?')[2]}".replace("&amp;", "&")
        started = time.process_time()
        page = _get(path)
        took.append((time.process_time() - started) * 1000)
    return took, path


def _deeds() -> Iterator[tuple[str, Line]]:
    """Decide on rows in the middle of the list, and take all of it back."""
    rows = re.findall(r'data-headline="(\d+)"[^>]*data-known="(\d+)"', _get(f"{DESK}rows/"))
    cursor = re.findall(r'data-cursor="([^"]+)"', _get(f"{DESK}rows/"))
    for kind in ("drop", "pick", "star"):
        left = iter(rows)

        def decide(kind: str = kind, left: Iterator[tuple[str, str]] = left) -> Any:
            headline, known = next(left)
            return _post("decide/", kind=kind, headline=headline, known=known)

        yield f"decide: {kind}", _timed(decide)
        yield f"undo: {kind}", _timed(lambda: _post("undo/"))
        _undo_all()
    yield "news, nothing new", _timed(lambda: _get(f"{DESK}news/?since=9999999&top={cursor[0]}"))
    took = []
    for _ in range(5):
        started = time.process_time()
        _post("seen/", before=cursor[10])
        took.append((time.process_time() - started) * 1000)
        _post("undo/")
        _finish()
    yield "all older are seen, the first steps", (statistics.median(took), 0)
    _post("seen/", before=cursor[10])
    yield "worker: the rest of them (s)", (_finish(), 0)
    _post("undo/")
    yield "worker: the rest taken back (s)", (_finish(), 0)


def _references() -> Iterator[tuple[str, Line]]:
    changelist = "/admin/aggregator/headline/"
    yield "reference: the admin's list", _timed(lambda: _get(changelist))
    yield (
        "reference: the admin's list of a feed",
        _timed(lambda: _get(f"{changelist}?feed__id__exact=7")),
    )
    with _without_indexes():
        yield "reference: without the indexes", _timed(lambda: _get(DESK), rounds=3)


@contextmanager
def _without_indexes() -> Iterator[None]:
    """Take away, for the time of a transaction, what finds that which waits."""
    from django.db import connection, transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in ("headline_waiting", "headline_waiting_of", "headline_newest"):
                cursor.execute(f"DROP INDEX {name}")
        yield
        transaction.set_rollback(True)


def _undo_all() -> None:
    while "undone" in json.loads(_post("undo/", may_fail=True)):
        pass


def _finish() -> float:
    """Do what is left for the worker; return how many seconds it took."""
    from aggregator.desk import bulk

    started = time.process_time()
    for one in bulk.going_on():
        bulk.go_on.func(one.decision)
    return time.process_time() - started


def _timed(request: Callable[[], Any], *, rounds: int = ROUNDS) -> Line:
    took = []
    for _ in range(rounds):
        started = time.process_time()
        request()
        took.append((time.process_time() - started) * 1000)
    return statistics.median(took[min(WARM, rounds - 1) :]), _queries(request)


def _queries(request: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        request()
    return len(queries)


def _get(path: str) -> str:
    return _body(_editor().get(path))


def _post(path: str, *, may_fail: bool = False, **fields: str) -> str:
    fields = {"key": str(uuid.uuid4())} | fields
    response = _editor().post(DESK + path, fields, headers={"accept": "application/json"})
    return _body(response, may_fail=may_fail)


def _body(response: "HttpResponse", *, may_fail: bool = False) -> str:
    if response.status_code != 200 and not may_fail:
        raise RuntimeError(f"{response.status_code}: {response.content[:300]!r}")
    return response.content.decode()


@cache
def _editor() -> "Client":
    from django.test import Client

    from blog.models import User

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.get(username="boss"))
    return client


if __name__ == "__main__":
    main()
