"""What the worker and the clock do for the newsletter."""

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from crontask import cron
from django.conf import settings
from django.tasks import Task, task
from django.utils import timezone

from newsletter import suppression
from newsletter.dispatch import NotSentYetError
from newsletter.editions import clock, tidying, trial
from newsletter.sending import pause_mail
from newsletter.subscribing import confirmation, retention
from newsletter.subscription import moving_mail

logger = logging.getLogger(__name__)

# Before the second, third, … try. A person waits for this mail, so the first are soon.
RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480)]


def _send(this: Task[..., bool], send: Callable[[], bool], *call: int | str) -> bool:
    """Send one mail; ``call`` is what the task was called with, the attempt last."""
    *arguments, attempt = call
    assert isinstance(attempt, int)  # noqa: S101  so it stands in every signature here
    try:
        return send()
    except NotSentYetError as error:
        if attempt > len(RETRY_DELAYS) or not this.get_backend().supports_defer:
            raise
        logger.warning("%s %s waits: %s", this.name, arguments[0], error)
        later = this.using(run_after=timezone.now() + RETRY_DELAYS[attempt - 1])
        later.enqueue(*arguments, attempt + 1)
        return False


@task
def send_confirmation(subscriber_id: int, message_id: str, attempt: int = 1) -> bool:
    """Send a confirmation mail; return whether it left. A server out of reach is tried again."""
    now = timezone.now()
    send = partial(confirmation.send_confirmation, subscriber_id, message_id=message_id, now=now)
    return _send(send_confirmation, send, subscriber_id, message_id, attempt)


@task
def send_address_change(change_id: int, message_id: str, attempt: int = 1) -> bool:
    """Ask a new address whether a subscriber may move there; return whether the mail left."""
    now = timezone.now()
    send = partial(moving_mail.send_question, change_id, message_id=message_id, now=now)
    return _send(send_address_change, send, change_id, message_id, attempt)


@task
def tell_former_address(change_id: int, message_id: str, attempt: int = 1) -> bool:
    """Tell the address that a subscriber has left for another; return whether the mail left."""
    send = partial(moving_mail.send_word, change_id, message_id=message_id)
    return _send(tell_former_address, send, change_id, message_id, attempt)


@task
def send_pause_mail(editor_id: int, edition_id: int, message_id: str, attempt: int = 1) -> bool:
    """Tell an editor that an edition was stopped; return whether the mail left."""
    send = partial(pause_mail.send, editor_id, edition_id, message_id=message_id)
    return _send(send_pause_mail, send, editor_id, edition_id, message_id, attempt)


@task
def send_trial_mail(
    editor_id: int, edition_id: int, language: str, message_id: str, attempt: int = 1
) -> bool:
    """Send an edition to the editor who works on it; return whether the mail left."""
    now = timezone.now()
    send = partial(
        trial.send_trial, editor_id, edition_id, language=language, message_id=message_id, now=now
    )
    return _send(send_trial_mail, send, editor_id, edition_id, language, message_id, attempt)


@cron("23 * * * *")  # type: ignore[untyped-decorator]
@task
def erase_unconfirmed() -> int:
    """Erase the sign-ups that nobody confirmed in time; return how many. Forget the oldest."""
    now = timezone.now()
    retention.forget_unanswered(now=now)
    suppression.forget_old(now=now)
    retention.forget_changes(now=now)
    return retention.erase_unconfirmed(now=now)


@cron("* * * * *")  # type: ignore[untyped-decorator]
@task
def take_editions_on() -> None:
    """Plan, collect and freeze editions and write their ledgers, as far as a minute allows."""
    clock.turn(now=timezone.now())


@cron("*/5 * * * *")  # type: ignore[untyped-decorator]
@task
def empty_bounce_mailbox() -> dict[str, int]:
    """Act on what came back to BOUNCE_MAILBOX, if there is one; return how many ended how."""
    from newsletter.bounces import mailbox  # noqa: PLC0415  it needs sign-up, which needs us

    if not settings.BOUNCE_MAILBOX:
        return {}
    collected = mailbox.collect(now=timezone.now())
    return {outcome.value: count for outcome, count in collected.items()}


@cron("17 4 * * *")  # type: ignore[untyped-decorator]
@task
def forget_texts() -> int:
    """Forget the texts of mails that went out two months ago; return how many."""
    return tidying.forget_texts(now=timezone.now())
