"""What an editor should know of a feed before adding it. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aggregator.documents import ParsedFeed

LARGE_BYTES = 1024 * 1024
OLD = timedelta(days=365)


def warnings_of(parsed: ParsedFeed, *, size: int, moved_to: str, now: datetime) -> Iterator[str]:
    """Yield what is odd about a document of ``size`` bytes, in words."""
    if moved_to:
        yield _("The feed has moved for good to %s. That address is taken.") % moved_to
    if not parsed.items:
        yield _("The feed is empty at the moment.")
        return
    if parsed.skipped:
        yield (
            ngettext(
                "%d entry has neither title nor link and is left out.",
                "%d entries have neither title nor link and are left out.",
                parsed.skipped,
            )
            % parsed.skipped
        )
    yield from _about_dates(parsed, now)
    yield from _about_guids(parsed)
    if size > LARGE_BYTES:
        yield _("The feed is large: %.1f MiB each time that something changes.") % (size / 2**20)


def _about_dates(parsed: ParsedFeed, now: datetime) -> Iterator[str]:
    dates = [item.dated_at for item in parsed.items if item.dated_at]
    if not dates:
        yield _("The entries have no dates: they count as published when they are first seen.")
    elif min(dates) > now:
        yield _("All dates lie in the future: entries count as published when first seen.")
    elif max(dates) < now - OLD:
        yield _("The newest entry is more than a year old.")


def _about_guids(parsed: ParsedFeed) -> Iterator[str]:
    guids = Counter(item.guid for item in parsed.items)
    if len(parsed.items) > 1 and len(guids) == 1:
        yield (
            _("All entries have the same identifier: they are told apart by their links.")
            if guids.keys() != {""}
            else _("The entries have no identifiers: they are told apart by their links.")
        )
