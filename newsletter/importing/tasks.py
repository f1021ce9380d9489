"""What the worker and the clock do for imports of subscribers."""

from crontask import cron
from django.tasks import task
from django.utils import timezone

from newsletter.importing import running


@task
def run_import(pk: int) -> bool:
    """Work on an import for a while; return whether there is nothing left to do for now."""
    is_over = running.run(pk)
    if not is_over:
        run_import.enqueue(pk)
    return is_over


@cron("* * * * *")  # type: ignore[untyped-decorator]
@task
def go_on_with_imports() -> int:
    """Take up what a worker has left lying when it died; return how many."""
    now = timezone.now()
    running.forget_old(now=now)
    left = running.unfinished(now=now)
    for pk in left:
        run_import.enqueue(pk)
    return len(left)
