"""How long we keep what nobody confirmed."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Coalesce

from newsletter.models import AddressChange, Subscriber, UnansweredAddress
from newsletter.subscribing import unanswered

# Who knows SECRET_KEY can still test an address against a digest, so it is not kept for ever. After
# a year without an attempt three more mails harm nobody, and who missed the first can come back.
REMEMBERED = timedelta(days=365)


def erase_unconfirmed(*, now: datetime) -> int:
    """Erase sign-ups whose last confirmation link has expired; return how many.

    Of each, only the number of its mails stays (newsletter.subscribing.unanswered). Those who
    answered that they want no mail stay whole, so that nobody writes to them again.
    """
    pending = Subscriber.objects.filter(state=Subscriber.State.PENDING)
    asked = pending.alias(asked_at=Coalesce("confirmation_sent_at", "created_at"))
    expired = asked.filter(asked_at__lt=now - settings.CONFIRMATION_MAX_AGE)
    with transaction.atomic():
        # Locked, lest a mail be sent between the count and the erasing.
        locked = expired.select_for_update()
        unanswered.remember(locked.values_list("email_key", "confirmations_sent"), now=now)
        _, by_model = expired.delete()
    return by_model.get(Subscriber._meta.label, 0)


def forget_unanswered(*, now: datetime) -> int:
    """Forget the digests of addresses that nobody gave us for a year; return how many."""
    old = UnansweredAddress.objects.filter(erased_at__lt=now - REMEMBERED)
    count, _ = old.delete()
    return count


def forget_changes(*, now: datetime) -> int:
    """Forget the changes of address whose link has expired; return how many."""
    old = AddressChange.objects.filter(asked_at__lt=now - settings.CONFIRMATION_MAX_AGE)
    count, _ = old.delete()
    return count
