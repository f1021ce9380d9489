"""Whether worker, clock and poller do their work: asked of the queue and the feeds, by indexes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max, Q
from django.tasks import task_backends
from django.utils.translation import gettext as _
from django_tasks_db.backend import DatabaseBackend
from django_tasks_db.models import DBTaskResult, get_date_max

from aggregator.models import Feed
from newsletter import health

CLOCK_QUEUE = "clock"
"""The queue of the one task by which the clock says that it goes; see newsandtimes.tasks.tick."""
WORKER_IS_LATE = timedelta(minutes=5)
CLOCK_IS_LATE = timedelta(minutes=25)
"""It ticks every ten minutes."""
POLLER_IS_LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One process that does not do its work, or mail that is not welcome, and what that means."""

    name: str
    says: str
    since: datetime | None
    command: str = ""


def alarms(*, now: datetime) -> list[Alarm]:
    """Return what is amiss, the worst first; four to eight queries."""
    has_queue = isinstance(task_backends["default"], DatabaseBackend)
    found = [*(_of_worker(now) if has_queue else ())]
    found += _of_poller(now)
    # The clock's ticks wait in the queue: where the worker is late, they say nothing of the clock.
    found += _of_clock(now) if has_queue else ()
    return [*found, *_of_mail(now)]


def _of_worker(now: datetime) -> Iterator[Alarm]:
    late = now - WORKER_IS_LATE
    is_due = Q(run_after__lte=late) | Q(run_after=get_date_max(), enqueued_at__lte=late)
    waiting = DBTaskResult.objects.filter(is_due, status="READY")
    oldest = waiting.order_by("priority", "run_after", "enqueued_at").values_list(
        "enqueued_at", flat=True
    )
    for since in oldest[:1]:
        yield Alarm(
            name=_("The worker is late."),
            says=_("Mail waits, and so does other work that is done in the background."),
            since=since,
            command="manage.py db_worker --queue-name '*'",
        )


def _of_poller(now: datetime) -> Iterator[Alarm]:
    late = now - POLLER_IS_LATE
    waiting = Feed.objects.due(now=late).values_list("next_poll_at", flat=True)[:1]
    for since in waiting:
        # Where it polls something, it works through many feeds and is alive.
        if not Feed.objects.filter(last_polled_at__gt=late).exists():
            yield Alarm(
                name=_("The poller is late."),
                says=_("Feeds are not asked for news."),
                since=since,
                command="manage.py poll_feeds --loop",
            )


def _of_clock(now: datetime) -> Iterator[Alarm]:
    ticks = DBTaskResult.objects.filter(queue_name=CLOCK_QUEUE)
    last = ticks.aggregate(last=Max("enqueued_at"))["last"]
    if last is None:
        # Neither on a new site nor after an update has the clock had the time to show itself.
        last_migrated = MigrationRecorder.Migration.objects.aggregate(at=Max("applied"))["at"]
        is_late = last_migrated is not None and last_migrated < now - CLOCK_IS_LATE
    else:
        is_late = last < now - CLOCK_IS_LATE
    if is_late:
        yield Alarm(
            name=_("The clock does not go."),
            says=_("What has its hour stays undone: mail about feeds, erasing, tidying up."),
            since=last,
            command="manage.py crontask --no-heartbeat",
        )


def _of_mail(now: datetime) -> Iterator[Alarm]:
    last = health.of_last_edition(now=now)
    if last is None:
        return
    since = last.edition.frozen_at
    named = {"edition": last.edition, "bounces": last.bounces, "complaints": last.complaints}
    if last.has_many_complaints:
        yield Alarm(
            name=_("Readers call the newsletter spam."),
            says=_(
                "%(complaints)d complained about “%(edition)s”, more than one in a thousand. "
                "Mailbox providers soon sort out the mail of such senders."
            )
            % named,
            since=since,
        )
    if last.has_many_bounces:
        yield Alarm(
            name=_("Much of the newsletter comes back."),
            says=_(
                "%(bounces)d mails of “%(edition)s” did not arrive, more than one in twenty. "
                "“Bounces” shows what mail servers said."
            )
            % named,
            since=since,
        )
