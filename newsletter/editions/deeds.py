"""What editors do with an edition: conditional UPDATEs, so that a double click does it once.

All of them return whether they have done anything; not, where somebody or the clock was first.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from blog.models import User
from newsletter.editions.collecting import part_of
from newsletter.editions.planning import NEXT
from newsletter.models import Delivery, Digest, Edition, EditionItem, Variant
from newsletter.sending.watch import MAX_REASON

State = Edition.State
UNDER_WAY = (State.SENDING, State.PAUSED)
STOPPABLE = (*NEXT, *UNDER_WAY)


def rewrite(edition: Edition, *, subject: str, intro: str) -> bool:
    """Store an editor's words, as long as nothing is frozen."""
    return _change(edition, NEXT, subject=subject, intro=intro)


def approve(edition: Edition, *, by: User, now: datetime) -> bool:
    """Let an edition go at its hour, or at once where that is over."""
    waiting = Edition.objects.filter(pk=edition.pk, approved_at__isnull=True)
    approved = {"approved_by": by, "approved_at": now}
    is_early = waiting.filter(state=State.OPEN).update(**approved)
    return bool(
        is_early
        or waiting.filter(state=State.WAITING).update(
            state=State.OPEN, due_at=max(edition.due_at, now), **approved
        )
    )


def send_now(edition: Edition, *, by: User, now: datetime) -> bool:
    """Let an edition go within a minute, with all that it holds by now."""
    return _change(
        edition,
        NEXT,
        Q(due_at__gt=now) | ~Q(state=State.OPEN),
        state=State.OPEN,
        due_at=now,
        approved_by=by,
        approved_at=now,
        reason="",
    )


def schedule(edition: Edition, *, at: datetime) -> bool:
    """Give an edition another time; a late one goes then, too."""
    return _change(edition, NEXT, ~Q(due_at=at), state=State.OPEN, due_at=at, reason="")


def cancel(edition: Edition, *, with_items: bool, by: User, now: datetime) -> bool:
    """Stop an edition, even on its way: what has not left stays here.

    What it holds goes with the next one, unless ``with_items``: then the next begins where it ends.
    """
    with transaction.atomic():
        done = _change(edition, STOPPABLE, state=State.CANCELLED, reason=_by(by))
        Edition.objects.filter(
            pk=edition.pk, state=State.CANCELLED, frozen_at__isnull=True, finished_at__isnull=True
        ).update(finished_at=now)
        if done and with_items and edition.digest_id:
            digests = Digest.objects.filter(pk=edition.digest_id)
            digests.update(started_at=min(edition.due_at, now))
    return done


def pause(edition: Edition, *, by: User) -> bool:
    """Hold an edition on its way."""
    return _change(edition, (State.SENDING,), state=State.PAUSED, reason=_by(by))


def resume(edition: Edition, *, now: datetime) -> bool:
    """Let a paused edition go on."""
    return _change(edition, (State.PAUSED,), state=State.SENDING, reason="", alive_at=now)


@transaction.atomic
def move(item: EditionItem, *, way: str) -> bool:
    """Move an item ``up``, ``down`` or to the ``top`` of its part of an edition."""
    if not _lock(item.edition_id):
        return False
    order = list(EditionItem.objects.filter(edition=item.edition_id))
    part = [one for one in order if part_of(one) == part_of(item)]
    at = part.index(item)
    to = {"up": max(0, at - 1), "down": min(len(part) - 1, at + 1), "top": 0}[way]
    places = [order.index(one) for one in part]
    part.insert(to, part.pop(at))
    for place, one in zip(places, part, strict=True):
        order[place] = one
    moved = [one for position, one in enumerate(order) if one.position != position]
    for position, one in enumerate(order):
        one.position = position
    EditionItem.objects.bulk_update(moved, ["position"])
    return to != at


@transaction.atomic
def leave_out(item: EditionItem, *, is_dropped: bool) -> bool:
    """Leave an item out of an edition, or put it back."""
    rows = EditionItem.objects.filter(pk=item.pk, is_dropped=not is_dropped)
    return bool(_lock(item.edition_id) and rows.update(is_dropped=is_dropped))


@transaction.atomic
def decide_unknown(
    edition: Edition, keys: Collection[int], *, has_arrived: bool, now: datetime
) -> int:
    """Say of mails of which nobody heard that they arrived, or send them again; return how many.

    One that is just being handed over is left alone, and so is one whose text is forgotten.
    """
    rows = Delivery.objects.filter(
        edition=edition, pk__in=keys, state=Delivery.State.UNKNOWN, lease_until__isnull=True
    )
    if has_arrived:
        return rows.update(state=Delivery.State.SENT, finished_at=now)
    with_text = Variant.objects.filter(edition=edition).exclude(html="")
    count = rows.filter(variant__in=with_text).update(
        state=Delivery.State.QUEUED, due_at=now, claimed_by=None, handed_over_at=None
    )
    if count:
        sent = Edition.objects.filter(pk=edition.pk, state=State.SENT)
        sent.update(state=State.SENDING, finished_at=None, alive_at=now)
    return count


def is_soon(at: datetime, *, now: datetime) -> bool:
    """Whether an edition may be given that time: not one of the past, nor in a year."""
    return now <= at <= now + timedelta(days=365)


def _change(
    edition: Edition, states: Collection[Edition.State], *conditions: Q, **values: Any
) -> bool:
    rows = Edition.objects.filter(*conditions, pk=edition.pk, state__in=states)
    return bool(rows.update(**values))


def _by(user: User) -> str:
    return (_("By %(name)s.") % {"name": user})[:MAX_REASON]


def _lock(pk: int) -> bool:
    """Hold the row of an edition that may still be changed."""
    rows = Edition.objects.select_for_update().filter(pk=pk, state__in=NEXT)
    return rows.values_list("pk").first() is not None
