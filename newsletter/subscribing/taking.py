"""Works off what came in through the sign-up forms; see newsletter.subscribing.gate."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from newsletter.models import SignUp
from newsletter.subscribing import signup

HOUR = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)


def take(pk: int, *, now: datetime) -> bool:
    """Do what somebody pressed the button for, if it is not done; return whether it was done now.

    Over the site's limit it is left for later.
    """
    if not room(now=now):
        return False
    with transaction.atomic():
        wish = SignUp.objects.select_for_update().filter(pk=pk, taken_at=None).first()
        if wish is None:
            return False
        signup.sign_up(
            email=wish.email,
            consent_form=wish.consent_form,
            consent_text=wish.consent_text,
            language=wish.language,
            now=now,
        )
        SignUp.objects.filter(pk=pk).update(
            taken_at=now, email="", consent_form="", consent_text=""
        )
    return True


def take_waiting(*, now: datetime) -> int:
    """Do what waits, the oldest first, as far as the site's limit goes; return how many."""
    waiting = SignUp.objects.filter(taken_at=None).order_by("at", "id")
    return sum(take(pk, now=now) for pk in waiting.values_list("pk", flat=True)[: room(now=now)])


def room(*, now: datetime) -> int:
    """Return how many more sign-ups may be answered by mail within this hour."""
    most = int(settings.SIGN_UPS_PER_HOUR)
    return most - SignUp.objects.filter(taken_at__gt=now - HOUR).count_to(most)


def forget_old(*, now: datetime) -> int:
    """Forget presses of more than a day ago; return how many."""
    count, _ = SignUp.objects.filter(at__lt=now - KEPT_FOR).delete()
    return count
