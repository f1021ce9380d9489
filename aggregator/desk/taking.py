"""What waits of a story, and taking it from the Desk."""

from datetime import datetime

from aggregator.models import Decision, Headline, StoryMember
from aggregator.models.headline import WAITS


def take(headline: int, story: int | None, decision: Decision, *, now: datetime) -> int:
    """Take a headline and what waits of its story from the Desk; return how many went."""
    rows = Headline.objects.filter(WAITS, pk__in=_together(headline, story))
    return rows.update(seen_at=now, decision=decision)


def put_back(decision: Decision) -> int:
    """Let wait again what a decision took from the Desk; return how many do."""
    return Headline.objects.filter(decision=decision).update(seen_at=None, decision=None)


def _together(headline: int, story: int | None) -> set[int]:
    if story is None:
        return {headline}
    members = StoryMember.objects.filter(story=story).order_by()
    return {headline, *members.values_list("pk", flat=True)}
