"""What of the Desk is looked at: the filters of its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q

from aggregator.models import Feed, Headline
from blog import finding

HOURS = (1, 6, 24, 72, 168)
NEWEST, WEIGHT = "newest", "weight"
LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which headlines are looked at, in which order, and how."""

    feed: int | None = None
    folder: str = ""
    language: str = ""
    words: str = ""
    hours: int | None = None
    shows_all: bool = False
    order: str = NEWEST
    shows_pictures: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        """Read the parameters of an address; what is no filter is left out."""
        feed, hours = _number(asked.get("feed", "")), _number(asked.get("hours", ""))
        return cls(
            feed=feed,
            folder=_text(asked.get("folder", "")),
            language=_text(asked.get("language", ""))[:20],
            words=_text(asked.get("words", "")),
            hours=hours if hours in HOURS else None,
            shows_all=asked.get("all") == "1",
            order=WEIGHT if asked.get("order") == WEIGHT else NEWEST,
            shows_pictures=asked.get("pictures") == "1",
        )

    @property
    def query(self) -> str:
        """The same filters as the query of an address; those that are not set are left out."""
        named = {
            "feed": self.feed,
            "folder": self.folder,
            "language": self.language,
            "words": self.words,
            "hours": self.hours,
            "all": "1" if self.shows_all else "",
            "order": self.order if self.order != NEWEST else "",
            "pictures": "1" if self.shows_pictures else "",
        }
        return urlencode({name: value for name, value in named.items() if value})

    @property
    def chooses(self) -> bool:
        """Whether a headline is shown for its own sake, and not its story's leading one."""
        return bool(self.feed or self.folder or self.language or self.words)

    @property
    def is_narrow(self) -> bool:
        """Whether few of all headlines fit."""
        return bool(self.feed or self.folder or self.words)

    def apply(self, headlines: Any, *, now: datetime) -> Any:
        """Return those of ``headlines`` that are at the Desk and fit."""
        rows = headlines.at_the_desk(now=now) if self.shows_all else headlines.waiting(now=now)
        return rows.filter(self._fits(now)) if self.chooses or self.hours else rows

    def _fits(self, now: datetime) -> Q:
        fits = Q()
        if self.feed:
            fits &= Q(feed=self.feed)
        if self.folder:
            inside = Q(folder=self.folder) | Q(folder__startswith=f"{self.folder} / ")
            fits &= Q(feed__in=Feed.objects.order_by().filter(inside).values("pk"))
        if self.language:
            fits &= Q(language=self.language) | Q(language__startswith=f"{self.language}-")
        if self.words:
            found = finding.find(Headline.objects.order_by(), self.words)
            fits &= Q(pk__in=found.values("pk"))
        if self.hours:
            fits &= Q(published_at__gte=now - timedelta(hours=self.hours))
        return fits


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]
