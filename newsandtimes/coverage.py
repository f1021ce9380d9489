"""What else we hold about what a post links to: headlines of the same articles."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from itertools import islice

from aggregator.identity import article_key, canonical_url, host_of
from aggregator.models import Headline
from blog.models import Post

MOST_LINKS = 20
MOST_SHOWN = 5
_MOST_READ = 60
# As clean_html() writes links.
_LINK = re.compile(r'<a [^>]*?href="(https?://[^"]+)"')


@dataclass(frozen=True, slots=True)
class Coverage:
    """A headline beside a post."""

    title: str
    url: str
    name: str
    """The outlet, or the feed that brought another outlet's article."""
    published_at: datetime
    language: str


def coverage_of(post: Post) -> list[Coverage]:
    """Return the headlines of the articles that a post is about or links to: one query at most.

    An article is named once, by the feed that brought it first. The source that the page names
    already is named again only through the feeds of others.
    """
    keys = {key_of(url): url for url in _addresses(post)}
    source = host_of(post.source_url)
    keys.pop("", None)
    if not keys:
        return []
    brought = Headline.objects.public().filter(article_key__in=keys).select_related("feed")
    found: dict[object, Coverage] = {}
    for headline in brought.order_by("first_seen_at", "pk")[:_MOST_READ]:
        is_source = bool(post.source_url) and headline.article_key == key_of(post.source_url)
        if is_source and host_of(headline.feed.site_url or headline.feed.url) == source:
            continue
        mark = headline.feed_id if is_source else headline.article_key
        found.setdefault((is_source, mark), _covered(headline, is_source=is_source))
    return list(found.values())[:MOST_SHOWN]


def key_of(url: str) -> str:
    """Return what is equal for equal articles, "" for what is no address."""
    try:
        return article_key(canonical_url(url))
    except ValueError:
        return ""


def _addresses(post: Post) -> Iterator[str]:
    if post.source_url:
        yield post.source_url
    yield from islice((unescape(found[1]) for found in _LINK.finditer(post.body)), MOST_LINKS)


def _covered(headline: Headline, *, is_source: bool) -> Coverage:
    feed = headline.feed
    return Coverage(
        title=headline.title,
        url=headline.url,
        name=(feed.title or feed.host) if is_source else headline.outlet,
        published_at=headline.published_at,
        language=headline.language,
    )
