"""Takes in pages that editors bring from their browsers: as headlines, which can be picked.

A page whose article a feed has brought already is that headline, and no second one. The others
belong to a source of their own, ``Feed.objects.shared()``, which is never polled.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Q

from aggregator.desk import deciding
from aggregator.desk.turns import wait_for_turn
from aggregator.desk.wishes import Wish
from aggregator.identity import article_key, canonical_url, outlet_host
from aggregator.models import Collection, Decision, Feed, Headline, Pick
from blog.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as an editor describes it; ``url`` has passed ``offers.usable_address``."""

    url: str
    title: str
    quote: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A headline, and whether this page is how it came to us."""

    headline: Headline
    is_new: bool


def known(url: str) -> Headline | None:
    """Return the headline of an article, the first that readers may see, or None."""
    key = article_key(canonical_url(url))
    same = Headline.objects.public().filter(article_key=key) if key else Headline.objects.none()
    return same.order_by("first_seen_at", "pk").first()


@transaction.atomic
def bring(page: Page, *, now: datetime) -> Brought:
    """Return the headline of a page, made of it where nobody has brought the article before.

    One that was hidden among those that editors have shared is seen again.
    """
    if found := known(page.url):
        return Brought(found, is_new=False)
    canonical = canonical_url(page.url)
    fields = {
        "url": page.url,
        "canonical_url": canonical,
        "title": page.title,
        "summary": page.quote,
        "outlet": outlet_host(page.url),
        "language": page.language,
        "published_at": now,
        "first_seen_at": now,
        "updated_at": now,
    }
    headline, is_new = Headline.objects.get_or_create(
        feed=Feed.objects.shared(), key=article_key(canonical), defaults=fields
    )
    if headline.is_hidden:
        headline.is_hidden = False
        headline.save(update_fields=["is_hidden"])
    return Brought(headline, is_new)


@transaction.atomic
def pick_page(page: Page, collection: Collection, *, by: User, now: datetime) -> Pick:
    """Place a page in a collection: a decision as at the Desk, where it can be undone.

    What its editor calls it stands where it has other words; what stands in the pick already stays.
    Where nothing is to be changed nothing is decided, so a button pressed twice decides once.
    Raises what ``deciding.decide`` raises.
    """
    headline = bring(page, now=now).headline
    same = Q(headline=headline) | Q(article_key=headline.article_key)
    picks = Pick.objects.filter(same, collection=collection)
    wait_for_turn()
    placed = picks.first()
    words = _own_words(page, headline, placed)
    if placed is not None and _is_done(placed, words, now=now):
        return placed
    newest = Decision.objects.order_by("-pk").values_list("pk", flat=True)[:1]
    deciding.decide(
        Wish(
            key=uuid4(),
            kind=Decision.Kind.PICK,
            headline=headline.pk,
            known=max(newest, default=0),  # where else it stands is said beside the buttons
            by=by,
            now=now,
            collection=collection.pk,
            words=words,
            saw_words=False,
        )
    )
    return picks.get()


def _is_done(placed: Pick, words: Mapping[str, str], *, now: datetime) -> bool:
    """Whether an editor has picked it already, in these words, and it waits no more."""
    standing = Pick.objects.standing(now=now).filter(pk=placed.pk, picked_by__isnull=False, **words)
    return standing.filter(headline__seen_at__isnull=False).exists()


def _own_words(page: Page, headline: Headline, placed: Pick | None) -> dict[str, str]:
    """Return the words of ours: those that stand in the pick, or in which the page differs."""
    title = page.title if page.title != headline.title else ""
    quote = page.quote if page.quote != headline.summary else ""
    words = {
        "title": (placed.title if placed else "") or title,
        "excerpt": (placed.excerpt if placed else "") or quote,
    }
    return {name: said for name, said in words.items() if said}
