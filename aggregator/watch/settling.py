"""What an editor decides when a source has changed or died, and what is still to be decided."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aggregator.announcing import note_picks
from aggregator.models import Pick, PickQuerySet, SourceWatch, SourceWatchQuerySet
from blog.paging import COUNTED_AT_MOST

_SETTLED = ("title", "retitled_at", "settled_state", "asks_at")
LATELY = timedelta(days=7)


class ChangedAgainError(Exception):
    """The outlet has given the article yet another title since the editor saw it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to what a source asks; ``act`` changes the picks, ``said`` is for the audit."""

    name: str
    label: str | Promise
    said: str | Promise
    act: Callable[[SourceWatch, datetime], object]
    is_about_title: bool


def tasks(*, now: datetime) -> SourceWatchQuerySet:
    """Return what asks for a decision, newest first: of articles that readers see."""
    public = Pick.objects.public(now=now).filter(headline=OuterRef("headline")).order_by()
    return SourceWatch.objects.asking().filter(Exists(public)).select_related("headline")


def standing(watch: SourceWatch) -> PickQuerySet:
    """Return the picks of a source that nobody has withdrawn."""
    return Pick.objects.filter(headline=watch.headline_id, withdrawn_at__isnull=True)


def choices_for(watch: SourceWatch, picks: list[Pick]) -> list[Choice]:
    """Return what an editor can decide now; ``picks`` are those that stand."""
    named = [choice for choice in _OF_TITLE if watch.is_retitled]
    is_ours = {bool(pick.title) for pick in picks}
    wanted = {"seen"} | ({"take"} if True in is_ours else set())
    wanted |= {"tell", "keep"} if False in is_ours else set()
    offered = [choice for choice in named if choice.name in wanted]
    if not watch.is_lost or watch.settled_state == watch.state:
        return offered
    is_archived = all(pick.archived_url for pick in picks)
    return offered + [one for one in _OF_LINK if not (one.name == "archive" and is_archived)]


@transaction.atomic
def settle(watch: SourceWatch, choice: Choice, *, now: datetime, seen_title: str) -> SourceWatch:
    """Do what an editor has chosen, and ask no more.

    ``seen_title`` is the outlet's title that she had before her: raises ChangedAgainError where
    that is not the title any more.
    """
    rows = SourceWatch.objects.select_for_update(of=("self",)).select_related("headline")
    watch = rows.get(pk=watch.pk)
    if choice.is_about_title and seen_title != watch.headline.title:
        raise ChangedAgainError
    picks = list(standing(watch).values_list("pk", flat=True))
    if choice.act(watch, now):
        transaction.on_commit(partial(note_picks, picks, now=now))
    if choice.is_about_title:
        watch.title, watch.retitled_at = watch.headline.title, None
    else:
        watch.settled_state = watch.state
    has_lost = watch.is_lost and watch.settled_state != watch.state
    watch.asks_at = watch.asks_at if watch.is_retitled or has_lost else None
    watch.save(update_fields=_SETTLED)
    return watch


def _nothing(_watch: SourceWatch, _now: datetime) -> None:
    """Leave the picks as they are."""


def _take(watch: SourceWatch, _now: datetime) -> int:
    return standing(watch).exclude(title="").update(title="")


def _keep(watch: SourceWatch, _now: datetime) -> int:
    language = watch.headline.language[:2].lower()
    known = language if language in dict(settings.LANGUAGES) else ""
    return standing(watch).filter(title="").update(title=watch.title, title_language=known)


def _tell(watch: SourceWatch, _now: datetime) -> int:
    return standing(watch).filter(title="").update(former_title=watch.title)


def _lead_to_archive(watch: SourceWatch, _now: datetime) -> int:
    return standing(watch).update(archived_url=watch.archived_url)


def _withdraw(watch: SourceWatch, now: datetime) -> int:
    return standing(watch).update(withdrawn_at=now)


_OF_TITLE = (
    Choice("seen", _("Seen"), _("The outlet’s new headline was seen."), _nothing, True),
    Choice(
        "tell",
        _("Seen, and tell readers"),
        _("Readers are told that the outlet has changed its headline."),
        _tell,
        True,
    ),
    Choice(
        "keep",
        _("Keep the former headline"),
        _("The outlet’s former headline stays."),
        _keep,
        True,
    ),
    Choice(
        "take",
        _("Take the new headline"),
        _("The outlet’s new headline stands in the place of ours."),
        _take,
        True,
    ),
)
_OF_LINK = (
    Choice(
        "archive",
        _("Lead readers to the archived copy"),
        _("Readers are led to the archived copy."),
        _lead_to_archive,
        False,
    ),
    Choice("withdraw", _("Withdraw"), _("Withdrawn: its link is dead."), _withdraw, False),
    Choice("leave", _("Leave it as it is"), _("The link stays as it is."), _nothing, False),
)
CHOICES = {choice.name: choice for choice in (*_OF_TITLE, *_OF_LINK)}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the looks at links are; counted so far and no farther."""

    watched: int
    looked_at: int
    """Within the last days (LATELY)."""
    unsure: int
    """Could not be found out the last time."""
    overdue: int


def progress(*, now: datetime) -> Progress:
    """Count what is watched and how far the looks are."""
    rows = SourceWatch.objects.order_by()
    lately = rows.filter(looked_at__gt=now - LATELY)
    return Progress(
        watched=_count(rows),
        looked_at=_count(lately),
        unsure=_count(lately.filter(failures__gt=0)),
        overdue=_count(rows.filter(next_at__lte=now - timedelta(hours=1))),
    )


def _count(rows: SourceWatchQuerySet) -> int:
    return rows[:COUNTED_AT_MOST].count()
