"""Puts the picks of a collection into an editor's order: moved, pinned, withdrawn, put back.

Pinned picks have positions; the others stand by an instant, between those of their neighbours. So
what is picked later comes in at the top, and whatever was moved stays where it was put.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from aggregator.listing import MOST_PINNED
from aggregator.models import Collection, Pick

MOST_ARRANGED = 100
"""So many of the others can be moved about; nobody looks farther down."""
LATELY = timedelta(days=7)
MOST_WITHDRAWN = 10
_STEP = timedelta(milliseconds=1)
_LEAST_GAP = timedelta(microseconds=10)
_BELOW_ALL = timedelta(minutes=1)


class MovedAwayError(Exception):
    """What was to be moved, or where it was to stand, is no longer in the list."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """The picks of a collection as they stand, as many as can be moved about."""

    pinned: Sequence[Pick]
    others: Sequence[Pick]
    below: Pick | None
    """The one that comes after them, if there is one."""

    def beside(self, pick: Pick) -> Sequence[Pick]:
        """Return the picks among which one is moved; raises MovedAwayError."""
        for group in (self.pinned, self.others):
            if pick in group:
                return group
        raise MovedAwayError


def arranged(collection: Collection, *, now: datetime) -> Arranged:
    """Return the picks of a collection in their order: two queries."""
    standing = Pick.objects.standing(now=now).filter(collection=collection)
    pinned = list(standing.select_related("headline").pinned(now=now)[:MOST_PINNED])
    rest = standing.select_related("headline").exclude(pk__in=[pick.pk for pick in pinned])
    found = list(rest[: MOST_ARRANGED + 1])
    below = found[MOST_ARRANGED] if len(found) > MOST_ARRANGED else None
    return Arranged(pinned, found[:MOST_ARRANGED], below)


def withdrawn_lately(collection: Collection, *, now: datetime) -> Sequence[Pick]:
    """Return what was taken out last, and can be put back."""
    gone = Pick.objects.filter(collection=collection, withdrawn_at__gt=now - LATELY)
    return list(gone.select_related("headline").order_by("-withdrawn_at", "-pk")[:MOST_WITHDRAWN])


@transaction.atomic
def shift(pick: Pick, by: int, *, now: datetime) -> bool:
    """Move a pick so many places down, up where negative; return whether it moved."""
    whole = _locked(pick, now=now)
    group = list(whole.beside(pick))
    at = group.index(pick)
    return _place(pick, whole, at=min(max(at + by, 0), len(group) - 1), now=now)


@transaction.atomic
def move(pick: Pick, *, before: int | None, now: datetime) -> bool:
    """Move a pick to before another one, or to the end; return whether it moved.

    A pinned one stays among the pinned, and all others behind these. Raises MovedAwayError.
    """
    whole = _locked(pick, now=now)
    group = [one for one in whole.beside(pick) if one != pick]
    keys = [one.pk for one in group]
    if before in keys:
        at = keys.index(before)
    elif before is None or any(before == one.pk for one in whole.others):
        at = len(group)
    elif any(before == one.pk for one in whole.pinned):
        at = 0
    else:
        raise MovedAwayError
    return _place(pick, whole, at=at, now=now)


@transaction.atomic
def pin(pick: Pick, *, until: datetime | None, now: datetime) -> None:
    """Have a pick stand at the top, above all that are pinned, until then or for good."""
    whole = _locked(pick, now=now)
    pick.is_pinned, pick.pinned_until = True, until
    pick.save(update_fields=["is_pinned", "pinned_until"])
    if pick not in whole.pinned:
        _number([pick, *whole.pinned])


def unpin(pick: Pick) -> None:
    """Have a pick stand in its usual place."""
    pick.is_pinned, pick.pinned_until, pick.position = False, None, 0
    pick.save(update_fields=["is_pinned", "pinned_until", "position"])


def put_back(pick: Pick) -> None:
    """Have what was withdrawn stand again where it stood."""
    pick.withdrawn_at = None
    pick.save(update_fields=["withdrawn_at"])


def _locked(pick: Pick, *, now: datetime) -> Arranged:
    """Return the list of a pick, which nobody else arranges until the transaction ends."""
    collection = Collection.objects.select_for_update().get(pk=pick.collection_id)
    return arranged(collection, now=now)


def _place(pick: Pick, whole: Arranged, *, at: int, now: datetime) -> bool:
    before = whole.beside(pick)
    order = [one for one in before if one != pick]
    order.insert(at, pick)
    if order == list(before):
        return False
    if before is whole.pinned:
        _number(order)
    else:
        _rank(order, at=at, below=whole.below, now=now)
    return True


def _number(order: Sequence[Pick]) -> None:
    changed = [one for position, one in enumerate(order) if one.position != position]
    for position, one in enumerate(order):
        one.position = position
    Pick.objects.bulk_update(changed, ["position"])


def _rank(order: Sequence[Pick], *, at: int, below: Pick | None, now: datetime) -> None:
    """Give the pick at a place an instant between its neighbours, or all new ones if none is."""
    lower = order[at + 1] if at + 1 < len(order) else below
    if at == 0:
        instant = _above(order[1].stands_at, now=now)
    elif lower is None:
        instant = order[at - 1].stands_at - _BELOW_ALL
    elif order[at - 1].stands_at - lower.stands_at > _LEAST_GAP:
        instant = lower.stands_at + (order[at - 1].stands_at - lower.stands_at) / 2
    else:
        order[at].ranked_at = lower.stands_at
        _spread(order, above=below.stands_at if below else None)
        return
    order[at].ranked_at = instant
    order[at].save(update_fields=["ranked_at"])


def _above(instant: datetime, *, now: datetime) -> datetime:
    """Return an instant above another one, and below whatever is picked from now on."""
    return instant + (now - instant) / 2 if instant + 2 * _STEP < now else instant + _STEP


def _spread(order: Sequence[Pick], *, above: datetime | None) -> None:
    """Give each an instant above that of the next one, and all of them above a last one."""
    last = above
    for one in reversed(order):
        if last is not None and one.stands_at <= last:
            one.ranked_at = last + _STEP
        last = one.stands_at
    Pick.objects.bulk_update(order, ["ranked_at"])
