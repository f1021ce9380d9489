"""Which family does what each kind of decision asks for, and which right it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aggregator.desk.deeds import dropping, muting, placing, posting, stories
from aggregator.desk.wishes import Case, Deed
from aggregator.models import Decision
from blog.models import User

Kind = Decision.Kind
MAY_LOOK = "aggregator.change_headline"
"""The right without which nobody is at the Desk at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How a kind of decision is done and undone."""

    do: Callable[[Case], Deed]
    undo: Callable[[Decision, User, datetime], None]
    right: str = MAY_LOOK
    takes: bool = True
    """Whether the story leaves the Desk by it."""
    is_bulk: bool = False
    """Whether it goes on with many other headlines; see bulk.py."""
    moves_stories: bool = False
    """Whether it needs its turn at the stories, too."""


FAMILIES: dict[str, Family] = {
    Kind.PICK: Family(do=placing.pick, undo=placing.undo, right="aggregator.add_pick"),
    Kind.DROP: Family(do=dropping.drop, undo=placing.undo),
    Kind.DIGEST: Family(do=placing.into_digest, undo=placing.undo, right="aggregator.add_pick"),
    Kind.BREAKING: Family(do=placing.break_news, undo=placing.undo, right="aggregator.add_pick"),
    Kind.STAR: Family(do=placing.star, undo=placing.undo, right="aggregator.add_pick", takes=False),
    Kind.WORDS: Family(
        do=placing.write, undo=placing.undo, right="aggregator.add_pick", takes=False
    ),
    Kind.POST: Family(do=posting.write, undo=posting.undo, right="blog.add_post"),
    Kind.MUTE: Family(
        do=muting.mute, undo=muting.undo, right="aggregator.add_rule", takes=False, is_bulk=True
    ),
    Kind.SPLIT: Family(
        do=stories.split,
        undo=stories.undo,
        right="aggregator.change_story",
        takes=False,
        moves_stories=True,
    ),
    Kind.MERGE: Family(
        do=stories.merge,
        undo=stories.undo,
        right="aggregator.change_story",
        takes=False,
        moves_stories=True,
    ),
}
"""Passing over many at once is none of them: no headline stands for it. See passing.py."""
