"""What the clock does for the publication."""

from crontask import cron
from django.tasks import task
from django.utils import timezone

from blog import writing


@cron("52 3 * * *")  # type: ignore[untyped-decorator]
@task
def sweep_writings() -> int:
    """Forget who had which text open yesterday, and what nobody took up for a month."""
    return writing.sweep(now=timezone.now())
