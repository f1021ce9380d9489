"""Erasing a subscriber who asks for it: all that we hold of her goes."""

from datetime import datetime

from django.db import transaction

from newsletter.models import Delivery, Subscriber
from newsletter.subscribing import unanswered


def erase(subscriber: Subscriber, *, now: datetime, by_herself: bool = True) -> None:
    """Delete a subscriber with her choices, her history and what came back from her address.

    The ledger keeps that a mail went out, but no longer to whom; mails that still wait do not go.
    Of an address that answered no confirmation mail, or refused, the number of mails stays under
    a keyed hash (newsletter.subscribing.unanswered), and likewise that it was suppressed: else
    whoever knows it could have it written to all over again. If an editor erases her, the number
    goes too: that is how the owner of an address is asked anew.
    """
    with transaction.atomic():
        row = Subscriber.objects.select_for_update().filter(pk=subscriber.pk).first()
        if row is None:
            return
        is_silent = row.state != Subscriber.State.ACTIVE and row.confirmations_sent
        if by_herself and is_silent:
            unanswered.remember([(row.email_key, row.confirmations_sent)], now=now)
        mails = row.deliveries.all()
        mails.filter(state=Delivery.State.QUEUED).update(
            state=Delivery.State.DROPPED, finished_at=now
        )
        mails.exclude(answer="").update(answer="")  # mail servers like to repeat the address
        row.delete()
