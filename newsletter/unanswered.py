"""How often we have asked addresses that we no longer hold.

An erased sign-up leaves the number of its mails under a keyed hash of the address: enough to know
the address when it is given to the form again, nothing to write to. The key comes out of
SECRET_KEY, and what was kept under one of SECRET_KEY_FALLBACKS is still found. A key that is
dropped takes its counts along: those addresses can be asked anew.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db.models import Sum
from django.utils.crypto import salted_hmac

from newsletter.models import UnansweredAddress


def remember(asked: Iterable[tuple[str, int]], *, now: datetime) -> None:
    """Keep how many mails each ``email_key`` got, for those that got any."""
    UnansweredAddress.objects.bulk_create(
        [
            UnansweredAddress(
                digest=_digest(email_key, settings.SECRET_KEY), mails_sent=mails, erased_at=now
            )
            for email_key, mails in asked
            if mails
        ],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["digest"],
        update_fields=["mails_sent", "erased_at"],
    )


def take(email_key: str) -> int:
    """Return how many mails the address got, and forget it: the caller counts on from there."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    kept = UnansweredAddress.objects.filter(digest__in=[_digest(email_key, key) for key in keys])
    mails: int | None = kept.aggregate(mails=Sum("mails_sent"))["mails"]
    kept.delete()
    return mails or 0


def _digest(email_key: str, secret: str) -> str:
    salt = "newsletter.unanswered"
    return salted_hmac(salt, email_key, secret=secret, algorithm="sha256").hexdigest()
