"""Writes down what came back, once, and has what follows from it done."""

import logging
from datetime import datetime

from django.db import transaction

from newsletter import suppression
from newsletter.bounces.report import MAX_DIAGNOSTIC, MAX_EVIDENCE, Report
from newsletter.models import Bounce, Delivery, Subscriber

logger = logging.getLogger(__name__)

MAX_PER_MAIL = 20
"""Whoever holds the address that one mail comes back to could write to it for ever."""

__all__ = ["Report", "record"]


def record(
    report: Report,
    *,
    delivery: Delivery | None,
    source: Bounce.Source,
    now: datetime,
    subscriber: Subscriber | None = None,
) -> Bounce | None:
    """Keep a report about a mail and suppress the address if it is time; return what is new.

    ``delivery`` is the mail it speaks of; where it speaks of a mail outside the ledger, such as a
    confirmation, ``subscriber`` is whom that went to. Nothing is kept, and None returned, for a
    report that is known already, and for one that belongs to nobody, or to somebody erased: its
    evidence would hold the address.
    """
    whose = delivery.subscriber if delivery else subscriber
    if whose is None:
        return None
    with transaction.atomic():
        # As she is now, and locked: of two reports at once the second counts the first.
        about = Subscriber.objects.select_for_update().filter(pk=whose.pk).first()
        if about is None:
            return None
        known = Bounce.objects.filter(subscriber=about, delivery=delivery)
        if known[:MAX_PER_MAIL].count() >= MAX_PER_MAIL:
            return None
        bounce, is_new = Bounce.objects.get_or_create(
            fingerprint=report.fingerprint,
            defaults={
                "subscriber": about,
                "delivery": delivery,
                "kind": report.kind.value,
                "source": source,
                "at": min(report.at or now, now),
                "status": report.status[:20],
                "diagnostic": report.diagnostic[:MAX_DIAGNOSTIC],
                "evidence": report.evidence[:MAX_EVIDENCE],
            },
        )
        if not is_new:
            return None
        is_suppressed = suppression.consider(bounce, now=now)
    outcome = ", mail stops" if is_suppressed else ""
    logger.info("Subscriber %s: %s %s%s", about.pk, bounce.kind, bounce.status, outcome)
    return bounce
