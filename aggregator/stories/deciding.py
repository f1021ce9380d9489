"""What an editor decides about stories, kept for ever: the grouping moves nothing of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from aggregator.models import Decision, GroupingState, Headline, Story, StoryMember
from aggregator.stories import keeping
from aggregator.stories.likeness import WINDOW
from blog.models import User

Reason = StoryMember.Reason


@transaction.atomic
def split(story: Story, headlines: Iterable[int], *, by: User | None, now: datetime) -> int:
    """Take headlines out of a story, together into one of their own; return how many went.

    Other headlines of the same articles go along. All of a story's headlines are no part of it:
    then nothing happens.
    """
    if not _going(story, headlines):
        return 0
    have_a_turn(now)
    going = _going(story, headlines)
    if not going:
        return 0
    own = Story.objects.create(first_seen_at=now, last_seen_at=now)
    _put(going, own, by=by, with_headline=None)
    keeping.refresh([story.pk, own.pk])
    return len(going)


def _going(story: Story, headlines: Iterable[int]) -> set[int]:
    """Return which headlines leave a story with some others; none if that were all."""
    members = StoryMember.objects.filter(story=story).order_by()
    articles = dict(members.values_list("headline_id", "headline__article_key"))
    chosen = {pk for pk in headlines if pk in articles}
    same = {articles[pk] for pk in chosen} - {""}
    going = {pk for pk, article in articles.items() if pk in chosen or article in same}
    return going if len(going) < len(articles) else set()


@transaction.atomic
def merge(headline: Headline, other: Headline, *, by: User | None, now: datetime) -> Story | None:
    """Put a headline, with all of its story, into the story of another one; return that.

    None if they are in one already.
    """
    have_a_turn(now)
    rows = StoryMember.objects.filter(headline__in=[headline.pk, other.pk])
    story_of = dict(rows.values_list("headline_id", "story_id"))
    mine, theirs = story_of.get(headline.pk), story_of.get(other.pk)
    if headline == other or (mine is not None and mine == theirs):
        return None
    story = _story_of(other, theirs, now)
    moving = {headline.pk}
    if mine is not None:
        moving |= set(StoryMember.objects.filter(story=mine).values_list("pk", flat=True))
    else:
        StoryMember.objects.create(headline=headline, story=story, joined_at=now)
    _put(moving, story, by=by, with_headline=other)
    StoryMember.objects.filter(headline=other).update(is_pinned=True)
    Decision.objects.filter(story=mine or story.pk).update(story=story)
    keeping.refresh({story.pk, mine or story.pk})
    story.refresh_from_db()
    return story


def _story_of(headline: Headline, key: int | None, now: datetime) -> Story:
    if key is not None:
        return Story.objects.get(pk=key)
    story = Story.objects.create(first_seen_at=now, last_seen_at=now)
    StoryMember.objects.create(headline=headline, story=story, reason=Reason.FIRST, joined_at=now)
    return story


def _put(
    headlines: Iterable[int], story: Story, *, by: User | None, with_headline: Headline | None
) -> None:
    StoryMember.objects.filter(headline__in=list(headlines)).update(
        story=story,
        reason=Reason.EDITOR,
        words="",
        agrees_with=with_headline,
        is_pinned=True,
        decided_by=by,
    )


def have_a_turn(now: datetime) -> None:
    """Wait for a batch of the grouping, or another editor; let them wait until this is committed.

    A story may become another one while it is looked at, so one decides after the other.
    """
    first = GroupingState(pk=1, reached_at=now - WINDOW)
    GroupingState.objects.bulk_create([first], ignore_conflicts=True)
    GroupingState.objects.select_for_update().get(pk=1)
