"""Who wants to see which pictures: readers of the collections' first pages, editors at the Desk.

What is wanted becomes a row; the poller fetches it (``fetching``), and the sweep asks from time to
time whether it is wanted still (``sweeping``).
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from aggregator.listing import first_picks
from aggregator.models import Collection, Headline, Thumbnail
from aggregator.models.thumbnail import FOLDER
from blog import changes
from blog.models import SiteSettings

KEPT = timedelta(days=8)
MOST_AT_ONCE = 100
FIRST_PICKS = 60
"""Pictures are fetched for so many headlines of a collection: those of its first two pages."""


def key_of(address: str) -> str:
    """Return what is equal for equal addresses."""
    return hashlib.sha256(address.encode()).hexdigest()


def want(headlines: Iterable[Headline], *, now: datetime, looks_at_pages: bool = False) -> int:
    """Ask for the pictures of up to MOST_AT_ONCE headlines that have none yet; return how many.

    A picture that another headline has named already is not fetched again. A headline whose feed
    names no picture has none, unless its article may be looked at for one (``looks_at_pages``).
    """
    wishes: dict[int, Thumbnail] = {}
    for headline in headlines:
        address = headline.image_url or (headline.url if looks_at_pages else "")
        if headline.thumbnail_id is None and address and len(wishes) < MOST_AT_ONCE:
            wishes[headline.pk] = _row(address, is_page=not headline.image_url, now=now)
    if wishes:
        _ask_for(wishes, now=now)
    return len(wishes)


@transaction.atomic
def _ask_for(wishes: Mapping[int, Thumbnail], *, now: datetime) -> None:
    """Write wishes down, by the keys of their headlines."""
    keys = [wish.key for wish in wishes.values()]
    Thumbnail.objects.bulk_create(wishes.values(), ignore_conflicts=True)
    rows = Thumbnail.objects.filter(key__in=keys)
    rows.update(kept_until=now + KEPT)
    there = dict(rows.values_list("key", "pk"))
    # Readers need not hear of it: pages grow a minute old, and the picture is not there yet.
    with changes.unnoticed():
        Headline.objects.bulk_update(
            [Headline(pk=pk, thumbnail_id=there[wish.key]) for pk, wish in wishes.items()],
            ["thumbnail"],
        )


def _row(address: str, *, is_page: bool, now: datetime) -> Thumbnail:
    token = secrets.token_hex(8)
    return Thumbnail(
        key=key_of(address),
        address=address,
        is_page=is_page,
        folder=f"{FOLDER}/{token[:2]}/{token}",
        next_at=now,
        kept_until=now + KEPT,
    )


def want_for_readers(*, now: datetime) -> int:
    """Ask for the pictures that the first pages of all collections lack, if they show any.

    Articles that an editor has picked are looked at for one where their feeds name none.
    """
    if not SiteSettings.load().shows_outside_pictures:
        return 0
    count = 0
    for collection in Collection.objects.public():
        first = first_picks({collection.pk: FIRST_PICKS}, now=now)
        lacking = [pick for pick in first if pick.headline.thumbnail_id is None]
        by_editors = [pick.headline for pick in lacking if pick.picked_by_id]
        by_feeds = [pick.headline for pick in lacking if not pick.picked_by_id]
        count += want(by_editors, now=now, looks_at_pages=True) + want(by_feeds, now=now)
    return count
