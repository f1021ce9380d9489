"""Which decisions concern a row of the Desk: those on its headline, and on its story."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from aggregator.models import Decision, Headline
from blog.among import Among


def concerning(headline: Headline, story: int | None) -> Q:
    """Return the condition on decisions that they concern a row.

    A row and the decision on it ask the same, or an editor would be told of what no row shows.
    """
    return concerning_any([headline.pk], [story] if story else [], taken_by([headline]))


def concerning_any(
    headlines: Collection[int], stories: Collection[int], decisions: Collection[int]
) -> Q:
    """Return the condition for many rows, of keys; ``decisions`` are those that took them."""
    on_row = Q(Among("headline", headlines)) | Q(Among("story", stories))
    return on_row | Q(Among("pk", decisions))


def taken_by(headlines: Iterable[Headline]) -> list[int]:
    """Return the keys of the decisions that took headlines from the Desk."""
    return [row.decision_id for row in headlines if row.decision_id]


def concerns(decision: Decision, headline: Headline, story: int | None) -> bool:
    """Whether a decision that was loaded concerns a row."""
    is_on_story = story is not None and decision.story_id == story
    return is_on_story or decision.headline_id == headline.pk or decision.pk == headline.decision_id
