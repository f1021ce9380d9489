"""Which other feeds brought the same article."""

from collections import defaultdict
from collections.abc import Iterable

from aggregator.models import Headline, Pick


def add_sources(picks: Iterable[Pick]) -> None:
    """Fill in ``also_in`` of each pick, the names of the other feeds, in one query for all."""
    by_article = defaultdict(list)
    for pick in picks:
        if pick.headline.article_key:
            by_article[pick.headline.article_key].append(pick)
    if not by_article:
        return
    brought = (
        Headline.objects.public()
        .filter(article_key__in=list(by_article))
        .order_by("first_seen_at", "pk")
        .values_list("article_key", "feed_id", "feed__title", "feed__host")
    )
    names: dict[str, dict[int, str]] = defaultdict(dict)
    for key, feed_id, title, host in brought:
        names[key][feed_id] = title or host
    for key, same in by_article.items():
        for pick in same:
            pick.also_in = [n for feed, n in names[key].items() if feed != pick.headline.feed_id]
