"""What a feed says, before and after cleaning. Plain data that crosses process boundaries."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RawItem:
    """An item as its document has it: every text may hold markup, every address anything."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    author: str = ""
    image: str = ""
    language: str = ""
    source: str = ""
    """The feed that the item comes from, where it is another's."""
    enclosure: str = ""
    """The first file that goes with it, such as a podcast's recording."""
    dated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as its document has it."""

    title: str = ""
    link: str = ""
    language: str = ""
    ttl_minutes: str = ""
    hub: str = ""
    itself: str = ""
    """Where the document says that it lies (``rel="self"``)."""
    items: list[RawItem] = field(default_factory=list)
    skipped: int = 0
    """How many things in the place of items are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedItem:
    """An item with plain texts, addresses that are absolute http(s) or "", and an aware date."""

    guid: str
    url: str
    canonical_url: str
    outlet: str
    title: str
    summary: str
    author: str
    image_url: str
    language: str
    dated_at: datetime | None
    key: str = ""
    """What identifies the item within its feed; see identity.keys_for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed with plain texts and addresses that are absolute http(s) or ""."""

    title: str
    site_url: str
    language: str
    ttl_s: int | None
    items: tuple[ParsedItem, ...]
    skipped: int
    """How many items had neither a title nor a link, or were none."""
    hub_url: str = ""
    self_url: str = ""
    """Hub and topic (WebSub), "" where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFeed:
    """A feed that a web page names."""

    url: str
    title: str
