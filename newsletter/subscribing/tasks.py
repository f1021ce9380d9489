"""What the worker and the clock do for sign-ups, and for the numbers that come of them."""

from crontask import cron
from django.tasks import task
from django.utils import timezone

from newsletter.histories import growth
from newsletter.subscribing import taking


@task
def take_sign_up(pk: int) -> bool:
    """Do what somebody pressed the button of a sign-up form for; return whether it was done."""
    return taking.take(pk, now=timezone.now())


@cron("* * * * *")  # type: ignore[untyped-decorator]
@task
def take_waiting_sign_ups() -> int:
    """Do what waits for its turn, or whose worker died; return how many. Forget the oldest."""
    now = timezone.now()
    taking.forget_old(now=now)
    return taking.take_waiting(now=now)


@cron("7 * * * *")  # type: ignore[untyped-decorator]
@task
def count_subscribers() -> int:
    """Bring the chart of the list's growth up to date; return how many days were counted."""
    return growth.count(now=timezone.now())
