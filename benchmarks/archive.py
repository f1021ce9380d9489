"""Fills a site with an archive of a given size, deterministically."""

import hashlib
import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import batched

from django.utils import timezone

from aggregator.models import Collection, Feed, Headline, Pick
from blog.models import Author, Category, NavLink, Post, SiteSettings

WORDS = (
    "river border railway archive harbour mountain winter market bridge village letter paper "
    "treaty corridor editor station engine museum orchard caravan ledger lantern council школа "
    "дорога море архів потяг лист міст"
).split()
BATCH = 2000


def fill(*, posts: int, headlines: int, feeds: int = 100, collections: int = 3) -> None:
    """Write ``posts`` published posts and ``headlines`` headlines, a tenth of them picked."""
    chance = random.Random(20261123)  # noqa: S311  the same archive in every run
    SiteSettings(title="The Benchmark Review", tagline="Ten thousand posts").save()
    NavLink.objects.bulk_create(
        NavLink(label=label, target=target, place=place)
        for place in NavLink.Place.values
        for label, target in [("Blog", "/"), ("Links", "/links/"), ("Feed", "/feed/")]
    )
    _fill_posts(posts, chance)
    _fill_headlines(headlines, feeds, collections, chance)


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize()


def _fill_posts(number: int, chance: random.Random) -> None:
    authors = [Author.objects.create(name=f"Author {n}") for n in range(5)]
    categories = [Category.objects.create(name=f"Category {n}") for n in range(8)]
    now = timezone.now()
    for batch in batched(range(number), BATCH):
        made = Post.objects.bulk_create(
            _post(n, now - timedelta(minutes=7 + 61 * n), categories[n % 8], chance) for n in batch
        )
        Post.categories.through.objects.bulk_create(
            Post.categories.through(post_id=post.pk, category_id=post.category_id) for post in made
        )
        Post.authors.through.objects.bulk_create(
            Post.authors.through(post_id=post.pk, author_id=chance.choice(authors).pk)
            for post in made
        )


def _post(number: int, published_at: object, category: Category, chance: random.Random) -> Post:
    kind = [Post.Kind.ARTICLE, Post.Kind.ARTICLE, Post.Kind.OPINION, Post.Kind.LINK][number % 4]
    body = "".join(f"<p>{_sentence(chance, 60)}.</p>" for _ in range(12))
    return Post(
        kind=kind,
        title=_sentence(chance, 9),
        slug=f"post-{number}",
        standfirst=_sentence(chance, 25),
        summary=_sentence(chance, 25),
        body="" if kind == Post.Kind.OPINION else body,
        source_url="https://outlet.example/story" if kind == Post.Kind.LINK else "",
        outlet="outlet.example" if kind == Post.Kind.LINK else "",
        category=category,
        status=Post.Status.PUBLISHED,
        published_at=published_at,
        word_count=720,
    )


def _fill_headlines(number: int, feeds: int, collections: int, chance: random.Random) -> None:
    # Those that every site begins with; the first one stands on the front page.
    slugs = ["selected-articles", "tweets", "links"][:collections]
    lists = [Collection.objects.get(slug=slug) for slug in slugs]
    sources = [
        Feed.objects.create(url=f"https://outlet{n}.example/feed", title=f"Outlet {n}")
        for n in range(feeds)
    ]
    for batch in batched(_headlines(number, sources, chance), BATCH):
        made = Headline.objects.bulk_create(batch)
        Pick.objects.bulk_create(
            Pick(collection=chance.choice(lists), headline=one, placed_at=one.published_at)
            for one in made[::10]
        )


def _headlines(number: int, feeds: list[Feed], chance: random.Random) -> Iterator[Headline]:
    now = timezone.now()
    for n in range(number):
        seen = now - timedelta(minutes=3 * n)
        yield Headline(
            feed=feeds[n % len(feeds)],
            key=hashlib.sha256(str(n).encode()).hexdigest(),
            url=f"https://outlet{n % len(feeds)}.example/{n}",
            title=_sentence(chance, 9),
            summary=_sentence(chance, 30),
            outlet=f"outlet{n % len(feeds)}.example",
            first_seen_at=seen,
            published_at=seen,
        )
