"""What an editor asks for at the Desk."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model

from aggregator.models import Collection, Decision, Headline, Story
from blog.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One request for a decision. ``known`` is the newest decision that the editor has seen."""

    key: uuid.UUID
    kind: Decision.Kind
    headline: int
    known: int = 0
    by: User
    now: datetime
    collection: int | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    saw_words: bool = True
    """Whether the editor saw those of before; otherwise all that is given is meant."""
    outlet: str = ""
    word: str = ""
    members: tuple[int, ...] = ()
    other: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A wish with what it is about, held for the one who decides."""

    wish: Wish
    headline: Headline
    story: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What was done: in words for people, and with all that its undoing needs."""

    said: str
    before: dict[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    collection: Collection | None = None
    story: Story | None = None
    """The headline's story, where it is another one by now."""
    touched: Model | None = None
    """What keeps a history of its own, in which the deed is noted."""
