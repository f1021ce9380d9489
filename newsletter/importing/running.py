"""Works a file off in steps: first only to look, then, when somebody has said so, for good.

Each step is one transaction that moves ``position`` along with what it wrote. Whoever is killed
leaves nothing half done, and the next goes on there; of two at once, one holds the lease.
"""

import logging
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import batched, islice
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

from django.core.files.storage import Storage, storages
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from blog.models import SiteSettings
from newsletter.importing.judging import Defaults, Verdict, judge
from newsletter.importing.reading import Record, UnreadableFileError, records
from newsletter.models import (
    MailSettings,
    Subscriber,
    SubscriberEvent,
    SubscriberImport,
    SubscriberImportLine,
)
from newsletter.subscribing import unanswered

STEP = 500
LEASE = timedelta(minutes=2)
BUDGET_S = 30.0
MOST_RECORDS = 1_000_000
MOST_TOLD = 5_000
KEPT_FOR = timedelta(days=7)
_CYRILLIC = {"uk", "ru"}

Result = SubscriberImport.Result
State = SubscriberImport.State
logger = logging.getLogger(__name__)


def files() -> Storage:
    """Return where the files wait: a storage that nothing serves."""
    return storages["originals"]


def run(pk: int, *, budget_s: float = BUDGET_S) -> bool:
    """Take an import as far as it can go; return whether there is nothing left to do for now."""
    runner = uuid.uuid4()
    if not _claim(pk, runner, now=timezone.now()):
        return True
    work = SubscriberImport.objects.get(pk=pk)
    ends_at = time.monotonic() + budget_s
    seen: set[int] = set()
    if work.state == State.CHECKING:
        _begin_anew(work)  # what was met in the file is known to one run alone
        ends_at = float("inf")
    try:
        for batch in batched(_rest(work), STEP, strict=False):
            if not _step(work, batch, runner=runner, seen=seen):
                return True
            if time.monotonic() >= ends_at:
                _release(work, runner)
                return False
    except UnreadableFileError as error:
        words = _("These columns are missing: %(names)s.") % {"names": ", ".join(error.missing)}
        _end(work, runner, State.FAILED, reason=words)
        return True
    except OSError as error:
        logger.warning("Import %s: the file cannot be read: %s", pk, error)
        _end(work, runner, State.FAILED, reason=_("The file is not there any more."))
        return True
    reason = ""
    if work.position >= MOST_RECORDS:
        reason = _("Only the first %(n)d lines are looked at.") % {"n": MOST_RECORDS}
    state = State.CHECKED if work.state == State.CHECKING else State.DONE
    _end(work, runner, state, reason=reason)
    return True


def _claim(pk: int, runner: uuid.UUID, *, now: datetime) -> bool:
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    row = SubscriberImport.objects.filter(free, pk=pk, state__in=SubscriberImport.RUNNING)
    return bool(row.update(runner=runner, lease_until=now + LEASE))


def _begin_anew(work: SubscriberImport) -> None:
    work.lines.all().delete()
    SubscriberImport.objects.filter(pk=work.pk).update(position=0, counts={})
    work.position, work.counts = 0, {}


def _rest(work: SubscriberImport) -> Iterator[Record]:
    """Yield what has not been done of the file."""
    is_cyrillic = SiteSettings.load().language in _CYRILLIC
    fallback = "windows-1251" if is_cyrillic else "windows-1252"
    with files().open(work.file) as file:
        found = records(cast("BinaryIO", file.file), fallback=fallback)
        yield from islice(found, work.position, MOST_RECORDS)


@transaction.atomic
def _step(
    work: SubscriberImport, batch: Sequence[Record], *, runner: uuid.UUID, seen: set[int]
) -> bool:
    """Do some lines and say so; return whether the import is still ours."""
    ours = SubscriberImport.objects.select_for_update().filter(pk=work.pk, runner=runner)
    row = ours.filter(state=work.state, position=work.position).first()
    if row is None:
        return False
    now = timezone.now()
    verdicts = judge(batch, defaults=_defaults(now), seen=seen)
    if work.state == State.APPLYING:
        _apply(work, [one for one in verdicts if one.result == Result.NEW], now=now)
        _confirm(work, [one for one in verdicts if one.result == Result.CONFIRMED], now=now)
    _tell(work, verdicts)
    work.counts = dict(Counter(work.counts) + Counter(one.result.value for one in verdicts))
    work.position += len(batch)
    ours.update(position=work.position, counts=work.counts, lease_until=now + LEASE)
    return True


def _defaults(now: datetime) -> Defaults:
    site = SiteSettings.load()
    return Defaults(
        language=site.language,
        rhythm=MailSettings.load().default_rhythm,
        zone=ZoneInfo(site.time_zone),
        now=now,
    )


def _apply(work: SubscriberImport, verdicts: Sequence[Verdict], *, now: datetime) -> None:
    rows = {}
    for one in verdicts:
        assert one.consent is not None  # noqa: S101
        consent = one.consent
        row = Subscriber(
            email=consent.email,
            email_key=consent.key,
            state=Subscriber.State.ACTIVE,
            language=consent.language,
            rhythm=consent.rhythm,
            created_at=consent.asked_at,
            consent_form=consent.form,
            consent_text=consent.text,
            confirmed_at=consent.confirmed_at,
        )
        rows[row.key] = (row, one.line)
    # Who signs up at this very moment stays as she is.
    Subscriber.objects.bulk_create([row for row, _line in rows.values()], ignore_conflicts=True)
    made = Subscriber.objects.filter(key__in=rows).values_list("key", "pk", "email_key")
    unanswered.forget(email_key for _key, _pk, email_key in made)
    _note(work, [(pk, rows[key][1]) for key, pk, _email_key in made], now=now)


def _confirm(work: SubscriberImport, verdicts: Sequence[Verdict], *, now: datetime) -> None:
    """Take the file's word for those whose confirmation we still wait for."""
    done = []
    for one in verdicts:
        assert one.consent is not None  # noqa: S101
        pending = Subscriber.objects.filter(
            email_key=one.consent.key, state=Subscriber.State.PENDING
        )
        pk = pending.values_list("pk", flat=True).first()
        changed = pending.update(
            state=Subscriber.State.ACTIVE,
            confirmed_at=one.consent.confirmed_at,
            consent_form=one.consent.form,
            consent_text=one.consent.text,
            confirmations_sent=0,
        )
        if pk and changed:
            done.append((pk, one.line))
    _note(work, done, now=now)


def _note(work: SubscriberImport, done: Sequence[tuple[int, int]], *, now: datetime) -> None:
    kind = SubscriberEvent.Kind.IMPORTED
    SubscriberEvent.objects.bulk_create(
        SubscriberEvent(
            subscriber_id=pk, kind=kind, at=now, detail={"import": work.pk, "line": line}
        )
        for pk, line in done
    )


def _tell(work: SubscriberImport, verdicts: Sequence[Verdict]) -> None:
    """Keep what became of lines that did not simply become subscribers, up to a number."""
    odd = [one for one in verdicts if one.result != Result.NEW]
    told = sum(n for result, n in work.counts.items() if result != Result.NEW)
    SubscriberImportLine.objects.bulk_create(
        SubscriberImportLine(work=work, line=one.line, result=one.result, note=one.note)
        for one in odd[: max(MOST_TOLD - told, 0)]
    )


def _release(work: SubscriberImport, runner: uuid.UUID) -> None:
    SubscriberImport.objects.filter(pk=work.pk, runner=runner).update(lease_until=None)


def _end(work: SubscriberImport, runner: uuid.UUID, state: str, *, reason: str = "") -> None:
    ended = SubscriberImport.objects.filter(pk=work.pk, runner=runner, state=work.state).update(
        state=state, reason=reason, lease_until=None, finished_at=timezone.now()
    )
    if ended and state != State.CHECKED:
        files().delete(work.file)


@transaction.atomic
def start_applying(work: SubscriberImport) -> bool:
    """Let a file that has been looked at come in; return whether that was so."""
    checked = SubscriberImport.objects.filter(pk=work.pk, state=State.CHECKED)
    is_ours = bool(
        checked.update(state=State.APPLYING, position=0, counts={}, finished_at=None, reason="")
    )
    if is_ours:
        work.lines.all().delete()
    return is_ours


def cancel(work: SubscriberImport, *, now: datetime) -> bool:
    """Stop an import where it stands; what has come in stays. Return whether it was going on."""
    open_ones = [*SubscriberImport.RUNNING, State.CHECKED]
    rows = SubscriberImport.objects.filter(pk=work.pk, state__in=open_ones)
    stopped = bool(rows.update(state=State.CANCELLED, finished_at=now, lease_until=None))
    if stopped:
        files().delete(work.file)
    return stopped


def unfinished(*, now: datetime) -> list[int]:
    """Return the imports that nobody works on although there is something to do."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    rows = SubscriberImport.objects.filter(free, state__in=SubscriberImport.RUNNING)
    return list(rows.values_list("pk", flat=True))


def forget_old(*, now: datetime) -> int:
    """Throw away files that nobody brought in for a week; return how many."""
    old = SubscriberImport.objects.filter(state=State.CHECKED, created_at__lt=now - KEPT_FOR)
    return sum(cancel(work, now=now) for work in old)
