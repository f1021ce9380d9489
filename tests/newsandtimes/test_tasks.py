"""What the clock sweeps away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsandtimes.tasks import DAYS_KEPT, sweep
from newsletter.tasks import erase_unconfirmed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.django_db(transaction=True)
def test_sweep_keeps_what_is_new(settings, time_machine):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    time_machine.move_to(NOW - timedelta(days=DAYS_KEPT + 1))
    erase_unconfirmed.enqueue()
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    time_machine.move_to(NOW)
    erase_unconfirmed.enqueue()
    call_command("db_worker", batch=True, startup_delay=False, verbosity=0)
    for days in (-1, 1):
        Session.objects.create(
            session_key=f"key{days}", expire_date=timezone.now() + timedelta(days=days)
        )
    assert DBTaskResult.objects.count() == 2
    sweep.call()
    assert DBTaskResult.objects.get().enqueued_at.date() == NOW.date()
    assert Session.objects.get().session_key == "key1"
