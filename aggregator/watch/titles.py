"""Which sources are watched from when, and what their outlets call them by now."""

from collections.abc import Collection as Keys
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from aggregator.models import HeadlineVersion, Pick, SourceWatch
from aggregator.watch.verdicts import WEEK
from blog import changes

AT_ONCE = 200


@transaction.atomic
def take_up(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Begin to watch what editors have picked, the newest first; return how many picks.

    The first looks at their links are spread over a week by the keys of their headlines.
    """
    unwatched = Pick.objects.filter(
        picked_by__isnull=False, withdrawn_at__isnull=True, watched_at__isnull=True
    )
    newest = unwatched.order_by("-placed_at", "-pk").select_related("headline")
    picks = list(newest.select_for_update(skip_locked=True, of=("self",))[:limit])
    if not picks:
        return 0
    SourceWatch.objects.bulk_create(_rows(picks, now), ignore_conflicts=True)
    with changes.unnoticed():  # nothing that a reader sees
        Pick.objects.filter(pk__in=[pick.pk for pick in picks]).update(watched_at=now)
    return len(picks)


def _rows(picks: Iterable[Pick], now: datetime) -> Iterable[SourceWatch]:
    picks = list(picks)
    known = _titles_when_placed(picks)
    for pick in picks:
        headline, title = pick.headline, known[pick.pk]
        changed_at = now if title != headline.title else None
        yield SourceWatch(
            headline=headline,
            title=title,
            retitled_at=changed_at,
            asks_at=changed_at,
            next_at=now + _place_in_week(headline.pk),
        )


def _titles_when_placed(picks: Iterable[Pick]) -> dict[int, str]:
    """Return by pick what its outlet called the article when it was placed."""
    picks = list(picks)
    versions = HeadlineVersion.objects.filter(
        headline__in=[pick.headline_id for pick in picks],
        replaced_at__gt=min(pick.placed_at for pick in picks),
    )
    titles = {pick.pk: pick.headline.title for pick in picks}
    for version in versions.order_by("-replaced_at", "-pk"):  # so that the oldest is the last
        for pick in picks:
            is_later = version.replaced_at > pick.placed_at
            if is_later and pick.headline_id == version.headline_id:
                titles[pick.pk] = version.title
    return titles


def _place_in_week(key: int) -> timedelta:
    # The golden ratio puts keys that follow each other far apart.
    return WEEK * ((key * 0.618_033_988_749_895) % 1)


def note_changed(headlines: Keys[int], *, now: datetime) -> None:
    """Ask editors about the picked among ``headlines``, which their outlets have just retitled.

    A title that is again the one that the editor knows asks nothing.
    """
    for watch in SourceWatch.objects.filter(headline__in=headlines).select_related("headline"):
        is_other = watch.title != watch.headline.title
        watch.retitled_at = now if is_other else None
        is_lost = watch.is_lost and watch.settled_state != watch.state
        watch.asks_at = now if is_other else (watch.asks_at if is_lost else None)
        watch.save(update_fields=["retitled_at", "asks_at"])
