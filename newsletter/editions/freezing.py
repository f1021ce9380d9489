"""The moment at which an edition is done with: it goes out, waits, asks, or is skipped."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from newsletter.editions import memory
from newsletter.editions.collecting import refresh
from newsletter.editions.trying import for_each
from newsletter.models import Edition, MailSettings

State = Edition.State


def settle_due(*, now: datetime) -> int:
    """Decide about every open edition whose time has come; return how many."""
    due = Edition.objects.filter(state=State.OPEN, due_at__lte=now).order_by("due_at")
    settled = for_each(due.values_list("pk", flat=True), partial(settle, now=now))
    return sum(state is not None for state in settled)


@transaction.atomic
def settle(pk: int, *, now: datetime) -> Edition.State | None:
    """Decide about one edition under a lock; return its new state, None if another was first."""
    editions = Edition.objects.select_for_update(of=("self",)).select_related("digest")
    edition = editions.filter(pk=pk, state=State.OPEN, due_at__lte=now).first()
    if edition is None:
        return None
    refresh(edition, now=now)
    state, reason = _outcome(edition, now=now)
    edition.state, edition.reason = state, reason
    if state == State.SENDING:
        _freeze(edition, now=now)
        transaction.on_commit(partial(memory.note_gone, edition))
    elif state == State.SKIPPED:
        edition.finished_at = now
    edition.save(
        update_fields="state reason number frozen_at alive_at window_end finished_at".split()
    )
    return state


def _outcome(edition: Edition, *, now: datetime) -> tuple[Edition.State, str]:
    digest = edition.digest
    if digest is not None and digest.needs_approval and edition.approved_at is None:
        return State.WAITING, ""
    if now - edition.due_at > MailSettings.load().late_after:
        return State.LATE, _("Its time was over before it could go out.")
    if memory.has_gone(edition):
        return State.LATE, _("It went out before; the site comes out of a backup.")
    count = edition.items.filter(is_dropped=False).count()
    if count < (digest.min_items if digest else 1):
        return State.SKIPPED, _("There was too little in it.")
    return State.SENDING, ""


def _freeze(edition: Edition, *, now: datetime) -> None:
    kin = Edition.objects.filter(kind=edition.kind, digest=edition.digest)
    last = kin.aggregate(last=Max("number"))["last"]
    edition.number = (last or 0) + 1
    edition.frozen_at = edition.alive_at = now
    edition.window_end = edition.due_at
