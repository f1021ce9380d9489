"""How far the fetching of pictures is, for editors."""

from dataclasses import dataclass

from aggregator.models import Thumbnail
from blog.paging import COUNTED_AT_MOST

State = Thumbnail.State


@dataclass(frozen=True, slots=True)
class Pictures:
    """How many are how far; counted so far and no farther."""

    there: int
    waiting: int
    failed: int


def progress() -> Pictures:
    """Count the pictures of outside articles by their states."""

    def count(state: State) -> int:
        return Thumbnail.objects.filter(state=state)[:COUNTED_AT_MOST].count()

    return Pictures(count(State.READY), count(State.WAITING), count(State.FAILED))
