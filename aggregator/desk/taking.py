"""What waits of a story, and taking it from the Desk."""

from datetime import datetime

from aggregator.models import Decision, Headline, StoryMember
from aggregator.models.headline import WAITS


def take(headline: int, story: int | None, decision: Decision, *, now: datetime) -> int:
    """Take a headline and what waits of its story from the Desk; return how many went."""
    rows = Headline.objects.filter(WAITS, pk__in=together(headline, story))
    decision.count = rows.update(seen_at=now, decision=decision)
    decision.save(update_fields=["count"])
    return decision.count


def together(headline: int, story: int | None) -> set[int]:
    """Return a headline with all of its story."""
    if story is None:
        return {headline}
    members = StoryMember.objects.filter(story=story).order_by()
    return {headline, *members.values_list("pk", flat=True)}
