"""Fills a site with texts to search: words as frequent as in a language, in two alphabets."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate, batched
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

BATCH = 5_000
WORDS_IN_A_BODY = 300
COMMON, RARE = "harbour", "lighthouse"
SPELLINGS = ("Київ", "Kyiv", "Киев")
_ONSETS = "br k l m n p r s st t tr v z".split()
_VOWELS = "a e i o u".split()
_CYRILLIC = str.maketrans("abeiklmnoprstuvz", "абеіклмнопрстувз")


def fill(*, posts: int, headlines: int) -> None:
    """Write posts and headlines, without the index: ``update_search`` fills that."""
    texts = Texts(random.Random(20261125))  # noqa: S311  the same site in every run
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous = OFF")
    with transaction.atomic():
        _fill_posts(texts, posts)
    with transaction.atomic():
        _fill_headlines(texts, headlines)


class Texts:
    """Makes titles and paragraphs out of a vocabulary whose words follow Zipf's law."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        syllables = [onset + vowel for onset in _ONSETS for vowel in _VOWELS]
        latin = {"".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(60_000)}
        vocabulary = sorted(latin)
        chance.shuffle(vocabulary)
        self.words = [
            word.translate(_CYRILLIC) if number % 2 else word
            for number, word in enumerate(vocabulary)
        ]
        self.weights = list(accumulate(1 / (n + 10) for n in range(len(self.words))))
        self.paragraphs = [self.sentence(60) for _ in range(5_000)]

    def sentence(self, length: int) -> str:
        """Return some words."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=length))

    def title(self) -> str:
        """Return eight words; some of the words that are looked for are among them."""
        words = self.sentence(8)
        draw = self.chance.random()
        if draw < 0.05:
            words = f"{COMMON} {words}"
        elif draw < 0.07:
            words = f"{words} {self.chance.choice(SPELLINGS)}"
        elif draw < 0.0701:
            words = f"{words} {RARE}"
        return words.capitalize()

    def body(self) -> str:
        """Return five paragraphs."""
        return "".join(
            f"<p>{text}.</p>"
            for text in self.chance.choices(self.paragraphs, k=WORDS_IN_A_BODY // 60)
        )


def _fill_posts(texts: Texts, posts: int) -> None:
    from aggregator.statements import insert_many
    from blog.models import Category, Post, SiteSettings

    SiteSettings(title="The Benchmark Review", time_zone="Europe/Kyiv").save()
    categories = Category.objects.bulk_create(
        Category(name=f"Category {n}", slug=f"c-{n}", position=n) for n in range(20)
    )
    keys = [category.pk for category in categories]
    now = timezone.now()
    for batch in batched(_posts(texts, posts, keys, now), BATCH):
        insert_many(Post, batch)
    through = Post.categories.through
    rows = Post.objects.order_by("pk").values_list("pk", "category_id")
    for pairs in batched(rows.iterator(BATCH), BATCH):
        insert_many(through, [{"post_id": pk, "category_id": key} for pk, key in pairs])


def _posts(
    texts: Texts, posts: int, categories: list[int], now: datetime
) -> Iterator[dict[str, Any]]:
    for number in range(posts):
        # The oldest first, as a publication grows; one in twelve is not public.
        at = now - timedelta(minutes=21 * (posts - number))
        yield {
            "slug": f"post-{number}",
            "title": texts.title(),
            "body": texts.body(),
            "category_id": categories[number % len(categories)],
            "status": "published" if number % 12 else "withdrawn",
            "published_at": at,
            "created_at": at,
            "updated_at": at,
            "summary": texts.sentence(30),
            "word_count": WORDS_IN_A_BODY,
        }


def _fill_headlines(texts: Texts, headlines: int) -> None:
    from aggregator.models import Feed, Headline
    from aggregator.statements import insert_many

    feeds = Feed.objects.bulk_create(
        Feed(url=f"https://outlet{n}.example/feed", title=f"Outlet {n}") for n in range(1_000)
    )
    keys = [feed.pk for feed in feeds]
    now = timezone.now()
    for batch in batched(_headlines(texts, headlines, keys, now), BATCH):
        insert_many(Headline, batch)


def _headlines(
    texts: Texts, headlines: int, feeds: list[int], now: datetime
) -> Iterator[dict[str, Any]]:
    for number in range(headlines):
        at = now - timedelta(seconds=8 * (headlines - number))
        yield {
            "feed_id": feeds[number % len(feeds)],
            "key": f"{number:064d}",
            "url": f"https://outlet.example/{number}",
            "canonical_url": f"https://outlet.example/{number}",
            "article_key": f"{number}",
            "title": texts.title(),
            "summary": texts.sentence(25),
            "outlet": f"outlet{number % len(feeds)}.example",
            "first_seen_at": at,
            "published_at": at,
            "updated_at": at,
            "is_hidden": number % 50 == 0,
        }
