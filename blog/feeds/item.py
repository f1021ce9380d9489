"""What a feed says, in no format yet. Pure.

Every address is absolute, every date an aware one; texts are plain but for ``Item.content``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

from blog.xml_text import without_forbidden

BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without items was updated last: Atom asks for a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Under which name something stands."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The picture of an item; its size is in pixels, 0 where we do not know it."""

    url: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Whom an item is from, where it is not ours: the outlet, and its feed or its page."""

    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item. ``url`` is where its title leads, ``related_url`` the other end of it.

    A post's title leads to us and its source is related; a headline's leads to its outlet, and the
    page on which we show it is related. ``external_url`` is whichever of the two is not ours.
    """

    id: str
    url: str
    title: str
    published_at: datetime
    updated_at: datetime
    """Of the newest correction; equal to ``published_at`` while there is none."""
    related_url: str = ""
    external_url: str = ""
    summary: str = ""
    content: str = ""
    """HTML, cleaned."""
    authors: Sequence[Person] = ()
    keywords: Sequence[str] = ()
    language: str = ""
    summary_language: str = ""
    """Where it is not that of the title."""
    picture: Picture | None = None
    source: Source | None = None

    @property
    def is_corrected(self) -> bool:
        """Whether readers should be told that it has changed."""
        return self.updated_at > self.published_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed with its items, the newest first."""

    title: str
    url: str
    """The page of which it is the feed."""
    own_url: str
    description: str
    language: str
    publisher: Person
    items: Sequence[Item]
    hub_url: str = ""
    icon_url: str = ""

    @property
    def updated_at(self) -> datetime:
        """When the newest item came, or was corrected."""
        return max((item.updated_at for item in self.items), default=BEFORE_ALL)


def fit_for_machines[T](value: T) -> T:
    """Return ``value`` with the characters that break a document left out of all its texts."""
    fitting: Any = value
    if isinstance(value, str):
        fitting = without_forbidden(value)
    elif isinstance(value, list | tuple):
        fitting = [fit_for_machines(part) for part in value]
    elif is_dataclass(value) and not isinstance(value, type):
        parts = {field.name: getattr(value, field.name) for field in fields(value)}
        fitting = replace(value, **{name: fit_for_machines(part) for name, part in parts.items()})
    return fitting  # type: ignore[no-any-return]
