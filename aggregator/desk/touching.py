"""Which decisions concern a row of the Desk: those on its headline, and on its story."""

from collections.abc import Iterable

from django.db.models import Q

from aggregator.models import Decision, Headline


def concerning(headlines: Iterable[Headline], stories: Iterable[int]) -> Q:
    """Return the condition on decisions that they concern one of these rows.

    A row and the decision on it ask the same, or an editor would be told of what no row shows.
    """
    rows = list(headlines)
    taken = [row.decision_id for row in rows if row.decision_id]
    return Q(headline__in=[row.pk for row in rows]) | Q(story__in=list(stories)) | Q(pk__in=taken)


def concerns(decision: Decision, headline: Headline, story: int | None) -> bool:
    """Whether a decision that was loaded concerns a row."""
    is_on_story = story is not None and decision.story_id == story
    return is_on_story or decision.headline_id == headline.pk or decision.pk == headline.decision_id
