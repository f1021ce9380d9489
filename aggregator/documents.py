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
    dated_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawFeed:
    """A feed as its document has it."""

    title: str = ""
    link: str = ""
    language: str = ""
    ttl_minutes: str = ""
    items: list[RawItem] = field(default_factory=list)


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
    """How many items had neither a title nor a link."""
