"""How long we keep what nobody confirmed."""

from datetime import datetime

from django.conf import settings
from django.db.models.functions import Coalesce

from newsletter.models import Subscriber


def erase_unconfirmed(*, now: datetime) -> int:
    """Erase sign-ups whose last confirmation link has expired; return how many.

    Those who answered that they want no mail stay, so that nobody writes to them again.
    """
    pending = Subscriber.objects.filter(state=Subscriber.State.PENDING)
    asked = pending.alias(asked_at=Coalesce("confirmation_sent_at", "created_at"))
    count, _ = asked.filter(asked_at__lt=now - settings.CONFIRMATION_MAX_AGE).delete()
    return count
