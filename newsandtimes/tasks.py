"""What the clock does for the whole house."""

from crontask import cron
from django.core.management import call_command
from django.tasks import task, task_backends
from django_tasks_db.backend import DatabaseBackend

DAYS_KEPT = 14
DAYS_KEPT_FAILED = 90


@cron("41 3 * * *")  # type: ignore[untyped-decorator]
@task
def sweep() -> None:
    """Throw away ended sessions and the records of tasks that are long done."""
    call_command("clearsessions")
    if isinstance(task_backends["default"], DatabaseBackend):
        call_command(
            "prune_db_task_results",
            min_age_days=DAYS_KEPT,
            failed_min_age_days=DAYS_KEPT_FAILED,
            verbosity=0,
        )
