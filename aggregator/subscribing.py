"""Brings a list of feeds in, and gives it out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aggregator import opml
from aggregator.models import Feed
from aggregator.models.feed import FOLDER_MAX_LENGTH, URL_MAX_LENGTH
from aggregator.opml import Outline
from aggregator.parse import web_address
from aggregator.steering import tidy_address
from blog.text import clean_line

TITLE_MAX_LENGTH = 200
# So many feeds a second begin with their first poll, so that a long list does not start at once.
STARTS_PER_SECOND = 5
_BATCH = 500
_is_web_address = URLValidator(schemes=["http", "https"])


class Result(TextChoices):
    """What became of a line."""

    ADDED = "added", _("added")
    KNOWN = "known", _("known already")
    TWICE = "twice", _("in the list twice")
    REFUSED = "refused", _("refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one feed of the list."""

    outline: Outline
    result: Result
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a list, line by line."""

    lines: Sequence[Line]

    def count(self, result: Result) -> int:
        """Return how many lines ended so."""
        return sum(line.result == result for line in self.lines)

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many lines ended in which way, those ways left out that did not occur."""
        return [(str(one.label), self.count(one)) for one in Result if self.count(one)]


def import_opml(data: bytes, *, now: datetime, is_trial: bool = False) -> ImportReport:
    """Add the feeds of a list that are not here yet; a trial changes nothing.

    Feeds that are known stay as they are, but get the list's folder if they have none. May be done
    again at any time. Raises BadOpmlError, and then nothing is added.
    """
    lines = _judge(opml.read(data))
    if not is_trial:
        _add([line.outline for line in lines if line.result == Result.ADDED], now=now)
        _file([line.outline for line in lines if line.result == Result.KNOWN])
    return ImportReport(lines=lines)


def _judge(outlines: Sequence[Outline]) -> list[Line]:
    known = _known_of({_address(outline.url) for outline in outlines})
    seen: set[str] = set()
    return [_line(outline, known, seen) for outline in outlines]


def _known_of(urls: set[str]) -> set[str]:
    addresses = sorted(urls)
    return {
        url
        for start in range(0, len(addresses), _BATCH)
        for url in Feed.objects.filter(url__in=addresses[start : start + _BATCH]).values_list(
            "url", flat=True
        )
    }


def _line(outline: Outline, known: set[str], seen: set[str]) -> Line:
    url = _address(outline.url)
    tidy = Outline(
        line=outline.line,
        url=url or outline.url,
        title=clean_line(outline.title)[:TITLE_MAX_LENGTH],
        site_url=web_address(outline.site_url),
        folder=clean_line(outline.folder)[:FOLDER_MAX_LENGTH],
    )
    if not url:
        note = str(_("This is no http or https address."))
        return Line(outline=tidy, result=Result.REFUSED, note=note)
    if url in seen:
        return Line(outline=tidy, result=Result.TWICE)
    seen.add(url)
    note = str(_("The name and password in it are left out.")) if "@" in outline.url else ""
    return Line(outline=tidy, result=Result.KNOWN if url in known else Result.ADDED, note=note)


def _address(url: str) -> str:
    """Return an address that can be polled, without a password in it, or ""."""
    address = web_address(tidy_address(url))
    try:
        _is_web_address(address)
    except ValidationError:
        return ""
    return address if len(address) <= URL_MAX_LENGTH else ""


@transaction.atomic
def _add(outlines: Sequence[Outline], *, now: datetime) -> None:
    Feed.objects.bulk_create(
        (
            Feed(
                url=outline.url,
                title=outline.title,
                site_url=outline.site_url,
                folder=outline.folder,
                next_poll_at=now + timedelta(seconds=number // STARTS_PER_SECOND),
            )
            for number, outline in enumerate(outlines)
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


@transaction.atomic
def _file(outlines: Sequence[Outline]) -> None:
    folders: dict[str, list[str]] = {}
    for outline in outlines:
        if outline.folder:
            folders.setdefault(outline.folder, []).append(outline.url)
    for folder, urls in folders.items():
        for start in range(0, len(urls), _BATCH):
            unfiled = Feed.objects.filter(url__in=urls[start : start + _BATCH], folder="")
            unfiled.update(folder=folder)


def export_opml(*, title: str, now: datetime) -> bytes:
    """Return all feeds as OPML 2.0, with their folders; no access, no password."""
    feeds = Feed.objects.outside().order_by("pk").values_list("url", "title", "site_url", "folder")
    outlines = (
        Outline(line=0, url=web_address(url) or url, title=name, site_url=site, folder=folder)
        for url, name, site, folder in feeds.iterator()
    )
    return opml.write(outlines, title=title, now=now)
