"""When posts come out: moving a scheduled one to another day or time of the site's own clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo

from django.db import transaction

from blog import versions
from blog.models import Post, User


class CannotMoveError(Exception):
    """A post stays where it is; the reason names it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


STALE = "stale"
NOT_SCHEDULED = "not scheduled"
IN_THE_PAST = "in the past"
NO_SUCH_DAY = "no such day"


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for a day and time of the clock on the wall."""

    at: datetime
    was_missing: bool
    """The clock skips that time on that day: the instant is as much later as the clock skips."""
    was_doubled: bool
    """The clock shows that time twice on that day: the instant is that of the first time."""


def moment_of(day: date, wall_time: time, *, zone: tzinfo) -> Moment:
    """Return the instant at which the clock in ``zone`` shows ``wall_time`` on ``day`` (PEP 495).

    Raises CannotMoveError for a day beyond the calendar's ends.
    """
    wall = datetime.combine(day, wall_time.replace(tzinfo=None, fold=0))
    try:
        first = wall.replace(tzinfo=zone).astimezone(UTC)
        second = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
        shown = first.astimezone(zone).replace(tzinfo=None)
    except (OverflowError, ValueError) as error:
        raise CannotMoveError(NO_SUCH_DAY) from error
    was_missing = shown != wall
    return Moment(first, was_missing, was_doubled=second > first and not was_missing)


@transaction.atomic
def move(
    post: Post,
    *,
    day: date,
    wall_time: time | None,
    zone: tzinfo,
    version: int,
    by: User,
    now: datetime,
) -> Moment:
    """Let a scheduled post appear on another day, at its own time of day or at another.

    ``version`` is the one that the editor had before them. Raises CannotMoveError, and changes
    nothing, if the post was saved since, is public or not scheduled (any more), or would have to
    appear at once.
    """
    if versions.stored_version(post) != version:
        raise CannotMoveError(STALE)
    post.refresh_from_db(fields=["status", "published_at"])
    if not post.is_public_status or post.published_at is None or post.published_at <= now:
        raise CannotMoveError(NOT_SCHEDULED)
    if wall_time is None:
        wall_time = post.published_at.astimezone(zone).time()
    moment = moment_of(day, wall_time, zone=zone)
    if moment.at <= now:
        raise CannotMoveError(IN_THE_PAST)
    post.published_at = moment.at
    post.save(update_fields=["published_at", "updated_at"])
    versions.keep(post, by=by, now=now)
    return moment
