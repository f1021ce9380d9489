"""How long headlines stay that nobody picked. In small steps, each of them a transaction.

Killed at any instant, it has done whole steps; started again, or twice at once, it goes on with
what is left. Picked headlines stay for ever, withdrawn picks included. A story goes with the last
of its headlines.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from aggregator.models import Fingerprint, Headline, HeadlineVersion, Pick
from aggregator.models.headline import TRIMMED
from aggregator.stories import keeping

STEP = 500
STILL_LISTED_MARGIN = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """For how long what stays."""

    body: timedelta = timedelta(days=30)
    """Summary, author and image of a headline that nobody picked."""
    row: timedelta = timedelta(days=90)
    fingerprint: timedelta = timedelta(days=180)
    """What keeps it from coming back, from then on."""

    @classmethod
    def from_settings(cls) -> "Terms":
        """Return what HEADLINE_BODY_DAYS, HEADLINE_DAYS and FINGERPRINT_DAYS say."""
        return cls(
            body=timedelta(days=settings.HEADLINE_BODY_DAYS),
            row=timedelta(days=settings.HEADLINE_DAYS),
            fingerprint=timedelta(days=settings.FINGERPRINT_DAYS),
        )


@dataclass(slots=True)
class Pruned:
    """How much has gone so far."""

    trimmed: int = 0
    deleted: int = 0
    forgotten: int = 0


def prune(
    terms: Terms, *, now: datetime, on_step: Callable[[Pruned], None] = lambda _: None
) -> Pruned:
    """Delete and trim all that has had its time; ``on_step`` hears how far it is."""
    done = Pruned()
    old = Headline.objects.filter(first_seen_at__lt=now - terms.row)
    for rows in _walk(old, _delete, terms, now):
        done.deleted += rows
        on_step(done)
    untrimmed = Headline.objects.filter(first_seen_at__lt=now - terms.body, trimmed_at__isnull=True)
    for rows in _walk(untrimmed, _trim, terms, now):
        done.trimmed += rows
        on_step(done)
    while rows := _forget(now):
        done.forgotten += rows
        on_step(done)
    return done


type _Step = Callable[[list[int], Terms, datetime], None]


def _walk(headlines: QuerySet[Headline], step: _Step, terms: Terms, now: datetime) -> Iterator[int]:
    """Take unpicked headlines from the oldest on, a step at a time, each row looked at once."""
    unpicked = headlines.filter(~Exists(Pick.objects.filter(headline=OuterRef("pk"))))
    at: tuple[datetime, int] | None = None
    while True:
        with transaction.atomic():
            rest = unpicked if at is None else unpicked.filter(_after(*at))
            rows = list(
                rest.order_by("first_seen_at", "pk")
                .select_for_update(skip_locked=True, of=("self",))
                .values_list("pk", "first_seen_at")[:STEP]
            )
            if not rows:
                return
            step([pk for pk, _ in rows], terms, now)
        at = (rows[-1][1], rows[-1][0])
        yield len(rows)


def _after(first_seen_at: datetime, pk: int) -> Q:
    # Said twice, so that the index on both columns is entered at the right place.
    return Q(first_seen_at__gte=first_seen_at) & (Q(first_seen_at__gt=first_seen_at) | Q(pk__gt=pk))


def _delete(keys: list[int], terms: Terms, now: datetime) -> None:
    rows = Headline.objects.filter(pk__in=keys)
    Fingerprint.objects.bulk_create(
        (
            Fingerprint(feed_id=feed_id, key=key, until=now + terms.fingerprint)
            for feed_id, key in rows.order_by().values_list("feed_id", "key")
        ),
        ignore_conflicts=True,
    )
    stories = keeping.stories_of(keys)
    rows.delete()
    keeping.refresh(stories)


def _trim(keys: list[int], _terms: Terms, now: datetime) -> None:
    empty = dict.fromkeys(TRIMMED, "")
    Headline.objects.filter(pk__in=keys).update(trimmed_at=now, **empty)
    HeadlineVersion.objects.filter(headline__in=keys).update(summary="")


@transaction.atomic
def _forget(now: datetime) -> int:
    over = Fingerprint.objects.filter(until__lt=now).order_by("until", "pk")
    keys = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True)[:STEP])
    Fingerprint.objects.filter(pk__in=keys).delete()
    return len(keys)


def still_listed(
    feed_id: int, keys: Iterable[str], *, now: datetime, terms: Terms | None = None
) -> None:
    """Let the fingerprints of what a feed still lists last on; mostly that writes nothing."""
    terms = terms or Terms.from_settings()
    Fingerprint.objects.filter(
        feed=feed_id, key__in=list(keys), until__lt=now + terms.fingerprint - STILL_LISTED_MARGIN
    ).update(until=now + terms.fingerprint)
