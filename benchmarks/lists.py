"""Whether a page far down a list costs more than its second, and a long archive more than a short.

    .venv/bin/python -m benchmarks.lists [--posts 10000 200000 1000000] [--keep FOLDER]

For each size (a multiple of 5,000) fills an SQLite database with posts of twenty years, in eight
categories, by five authors, with one tag on all and one on few, and a collection of 20,000
headlines. Opens, without the page cache, of every list the pages 2, one at the end of the smallest
archive, and 10,000 or the last; the archive, its newest and oldest year and month, posts, and the
front page. Prints milliseconds of CPU time (the least of warm openings), their ratio to the first
page of the kind in the smallest archive, and the number of queries. Ends with 1 if a ratio is over
1.3. ``--keep`` fills each size once and takes it up again.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import batched
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any

from benchmarks.servers import ROOT, site_environment

WANTED = 1.3
WARM, MEASURED = 3, 12
BATCH = FIRST = 5_000
TAGS = 1_000
DEEP = 10_000
SPAN = timedelta(days=20 * 365)


def main() -> None:
    """Fill all sizes, open their pages in turns, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--posts", type=int, nargs="+", default=[10_000, 200_000, 1_000_000])
    parser.add_argument("--keep", type=Path, help="a folder in which the databases stay")
    options = parser.parse_args()
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        base = options.keep or Path(folder)
        # Django is set up for one database in each process.
        pools = [spawn.Pool(1) for _ in options.posts]
        pages = [
            pool.apply(prepare, (base / str(posts), posts))
            for pool, posts in zip(pools, options.posts, strict=True)
        ]
        over = _compare(pools, pages, sizes=options.posts)
        for pool in pools:
            pool.terminate()
    sys.exit(1 if over else 0)


def _compare(pools: list[Pool], pages: list[dict[str, str]], *, sizes: list[int]) -> list[str]:
    """Print a line for each page; return those that cost more than wanted."""
    print(f"{'page':<26}" + "".join(f"{size:>20,}" for size in sizes) + f"{'queries':>10}")
    over, seconds = [], {}
    for name in pages[-1]:
        # In turns: whatever else this machine does meanwhile, all have of it.
        measured = [
            pool.apply(measure, (paths[name],)) if name in paths else None
            for pool, paths in zip(pools, pages, strict=True)
        ]
        kind = name.rpartition(" ")[0]
        if measured[0] is not None:
            seconds[kind] = seconds.get(kind) or measured[0][0]
        cells = ""
        for one in measured:
            ratio = one[0] / seconds[kind] if one else 0
            cells += f"{one[0]:>12.1f} ({ratio:.2f})" if one else f"{'–':>20}"
            if ratio > WANTED:
                over.append(name)
        print(f"{name:<26}{cells}{measured[-1][1]:>10}", flush=True)
    print(f"{len(over)} over {WANTED}: {', '.join(dict.fromkeys(over)) or 'none'}")
    return over


def prepare(folder: Path, posts: int) -> dict[str, str]:
    """Fill a database if it is not there yet; return the paths of all pages by their names."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= site_environment(folder) | {"PAGE_CACHE": "0"}
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
    import django

    django.setup()
    filled = folder / "filled"
    if not filled.exists():
        started = time.monotonic()
        _fill(posts)
        filled.touch()
        print(f"{posts:,} posts filled in {time.monotonic() - started:.0f} s", file=sys.stderr)
    return dict(_pages(posts))


def _pages(posts: int) -> Iterator[tuple[str, str]]:
    """Yield names and paths: a name is a kind and a word more; the ratios are to a kind's first."""
    from blog.models import Post

    newest = Post.objects.published().earliest("-published_at")
    oldest = Post.objects.published().earliest("published_at")
    shares = {"/": 1, "/category/category-0/": 8, "/tag/tag-0/": 1, "/author/author-0/": 5}
    for first, share in shares.items():
        kind = first.strip("/").partition("/")[0] or "home"
        yield f"{kind} 2", f"{first}page/2/"
        yield f"{kind} {9_000 // 10 // share}", f"{first}page/{9_000 // 10 // share}/"
        if posts // 10 // share > DEEP:
            yield f"{kind} {DEEP}", f"{first}page/{DEEP}/"
        elif posts > 10_000:
            last = posts // 10 // share - 1
            yield f"{kind} {last}", f"{first}page/{last}/"
    yield "front page", "/"
    yield "archive all", "/archive/"
    for name, post in (("newest", newest), ("oldest", oldest)):
        at = post.published_at
        yield f"post {name}", post.get_absolute_url()
        yield f"year {name}", f"/{at:%Y}/"
        yield f"month {name}", f"/{at:%Y}/{at:%m}/"
    yield "collection 2", "/links/page/2/"
    yield "collection 16", "/links/page/16/"
    for number in (30, 660):
        yield f"collection {number}", _far_page("links", number)
    yield "corrections 2", "/corrections/page/2/"


def _far_page(slug: str, number: int) -> str:
    """Return the address of a collection's page to which links from page to page lead."""
    from aggregator.models import Collection, Pick
    from aggregator.paging import Place

    collection = Collection.objects.get(slug=slug)
    above = Pick.objects.public().filter(collection=collection)
    last = above[(number - 1) * collection.page_count - 1]
    return f"{collection.get_absolute_url()}page/{number}/before/{Place.of(last)}/"


def measure(path: str) -> tuple[float, int]:
    """Return the least CPU time of a page's warm openings, in milliseconds, and its queries.

    The least is what the page costs; all above it is what else the machine did meanwhile.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "127.0.0.1"})
    with CaptureQueriesContext(connection) as queries:
        status = client.get(path).status_code
        count = len(queries)
    if status != 200:
        raise RuntimeError(f"{path} answers {status}")
    spent = []
    for _ in range(WARM + MEASURED):
        started = time.process_time()
        client.get(path)
        spent.append((time.process_time() - started) * 1000)
    return min(spent[WARM:]), count


def _fill(posts: int) -> None:
    """Write all of it: the first posts by the models, the rest by SQL, then their places."""
    from django.db import connection

    from blog import place_triggers, places

    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (trigger,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger}"')
        cursor.execute("PRAGMA synchronous = OFF")
    gap = SPAN / posts
    _fill_first(gap)
    with connection.cursor() as cursor:
        for statement in _statements(posts // FIRST, gap):
            cursor.execute(statement)
    _fill_headlines()
    places.repair(connection)  # counts once, as long as no trigger counts each row
    place_triggers.build(connection)


def _fill_first(gap: timedelta) -> None:
    """Write sections, authors, tags and the newest posts."""
    from django.utils import timezone

    from blog.models import Author, Category, Post, Tag

    _write(Category, (Category(pk=n, name=f"Category {n}", slug=f"category-{n}") for n in range(8)))
    _write(Author, (Author(pk=n, name=f"Author {n}", slug=f"author-{n}") for n in range(5)))
    _write(Tag, (Tag(pk=n, name=f"Tag {n}", slug=f"tag-{n}") for n in range(TAGS)))
    now = timezone.now()
    Post.objects.bulk_create(
        Post(
            pk=n,
            slug=f"post-{n}",
            title="The title of a post in a long archive",
            body="<p>The text of a post, in a sentence or two of ordinary length.</p>" * 10,
            summary="What the post is about, in one sentence of ordinary length.",
            word_count=50,
            category_id=n % 8,
            status="published",
            published_at=now - n * gap,
        )
        for n in range(1, FIRST + 1)
    )


def _statements(times: int, gap: timedelta) -> Iterator[str]:
    """Yield SQL that has the posts so many times, each time earlier, and puts them into lists."""
    from blog.models import Post

    step_s = FIRST * gap.total_seconds()
    columns = [str(field.column) for field in Post._meta.concrete_fields]
    new = {
        "id": f"id + {FIRST} * n",
        "slug": f"'post-' || (id + {FIRST} * n)",
        "published_at": f"datetime(published_at, '-' || ({step_s} * n) || ' seconds')",
    }
    series = (
        f"WITH RECURSIVE times(n) AS (SELECT 1 UNION SELECT n + 1 FROM times WHERE n < {times - 1})"  # noqa: S608
    )
    values = ", ".join(new.get(column, column) for column in columns)
    if times > 1:
        yield (
            f"{series} INSERT INTO blog_post ({', '.join(columns)}) "  # noqa: S608
            f"SELECT {values} FROM times, blog_post"
        )
    joins = "INSERT INTO blog_post_categories (post_id, category_id) SELECT id, category_id"
    yield f"{joins} FROM blog_post"
    yield "INSERT INTO blog_post_authors (post_id, author_id) SELECT id, id % 5 FROM blog_post"
    tagged = "INSERT INTO blog_taggedpost (content_object_id, tag_id) SELECT id"
    yield f"{tagged}, 0 FROM blog_post"
    yield f"{tagged}, 1 + id % {TAGS - 1} FROM blog_post"
    yield (
        "INSERT INTO blog_correction (post_id, text, made_at) "
        "SELECT id, 'What was wrong.', published_at FROM blog_post WHERE id % 50 = 0"
    )


def _fill_headlines() -> None:
    from django.utils import timezone

    from aggregator.models import Collection, Feed, Headline, Pick

    feed = Feed.objects.create(url="https://outlet.example/feed", title="Outlet")
    links = Collection.objects.get(slug="links")
    links.home_count = 8
    links.save(update_fields=["home_count"])
    now = timezone.now()
    rows = Headline.objects.bulk_create(
        Headline(
            feed=feed,
            key=f"{n:064d}",
            url=f"https://outlet.example/{n}",
            title=f"A headline of ordinary length, number {n}",
            outlet="outlet.example",
            first_seen_at=now,
            published_at=now - timedelta(minutes=n),
        )
        for n in range(20_000)
    )
    picks = (Pick(collection=links, headline=one, placed_at=one.published_at) for one in rows)
    Pick.objects.bulk_create(picks, batch_size=BATCH)


def _write(model: type[Any], rows: Iterable[Any]) -> None:
    for batch in batched(rows, BATCH):
        model._default_manager.bulk_create(batch)


if __name__ == "__main__":
    main()
