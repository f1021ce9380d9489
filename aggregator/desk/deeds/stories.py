"""Taking stories apart and putting them together, kept for ever unless it is undone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.desk import snapshots
from aggregator.desk.errors import RefusedError
from aggregator.desk.wishes import Case, Deed
from aggregator.models import Decision, Headline, Story, StoryMember
from aggregator.stories import deciding, keeping
from blog.models import User

_COLUMNS = tuple(
    column.attname for column in StoryMember._meta.concrete_fields if not column.primary_key
)
type Members = dict[str, snapshots.Snapshot]
"""Memberships by the keys of their headlines, which JSON makes texts."""


def split(case: Case) -> Deed:
    """Take the chosen headlines out of the story, together into one of their own."""
    story = Story.objects.filter(pk=case.story).first() if case.story else None
    if story is None:
        raise RefusedError(_("Nobody else has told of this yet: there is nothing to take apart."))
    inside = StoryMember.objects.filter(story=story)
    subjects = set(inside.values_list("pk", flat=True))
    before = _members(subjects)
    chosen = case.wish.members or (case.headline.pk,)
    count = deciding.split(story, chosen, by=case.wish.by, now=case.wish.now)
    if not count:
        raise RefusedError(_("Choose some of the headlines, and not all."))
    text = ngettext(
        "%(count)d headline taken out of the story",
        "%(count)d headlines taken out of the story",
        count,
    )
    return _deed(text % {"count": count}, subjects, before, story)


def merge(case: Case) -> Deed:
    """Put the story into that of another headline."""
    other = Headline.objects.filter(pk=case.wish.other or 0).first()
    if other is None:
        raise RefusedError(_("Which one does it belong together with?"))
    theirs = StoryMember.objects.filter(headline=other).values_list("story_id", flat=True).first()
    both = [one for one in (case.story, theirs) if one is not None]
    inside = StoryMember.objects.filter(story__in=both)
    subjects = {case.headline.pk, other.pk, *inside.values_list("pk", flat=True)}
    before = _members(subjects)
    decisions = Decision.objects.filter(story=case.story) if case.story else Decision.objects.none()
    moved = list(decisions.values_list("pk", flat=True))
    story = deciding.merge(case.headline, other, by=case.wish.by, now=case.wish.now)
    if story is None:
        raise RefusedError(_("They are together already."))
    said = _("put together with “%(title)s”") % {"title": other.title}
    deed = _deed(said, subjects, before, story)
    deed.before.update(moved=moved, was=case.story)
    return deed


def undo(decision: Decision, by: User, now: datetime) -> None:
    """Put every headline where it was; raises RefusedError if somebody has moved one since.

    What has joined a story meanwhile that is no more goes along with the others of it.
    """
    kept = decision.before
    subjects: list[int] = kept["headlines"]
    there = set(Headline.objects.filter(pk__in=subjects).values_list("pk", flat=True))
    left = {key: row for key, row in kept["left"].items() if int(key) in there}
    if _members(subjects) != left:
        raise RefusedError(_("The story has been changed since, so it stays as it is."))
    was = {key: row for key, row in kept["members"].items() if int(key) in there}
    stories_before = {row["story_id"] for row in was.values()}
    stories_after = {row["story_id"] for row in left.values()}
    _bring_back(stories_before, now)
    for member in StoryMember.objects.filter(pk__in=subjects):
        if str(member.pk) in was:
            snapshots.restore(member, was[str(member.pk)])
        else:
            member.delete()
    _move_late_ones(stories_after - stories_before, was)
    if kept.get("was"):
        Decision.objects.filter(pk__in=kept["moved"]).update(story=kept["was"])
    keeping.refresh(stories_before | stories_after)


def _deed(said: str, subjects: Iterable[int], before: Members, story: Story) -> Deed:
    subjects = sorted(subjects)
    kept = {"headlines": subjects, "members": before, "left": _members(subjects)}
    return Deed(said=said, before=kept, story=story, touched=story)


def _members(headlines: Iterable[int]) -> Members:
    rows = StoryMember.objects.filter(pk__in=list(headlines)).order_by("pk")
    return {str(row.pk): snapshots.of(row, _COLUMNS) for row in rows}


def _bring_back(stories: Iterable[int], now: datetime) -> None:
    """Make stories anew that went because they had no headlines any more."""
    there = set(Story.objects.filter(pk__in=list(stories)).values_list("pk", flat=True))
    gone = (Story(pk=pk, first_seen_at=now, last_seen_at=now) for pk in set(stories) - there)
    Story.objects.bulk_create(gone)


def _move_late_ones(ended: Iterable[int], was: dict[str, Any]) -> None:
    homes = [row["story_id"] for row in was.values()]
    if not homes:
        return
    late = Q(story__in=list(ended)) & ~Q(pk__in=[int(key) for key in was])
    StoryMember.objects.filter(late).update(story=homes[0])
