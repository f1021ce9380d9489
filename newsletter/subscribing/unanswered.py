"""How often we have asked addresses that we no longer hold.

An erased sign-up leaves the number of its mails under a keyed hash of the address: enough to know
the address when it is given to the form again, nothing to write to. The key comes out of
SECRET_KEY, and what was kept under one of SECRET_KEY_FALLBACKS is still found. A key that is
dropped takes its counts along: those addresses can be asked anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet, Sum
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


@dataclass(frozen=True, slots=True)
class Asked:
    """How many mails an address got without an answer, and when the last one went if lately."""

    mails: int = 0
    last_at: datetime | None = None


def take(email_key: str) -> Asked:
    """Return what the address got, and forget it: the caller counts on from there."""
    kept = _kept(email_key)
    found = kept.aggregate(mails=Sum("mails_sent"), last_at=Max("mailed_at"))
    kept.delete()
    return Asked(mails=found["mails"] or 0, last_at=found["last_at"])


def forget(email_keys: Iterable[str]) -> None:
    """Forget what some addresses got: they have answered."""
    digests = [_digest(key, secret) for key in email_keys for secret in _secrets()]
    UnansweredAddress.objects.filter(digest__in=digests).delete()


def claim(email_key: str, *, gap: timedelta, most: int, now: datetime) -> bool:
    """Count one more mail to an address that has no row of its own; return whether it may go."""
    with transaction.atomic():
        rows = list(_kept(email_key).select_for_update())
        mails = sum(row.mails_sent for row in rows)
        last_at = max((row.mailed_at for row in rows if row.mailed_at), default=None)
        if mails >= most or (last_at is not None and last_at > now - gap):
            return False
        take(email_key)
        # Of two that find no row, one makes it.
        _, is_made = UnansweredAddress.objects.get_or_create(
            digest=_digest(email_key, settings.SECRET_KEY),
            defaults={"mails_sent": mails + 1, "mailed_at": now, "erased_at": now},
        )
    return is_made


def refusing_among(email_keys: Iterable[str], *, most: int) -> set[str]:
    """Return those of some addresses that got ``most`` mails, or said that they want none."""
    by_digest = {_digest(key, secret): key for key in email_keys for secret in _secrets()}
    rows = UnansweredAddress.objects.filter(mails_sent__gte=most, digest__in=list(by_digest))
    return {by_digest[digest] for digest in rows.values_list("digest", flat=True)}


def _kept(email_key: str) -> QuerySet[UnansweredAddress]:
    digests = [_digest(email_key, secret) for secret in _secrets()]
    return UnansweredAddress.objects.filter(digest__in=digests)


def _secrets() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _digest(email_key: str, secret: str) -> str:
    salt = "newsletter.subscribing.unanswered"
    return salted_hmac(salt, email_key, secret=secret, algorithm="sha256").hexdigest()
