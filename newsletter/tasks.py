"""What the worker and the clock do for the newsletter."""

import logging
from datetime import timedelta

from crontask import cron
from django.tasks import task
from django.utils import timezone

from newsletter import confirmation, retention
from newsletter.dispatch import NotSentYetError

logger = logging.getLogger(__name__)

# Before the second, third, … try. A person waits for this mail, so the first are soon.
RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]


@task
def send_confirmation(subscriber_id: int, message_id: str, attempt: int = 1) -> bool:
    """Send a confirmation mail; return whether it left. A server out of reach is tried again."""
    now = timezone.now()
    try:
        return confirmation.send_confirmation(subscriber_id, message_id=message_id, now=now)
    except NotSentYetError as error:
        can_wait = send_confirmation.get_backend().supports_defer
        if attempt > len(RETRY_DELAYS) or not can_wait:
            raise
        logger.warning("Confirmation mail to subscriber %s waits: %s", subscriber_id, error)
        later = send_confirmation.using(run_after=now + RETRY_DELAYS[attempt - 1])
        later.enqueue(subscriber_id, message_id, attempt + 1)
        return False


@cron("23 * * * *")  # type: ignore[untyped-decorator]
@task
def erase_unconfirmed() -> int:
    """Erase the sign-ups that nobody confirmed in time; return how many. Forget the oldest."""
    now = timezone.now()
    retention.forget_unanswered(now=now)
    return retention.erase_unconfirmed(now=now)
