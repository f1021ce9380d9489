"""Deletes the pictures that nobody needs any more, files first, in small steps.

Killed anywhere it goes on: headlines let go of a picture before its files go, and its row goes
last. Needed is what stands in public: picked by an editor for as long as it stands, placed by a
feed for as long as summaries are kept (HEADLINE_BODY_DAYS).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from aggregator.models import Headline, Pick, Thumbnail
from aggregator.retention import Terms
from aggregator.thumbnails.wanting import KEPT
from blog.pictures import files

STEP = 100


def sweep(*, now: datetime, terms: Terms | None = None) -> int:
    """Look at the pictures whose time is over; return how many have gone."""
    terms = terms or Terms.from_settings()
    gone = 0
    while True:
        looked_at, going = _step(now, fresh=terms.body)
        for thumbnail in going:
            files.delete_folder(thumbnail.folder)
        Thumbnail.objects.filter(pk__in=[one.pk for one in going]).delete()
        gone += len(going)
        if looked_at < STEP:
            return gone


@transaction.atomic
def _step(now: datetime, *, fresh: timedelta) -> tuple[int, Sequence[Thumbnail]]:
    """Prolong what is needed, and let headlines go of the rest; return that."""
    over = Thumbnail.objects.filter(kept_until__lt=now).order_by("kept_until", "pk")
    rows = list(over.select_for_update(skip_locked=True)[:STEP])
    public = Pick.objects.public(now=now).order_by()
    needing = public.filter(Q(picked_by__isnull=False) | Q(placed_at__gt=now - fresh))
    needed = set(
        needing.filter(headline__thumbnail__in=[row.pk for row in rows]).values_list(
            "headline__thumbnail", flat=True
        )
    )
    kept = [row.pk for row in rows if row.pk in needed and row.state != Thumbnail.State.GOING]
    Thumbnail.objects.filter(pk__in=kept).update(kept_until=now + KEPT)
    going = [row for row in rows if row.pk not in kept]
    keys = [row.pk for row in going]
    # From here on no page names it; a page that does was made before, and is made anew.
    Headline.objects.filter(thumbnail__in=keys).update(thumbnail=None)
    Thumbnail.objects.filter(pk__in=keys).update(state=Thumbnail.State.GOING)
    return len(rows), going
