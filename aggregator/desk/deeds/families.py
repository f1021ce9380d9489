"""Which family does what each kind of decision asks for, and which right it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from aggregator.desk.deeds import dropping, placing
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


FAMILIES: dict[str, Family] = {
    Kind.PICK: Family(do=placing.pick, undo=placing.undo, right="aggregator.add_pick"),
    Kind.DROP: Family(do=dropping.drop, undo=dropping.undo),
    Kind.STAR: Family(do=placing.star, undo=placing.undo, right="aggregator.add_pick", takes=False),
    Kind.WORDS: Family(
        do=placing.write, undo=placing.undo, right="aggregator.add_pick", takes=False
    ),
}
