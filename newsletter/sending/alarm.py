"""Stops an edition whose first mails fail, and has editors told."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from blog.models import SiteSettings
from newsletter import tasks
from newsletter.models import Delivery, Edition
from newsletter.sending import pause_mail, watch
from newsletter.sending.outcomes import Fate, Result
from newsletter.subscribing.confirmation import new_message_id

State = Delivery.State

FIRST = 100
MOST_FAILED = 10
BAD = {Fate.REFUSED, Fate.LOST}


def heed(results: Sequence[Result], *, now: datetime) -> int:
    """Look at the editions of which mails have just failed; return how many were paused."""
    failing = {errand.edition_id for errand, outcome in results if outcome.fate in BAD}
    return sum(_pause_if_first_fail(edition_id, now=now) for edition_id in failing)


def _pause_if_first_fail(edition_id: int, *, now: datetime) -> bool:
    """Pause an edition, once, if more than 10 % of its first 100 mails have failed."""
    edition = Edition.objects.filter(
        pk=edition_id, state=Edition.State.SENDING, alarmed_at__isnull=True
    )
    if not edition.exists():
        return False
    sent, failed = _count(edition_id)
    if failed <= MOST_FAILED or sent > FIRST - MOST_FAILED:
        return False
    with transaction.atomic(), translation.override(SiteSettings.load().language):
        edition.update(alarmed_at=now)
        words = _("Of the first %(ended)d mails %(failed)d failed.")
        reason = words % {"ended": sent + failed, "failed": failed}
        is_paused = watch.pause(edition_id, reason=reason)
        if is_paused:
            _tell_editors(edition_id)
    return is_paused


def _count(edition_id: int) -> tuple[int, int]:
    """Return how many mails of an edition were sent, and how many failed, up to what matters."""
    deliveries = Delivery.objects.filter(edition_id=edition_id)
    in_doubt = Q(state=State.UNKNOWN, lease_until=None)
    sent = deliveries.filter(state=State.SENT)[: FIRST - MOST_FAILED + 1]
    failed = deliveries.filter(Q(state__in=[State.FAILED, State.EXPIRED]) | in_doubt)[:FIRST]
    return len(sent.values_list("pk")), len(failed.values_list("pk"))


def _tell_editors(edition_id: int) -> None:
    for editor in pause_mail.editors():
        tasks.send_pause_mail.enqueue(editor.pk, edition_id, new_message_id())
