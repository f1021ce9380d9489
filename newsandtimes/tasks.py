"""What the clock does for the whole house."""

import logging
from datetime import timedelta

from crontask import cron
from django.core.management import call_command
from django.db import transaction
from django.tasks import task, task_backends
from django.utils import timezone
from django_tasks_db.backend import DatabaseBackend

from blog import audit
from newsandtimes import feed_mail
from newsandtimes.alarms import CLOCK_QUEUE
from newsandtimes.login import brake, sessions
from newsandtimes.search import updating
from newsletter.dispatch import NotSentYetError
from newsletter.letters import new_message_id

logger = logging.getLogger(__name__)

DAYS_KEPT = 14
DAYS_KEPT_FAILED = 90


@cron("41 3 * * *")  # type: ignore[untyped-decorator]
@task
def sweep() -> None:
    """Throw away ended sessions, failed logins and the records of tasks that are long done."""
    call_command("clearsessions")
    sessions.forget_ended()
    brake.forget_old(now=timezone.now())
    audit.sweep(now=timezone.now())
    if isinstance(task_backends["default"], DatabaseBackend):
        call_command(
            "prune_db_task_results",
            min_age_days=DAYS_KEPT,
            failed_min_age_days=DAYS_KEPT_FAILED,
            verbosity=0,
        )


@cron("*/10 * * * *")  # type: ignore[untyped-decorator]
@task(queue_name=CLOCK_QUEUE)
def tick() -> None:
    """Do nothing: it stands in the queue, so the clock goes; see newsandtimes.alarms."""


SEARCH_BUDGET_S = 50
"""A minute's round ends before the next one begins."""


@cron("* * * * *")  # type: ignore[untyped-decorator]
@task(priority=-50)
def update_search() -> int:
    """Put into the search index what was written meanwhile; return how many rows."""
    return updating.update(budget_s=SEARCH_BUDGET_S)


# Before the second, third, … try.
RETRY_DELAYS = [timedelta(minutes=minutes) for minutes in (5, 30, 120, 480)]


@cron("7 * * * *")  # type: ignore[untyped-decorator]
@task
def tell_of_feeds() -> int:
    """In the site's morning queue one mail for each editor, if feeds have changed; how many?"""
    now = timezone.now()
    if not feed_mail.is_time(now):
        return 0
    with transaction.atomic():
        editors = feed_mail.editors()
        changes = feed_mail.take_changes() if editors else []
        for editor in editors if changes else []:
            send_feed_mail.enqueue(editor.pk, new_message_id(), changes)
    return len(editors) if changes else 0


@task
def send_feed_mail(
    editor_id: int, message_id: str, changes: list[list[int]], attempt: int = 1
) -> bool:
    """Send one editor's mail; return whether it left. A server out of reach is tried again."""
    try:
        return feed_mail.send(editor_id, message_id=message_id, changes=changes)
    except NotSentYetError as error:
        can_wait = send_feed_mail.get_backend().supports_defer
        if attempt > len(RETRY_DELAYS) or not can_wait:
            raise
        logger.warning("The mail on feeds to user %s waits: %s", editor_id, error)
        later = send_feed_mail.using(run_after=timezone.now() + RETRY_DELAYS[attempt - 1])
        later.enqueue(editor_id, message_id, changes, attempt + 1)
        return False


@task
def send_password_reset(email: str, attempt: int = 1) -> int:
    """Send the link for a new password; a server out of reach is tried again."""
    from newsandtimes.login import password_reset  # noqa: PLC0415  it names this task

    try:
        return password_reset.send(email)
    except NotSentYetError as error:
        can_wait = send_password_reset.get_backend().supports_defer
        if attempt > len(RETRY_DELAYS) or not can_wait:
            raise
        logger.warning("A mail for a new password waits: %s", error)
        later = send_password_reset.using(run_after=timezone.now() + RETRY_DELAYS[attempt - 1])
        later.enqueue(email, attempt + 1)
        return 0
