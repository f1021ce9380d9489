"""Keeps one next edition for each active digest, due at the digest's next hour."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from blog.models import SiteSettings
from newsletter.editions import times
from newsletter.models import Digest, Edition, MailSettings

State = Edition.State
NEXT = (State.OPEN, State.WAITING, State.LATE)
"""The states of an edition that may still go out, of which a digest has one."""
GONE_OUT = (State.SENDING, State.PAUSED, State.SENT)


@dataclass(frozen=True, slots=True)
class Plan:
    """When a digest goes out next, and from when on it collects."""

    slot_at: datetime
    window_start: datetime


def plan_all(*, now: datetime) -> int:
    """See to it that every active digest has its next edition; return how many were made or moved.

    Two clocks that plan at once make one. What a digest no longer has a use for is cancelled.
    """
    zone = ZoneInfo(SiteSettings.load().time_zone)
    late_after = MailSettings.load().late_after
    changed = _cancel_of_inactive(now=now)
    for digest in Digest.objects.filter(is_active=True):
        changed += plan(digest, zone=zone, earliest=now - late_after, now=now)
    return changed


def plan(digest: Digest, *, zone: ZoneInfo, earliest: datetime, now: datetime) -> bool:
    """Make the next edition of a digest, or have it follow the digest's hours; return whether."""
    edition = digest.editions.filter(state__in=NEXT).first()
    last = _last_before(digest, edition)
    if edition is None:
        base = max(last, earliest)
        return _make(digest, Plan(_slot(digest, zone, after=base), window_start(digest)))
    if edition.state != State.OPEN or edition.due_at <= now:
        return False
    return _follow(edition, digest, zone=zone, after=max(last, now))


def window_start(digest: Digest) -> datetime:
    """Return where the last edition that went out ended, or where the digest began."""
    ends = digest.editions.filter(state__in=GONE_OUT, window_end__isnull=False)
    last = ends.order_by("-window_end").values_list("window_end", flat=True).first()
    return max(digest.started_at, last) if last else digest.started_at


def _last_before(digest: Digest, edition: Edition | None) -> datetime:
    """Return after when the next edition may be due: the newest time of those before it."""
    others = digest.editions.exclude(pk=edition.pk) if edition else digest.editions.all()
    newest = others.order_by("-due_at").values_list("due_at", "slot_at")[:1]
    known = [instant for row in newest for instant in row if instant]
    return max([digest.started_at, *known])


def _slot(digest: Digest, zone: ZoneInfo, *, after: datetime) -> datetime:
    at = time(digest.hour, digest.minute)
    return times.next_slot(days=digest.days, at=at, zone=zone, after=after)


def _make(digest: Digest, plan: Plan) -> bool:
    try:
        with transaction.atomic():
            digest.editions.create(
                kind=Edition.Kind.DIGEST,
                due_at=plan.slot_at,
                slot_at=plan.slot_at,
                window_start=plan.window_start,
            )
    except IntegrityError:  # another clock was first
        return False
    return True


def _follow(edition: Edition, digest: Digest, *, zone: ZoneInfo, after: datetime) -> bool:
    """Move an edition to the digest's next hour, if its own is none any more or not the next."""
    soonest = _slot(digest, zone, after=after)
    slot = edition.slot_at or edition.due_at
    at = time(digest.hour, digest.minute)
    if slot <= soonest and times.is_slot(slot, days=digest.days, at=at, zone=zone):
        return False
    moved = {"slot_at": soonest}
    if edition.due_at == slot:  # or an editor has given it an hour of its own
        moved["due_at"] = soonest
    open_now = Edition.objects.filter(pk=edition.pk, state=State.OPEN, due_at=edition.due_at)
    return bool(open_now.update(**moved))


def _cancel_of_inactive(*, now: datetime) -> int:
    idle = Edition.objects.filter(state__in=NEXT, digest__is_active=False)
    return idle.update(
        state=State.CANCELLED, finished_at=now, reason=_("The digest was switched off.")
    )
