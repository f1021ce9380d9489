"""Which decisions concern a row of the Desk: those on its headline, and on its story."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from aggregator.models import Decision, Headline
from blog.among import Among


def concerning(headlines: Iterable[Headline], stories: Iterable[int]) -> Q:
    """Return the condition on decisions that they concern one of these rows.

    A row and the decision on it ask the same, or an editor would be told of what no row shows.
    """
    rows = list(headlines)
    return concerning_keys([row.pk for row in rows], [*stories], taken_by(rows))


def concerning_keys(
    headlines: Collection[int], stories: Collection[int], decisions: Collection[int]
) -> Q:
    """Return the same condition of keys; ``decisions`` are those that took the headlines."""
    on_row = Q(Among("headline", headlines)) | Q(Among("story", stories))
    return on_row | Q(Among("pk", decisions))


def taken_by(headlines: Iterable[Headline]) -> list[int]:
    """Return the keys of the decisions that took headlines from the Desk."""
    return [row.decision_id for row in headlines if row.decision_id]


def concerns(decision: Decision, headline: Headline, story: int | None) -> bool:
    """Whether a decision that was loaded concerns a row."""
    is_on_story = story is not None and decision.story_id == story
    return is_on_story or decision.headline_id == headline.pk or decision.pk == headline.decision_id
