"""Headlines that join a story on which somebody has decided: they need not be looked at."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from aggregator.models import Decision, Headline, StoryMember
from aggregator.models.headline import WAITS
from blog.among import Among
from blog.written import MANY_KEYS, Written


def settle(joined: Collection[int], *, now: datetime) -> int:
    """Take headlines that have just joined stories from the Desk if all others have left it.

    Return how many went. To be called in turn with the Desk; see turns.py.
    """
    decided: dict[int, int] = dict(_decisions().rows({MANY_KEYS: joined}))
    if not decided:
        return 0
    waiting = Headline.objects.filter(WAITS, membership__story__in=list(decided)).order_by()
    rows = list(waiting.values_list("membership__story", "pk"))
    open_still = {story for story, pk in rows if pk not in joined}
    done = 0
    for story, decision in decided.items():
        late = [pk for of, pk in rows if of == story]
        if late and story not in open_still:
            done += Headline.objects.filter(pk__in=late).update(seen_at=now, decision=decision)
    return done


@cache
def _decisions() -> Written[StoryMember]:
    """Return the statement for the stories of some headlines and the decisions on them.

    Of two that took headlines of a story the newer comes last. What was muted says nothing of the
    others of its story.
    """
    near = StoryMember.objects.filter(Among("headline", MANY_KEYS)).order_by().values("story")
    taken = StoryMember.objects.filter(story__in=near, headline__decision__isnull=False)
    rows = taken.exclude(headline__decision__kind=Decision.Kind.MUTE).order_by("headline__decision")
    return Written(rows.values_list("story_id", "headline__decision"))
