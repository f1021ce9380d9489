"""Fills a site as its Desk sees it: feeds in folders, headlines of many days, their stories."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from benchmarks.newsroom import VOCABULARY

FEEDS_A_FOLDER = 50
LANGUAGES = ("en", "en-GB", "uk", "ru", "de")
WORD, RARE = "kharkiv", "zaporizhzhia"
SHARE, SHARE_OF_RARE = 0.02, 0.0002
TOLD_BY = [2] * 50 + [3] * 22 + [4] * 12 + [6] * 8 + [10] * 5 + [25] * 2 + [60]
"""Of so many headlines stories are; single ones are none."""
IN_STORIES = 0.4
STEP = 10_000
_SUMMARIES = [" ".join(VOCABULARY[n : n + 30]) for n in range(1_000)]


def fill(*, headlines: int, feeds: int, a_day: int) -> None:
    """Write headlines, ``a_day`` from now backwards, on which nobody has decided."""
    from blog.models import SiteSettings, User

    chance = random.Random(20261128)  # noqa: S311  the same site in every run
    with connection.cursor() as cursor:
        # The full-text indexes are made at the end, in one go: migrate() makes what is missing.
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (trigger,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger}"')
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("PRAGMA cache_size = -400000")
    SiteSettings(title="The Benchmark Review").save()
    User.objects.create_superuser("boss", password="boss-of-the-benchmark")  # noqa: S106
    now = timezone.now()
    outlets = _fill_feeds(feeds)
    for batch in batched(range(headlines), STEP):
        _write(_headline(n, now, outlets, a_day, chance) for n in batch)
    _tell_together(headlines, a_day, now, chance)
    call_command("migrate", verbosity=0)


def _key(number: int) -> int:
    """Return the key of a headline: what came later has a larger one."""
    return 100_000_000 - number


def _fill_feeds(feeds: int) -> Sequence[str]:
    from aggregator.models import Feed

    Feed.objects.bulk_create(
        Feed(
            url=f"https://outlet{n}.example/feed",
            title=f"Outlet {n}",
            folder=f"Folder {n // FEEDS_A_FOLDER:03d}",
            language=LANGUAGES[n % len(LANGUAGES)],
        )
        for n in range(feeds)
    )
    return [f"outlet{n}.example" for n in range(feeds)]


def _headline(
    number: int, now: datetime, outlets: Sequence[str], a_day: int, chance: random.Random
) -> dict[str, Any]:
    feed = chance.randrange(len(outlets))
    at = now - timedelta(days=1) * (number / a_day) - timedelta(seconds=1)
    words = chance.choices(VOCABULARY, k=9)
    if chance.random() < SHARE:
        words[3] = WORD
    if chance.random() < SHARE_OF_RARE:
        words[5] = RARE
    return {
        "id": _key(number),
        "feed_id": feed + 1,
        "key": f"{number:064d}",
        "url": f"https://{outlets[feed]}/{number}",
        "canonical_url": f"https://{outlets[feed]}/{number}",
        "article_key": f"{number:032d}",
        "title": " ".join(words).capitalize(),
        "summary": _SUMMARIES[number % len(_SUMMARIES)],
        "outlet": outlets[feed],
        "language": LANGUAGES[feed % len(LANGUAGES)],
        "first_seen_at": at,
        "published_at": at,
        "updated_at": at,
    }


def _write(rows: Iterator[dict[str, Any]]) -> None:
    from aggregator.models import Headline

    _insert(Headline, list(rows))


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows with their keys, which statements.py leaves to the database."""
    columns = list(model._meta.concrete_fields)
    names = ", ".join(f'"{column.column}"' for column in columns)
    places = ", ".join(["%s"] * len(columns))
    defaults = {column.attname: column.get_default() for column in columns}
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})',  # noqa: S608
            [[_plain((defaults | row)[column.attname]) for column in columns] for row in rows],
        )


def _plain(value: Any) -> Any:
    is_time = isinstance(value, datetime)
    return connection.ops.adapt_datetimefield_value(value) if is_time else value


def _tell_together(headlines: int, a_day: int, now: datetime, chance: random.Random) -> None:
    """Put part of each day's headlines into stories, most of them small and a few large."""
    from aggregator.models import Story, StoryMember

    story = 0
    for day in batched(range(headlines), a_day):
        numbers = chance.sample(day, int(len(day) * IN_STORIES))
        stories, members = [], []
        while numbers:
            told, numbers = _first(numbers, chance.choice(TOLD_BY))
            if len(told) < 2:
                break
            story += 1
            times = [now - timedelta(days=1) * (n / a_day) for n in told]
            stories.append(
                {
                    "id": story,
                    "lead_id": _key(max(told)),
                    "first_seen_at": min(times),
                    "last_seen_at": max(times),
                    "count": len(told),
                }
            )
            members += [
                {
                    "headline_id": _key(n),
                    "story_id": story,
                    "reason": "words",
                    "words": "these, and those",
                    "joined_at": at,
                    "agrees_with_id": _key(max(told)),
                }
                for n, at in zip(told, times, strict=True)
            ]
        _insert(Story, stories)
        _insert(StoryMember, members)


def _first(numbers: list[int], count: int) -> tuple[list[int], list[int]]:
    return numbers[:count], numbers[count:]
