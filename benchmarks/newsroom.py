"""Fills a site with everything that the newsroom lists, in proportion to its posts."""

import hashlib
import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import Any

from django.core.management import call_command
from django.db import connection, models
from django.utils import timezone

from blog.finding import MOST_FOUND

BATCH = 5_000
WORD = "bridge"
"""A word that very many titles hold, at any size more than a page of results shows."""
SHARE = 0.05
SHARE_OF_FEW = 0.3
AT_LEAST = 400
"""So many of each are there at any size: a list that is shorter than its page is no comparison."""
PICKED = 10
"""Of so many headlines one is picked."""
OF_LAST_FEED = 12
"""So many headlines has the feed that is opened and deleted."""
_STEMS = "bri riv arc har tra win let cou ink map мос рік дор мор пот зим".split()
VOCABULARY = [f"{stem}{number:04d}" for number in range(200) for stem in _STEMS]


def fill(*, posts: int) -> None:
    """Write ``posts`` posts, five times as many headlines, half as many tags and so on."""
    chance = random.Random(20261124)  # noqa: S311  the same site in every run
    with connection.cursor() as cursor:
        # The full-text indexes are made at the end, in one go: migrate() makes what is missing.
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (trigger,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{trigger}"')
        cursor.execute("PRAGMA synchronous = OFF")
    _fill_people(posts, chance)
    _fill_texts(posts, chance)
    _fill_feeds(posts, chance)
    _fill_rest(posts, chance)
    call_command("migrate", verbosity=0)


def _write(model: type[models.Model], rows: Iterable[Any]) -> None:
    for batch in batched(rows, BATCH):
        model._default_manager.bulk_create(batch)


def _share(rows: int, *, matches: int = 150) -> float:
    """Return how many of so many rows hold the word, so that ``matches`` do at any size."""
    return min(1, max(SHARE, matches / rows))


def _title(chance: random.Random, *, share: float = SHARE) -> str:
    words = chance.choices(VOCABULARY, k=8)
    if chance.random() < share:
        words[3] = WORD
    return " ".join(words).capitalize()


def _fill_people(posts: int, chance: random.Random) -> None:
    from blog.models import Author, SiteSettings, User
    from newsletter.models import Subscriber

    SiteSettings(title="The Benchmark Review", time_zone="Europe/Kyiv").save()
    User.objects.create_superuser("boss", password="boss-of-the-benchmark")  # noqa: S106
    now = timezone.now()
    few = max(AT_LEAST, posts // 20)
    names = (f"{_title(chance, share=SHARE_OF_FEW)} {n}" for n in range(few))
    _write(Author, (Author(name=name, slug=f"a-{n}") for n, name in enumerate(names)))
    share = _share(posts // 2)
    _write(
        Subscriber,
        (
            Subscriber(
                email=f"{_title(chance, share=share).replace(' ', '.')}.{n}@example.org",
                email_key=f"{n}@example.org",
                state=["active", "active", "active", "unsubscribed", "pending"][n % 5],
                confirmed_at=now - timedelta(days=2 * n % 900) if n % 5 < 4 else None,
                unsubscribed_at=now - timedelta(days=n % 400) if n % 5 == 3 else None,
                key=f"key-{n}",
                language=["en", "uk", "ru"][n % 3],
            )
            for n in range(posts // 2)
        ),
    )


def _fill_texts(posts: int, chance: random.Random) -> None:
    from blog.models import Author, Category, Image, Page, Post, Tag, TaggedPost

    share = _share(posts // 2)
    words = (f"{_title(chance, share=share)} {n}" for n in range(posts // 2))
    _write(Tag, (Tag(name=name, slug=f"t-{n}") for n, name in enumerate(words)))
    _write(Image, (_picture(n, chance) for n in range(max(AT_LEAST, posts // 20))))
    _write(Category, (Category(name=f"Category {n}", slug=f"c-{n}", position=n) for n in range(20)))
    _write(Page, (Page(title=_title(chance), slug=f"page-{n}") for n in range(20)))
    categories = list(Category.objects.values_list("pk", flat=True))
    authors = list(Author.objects.values_list("pk", flat=True))
    tags = list(Tag.objects.values_list("pk", flat=True))
    half = list(Image.objects.values_list("pk", flat=True))[::2]  # the others are in no post
    now = timezone.now()
    made: list[int] = []
    for batch in batched(range(posts), BATCH):
        rows = Post.objects.bulk_create(
            _post(n, now, categories[n % len(categories)], chance.choice(half), chance)
            for n in batch
        )
        made += [row.pk for row in rows]
    # One tag is on every post, the others on few.
    pairs = ((pk, tag) for pk in made for tag in {tags[0], chance.choice(tags)})
    _write(TaggedPost, (TaggedPost(content_object_id=pk, tag_id=tag) for pk, tag in pairs))
    for through, name, others in [
        (Post.categories.through, "category_id", categories),
        (Post.authors.through, "author_id", authors),
    ]:
        _write(through, (through(post_id=pk, **{name: others[pk % len(others)]}) for pk in made))
    Post.objects.exclude(published_at=None).update(updated_at=models.F("published_at"))


def _picture(number: int, chance: random.Random) -> Any:
    from blog.models import Image

    name = f"{number}.jpg"
    digest = hashlib.sha256(name.encode()).hexdigest()
    place = {"file": f"images/{name}", "name": name, "digest": digest, "stage": "ready"}
    return Image(alt=_title(chance, share=SHARE_OF_FEW), width=4, height=3, **place)


def _post(number: int, now: datetime, category: int, image: int, chance: random.Random) -> Any:
    from blog.models import Post

    status = {0: "draft", 1: "review", 2: "withdrawn"}.get(number % 12, "published")
    at = now + timedelta(hours=72) - timedelta(minutes=61 * number)
    return Post(
        title=_title(chance),
        slug=f"post-{number}",
        kind="opinion" if number % 4 == 0 else "article",
        body=f"<p>{_title(chance)}.</p>" * 20,
        category_id=category,
        image_id=image if number % 3 == 0 else None,
        language=["en", "uk", "ru"][number % 3],
        status=status,
        published_at=None if status in {"draft", "review"} else at,
        created_by_id=1 if number % 24 == 0 else None,
    )


def _fill_feeds(posts: int, chance: random.Random) -> None:
    from aggregator.models import Collection, Feed, Headline, Pick, Rule
    from aggregator.statements import insert_many

    number = max(AT_LEAST, posts // 20)
    now = timezone.now()
    _write(
        Feed,
        (
            Feed(
                url=f"https://outlet{n}.example/feed",
                title=f"{_title(chance, share=SHARE_OF_FEW)} {n}",
                health=n % 7,
                folder=f"Folder {n % 6}",
                last_polled_at=now,
                next_poll_at=now + timedelta(hours=1),
                is_active=n % 5 > 0,
            )
            for n in range(number)
        ),
    )
    _write(Collection, (Collection(title=_title(chance), slug=f"col-{n}") for n in range(6)))
    _write(Rule, (Rule(name=_title(chance), words="x") for _ in range(30)))
    feeds = list(Feed.objects.order_by("pk").values_list("pk", flat=True))
    collections = list(Collection.objects.values_list("pk", flat=True))
    share = _share(posts * 5 // PICKED, matches=MOST_FOUND)
    for batch in batched(range(posts * 5), BATCH):
        insert_many(Headline, [_headline(n, now, feeds, share, chance) for n in batch])
    rows = Headline.objects.order_by("pk").values_list("pk", "published_at")
    picks = (
        Pick(
            collection_id=chance.choice(collections),
            headline_id=pk,
            article_key=f"{pk}",
            placed_at=at,
            picked_by_id=1,
            is_pinned=number % 90 == 0,
            withdrawn_at=at if number % 8 == 0 else None,
        )
        for number, (pk, at) in enumerate(rows.iterator(BATCH))
        if number % PICKED == 0
    )
    _write(Pick, picks)


def _headline(
    number: int, now: datetime, feeds: Sequence[int], share: float, chance: random.Random
) -> dict[str, Any]:
    seen = now - timedelta(minutes=number / 2)
    return {
        "feed_id": feeds[-1] if number < OF_LAST_FEED else feeds[number % (len(feeds) - 1)],
        "key": f"{number:064d}",
        "url": f"https://outlet.example/{number}",
        "canonical_url": f"https://outlet.example/{number}",
        "article_key": f"{number}",
        "title": _title(chance, share=share if number % PICKED == 0 else SHARE),
        "summary": f"{_title(chance)} {_title(chance)}",
        "outlet": f"outlet{number % len(feeds)}.example",
        "first_seen_at": seen,
        "published_at": seen,
        "is_hidden": number % 50 == 0,
    }


def _fill_rest(posts: int, chance: random.Random) -> None:
    from django.contrib.redirects.models import Redirect
    from django_tasks_db.models import DBTaskResult

    from blog.models import AuditEntry, NavLink

    _write(
        NavLink,
        (NavLink(label=f"Link {n}", target="/links/", position=n) for n in range(12)),
    )
    former = (_title(chance, share=SHARE_OF_FEW) for _ in range(max(AT_LEAST, posts // 10)))
    _write(
        Redirect,
        (
            Redirect(
                site_id=1,
                old_path=f"/{words.replace(' ', '-')}-{n}/",
                new_path="/",
            )
            for n, words in enumerate(former)
        ),
    )
    now = timezone.now()
    _write(
        AuditEntry,
        (
            AuditEntry(
                kind=["changed", "published", "logged-in"][n % 3],
                user_name=f"user{n % 20}",
                object_name=_title(chance),
                at=now - timedelta(minutes=n),
            )
            for n in range(posts)
        ),
    )
    _write(
        DBTaskResult,
        (
            DBTaskResult(
                task_path="newsandtimes.tasks.sweep",
                args_kwargs={"args": [], "kwargs": {}},
                backend_name="default",
                status="FAILED" if n % 5 == 0 else "SUCCESSFUL",
                run_after=now,
                queue_name="clock" if n % 50 == 0 else "default",
            )
            for n in range(posts // 2)
        ),
    )
