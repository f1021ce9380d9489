"""Looks at the pages that editors write about: title, outlet, excerpt. A side job of the poller.

The form of a post leaves a Glance (aggregator.admin.glances) and asks until it is there. Nothing
of the page is kept but a few lines of plain text, and those for a day.
"""

import asyncio
import dataclasses
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aggregator import errors
from aggregator.fetch import fetch
from aggregator.kit import Kit, in_database
from aggregator.models import Glance
from aggregator.page_facts import PageFacts, facts_of, is_page

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
CLAIM = timedelta(minutes=1)
KEPT = timedelta(days=1)
MOST_BYTES = 5 * 1024 * 1024
MOST_S = 15.0
AGAIN_WITHIN = timedelta(hours=1)
MOST_OF_ONE = 30
MOST_OF_ONE_WITHIN = timedelta(minutes=10)

# The errors of fetching speak of feeds where they can; an editor has given us a page.
_WORDS: dict[type[errors.FetchError], str | Promise] = {
    errors.TooLarge: _("The page is larger than %(max_mib)d MiB."),
    errors.TooManyRedirects: _("The address leads on and on without reaching a page."),
    errors.Gone: _("The site says that the page is gone for good (410)."),
}


class TooManyGlancesError(Exception):
    """Somebody has asked for more looks than one person can need."""


@transaction.atomic
def ask(address: str, *, user_id: int, now: datetime) -> Glance:
    """Return a look at ``address``, a recent one of this user's if there is one.

    Raises TooManyGlancesError where this user has asked for MOST_OF_ONE within a short time.
    """
    own = Glance.objects.filter(asked_by=user_id)
    recent = own.filter(address=address, asked_at__gt=now - AGAIN_WITHIN)
    found = recent.exclude(state=Glance.State.FAILED).order_by("-asked_at").first()
    if found:
        return found
    if own.filter(asked_at__gt=now - MOST_OF_ONE_WITHIN).count() >= MOST_OF_ONE:
        raise TooManyGlancesError
    return Glance.objects.create(address=address, asked_by_id=user_id, asked_at=now)


@transaction.atomic
def claim_waiting(*, now: datetime, limit: int) -> Sequence[Glance]:
    """Claim pages that wait, and forget those of yesterday."""
    waiting = Glance.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=now), state=Glance.State.WAITING
    )
    found = list(waiting.order_by("asked_at").select_for_update(skip_locked=True)[:limit])
    if found:
        keys = [glance.pk for glance in found]
        Glance.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
        Glance.objects.filter(asked_at__lt=now - KEPT).exclude(pk__in=keys).delete()
    return found


async def attend(glance: Glance, kit: Kit) -> None:
    """Look at a page and keep what it says of itself, or why it could not be read."""
    try:
        facts: PageFacts | None = await look_at(glance.address, kit)
        error = ""
    except errors.FetchError as problem:
        facts, error = None, reason_of(problem)
    if facts and not facts.title:
        facts, error = None, str(_("The page does not say what it is called."))
    await in_database(keep, glance, facts, error)


async def look_at(address: str, kit: Kit) -> PageFacts | None:
    """Return what a page says of itself, or None where there is no page; raises FetchError."""
    limits = replace(
        kit.limits,
        max_bytes=min(kit.limits.max_bytes, MOST_BYTES),
        timeout_s=min(kit.limits.timeout_s, MOST_S),
    )
    fetched = await fetch(kit.session, address, limits=limits, turn=kit.turn, accept=ACCEPT)
    if not is_page(fetched.content_type):
        return None
    return await asyncio.to_thread(
        facts_of, fetched.body, url=fetched.final_url, content_type=fetched.content_type
    )


def reason_of(error: errors.FetchError) -> str:
    """Return one sentence about an error, in the active language."""
    words = _WORDS.get(type(error))
    return str(words) % error.details if words else error.reason


def keep(glance: Glance, facts: PageFacts | None, error: str) -> None:
    """Write what was found into the row."""
    glance.state = Glance.State.FOUND if facts else Glance.State.FAILED
    glance.facts = dataclasses.asdict(facts) if facts else {}
    glance.error = error or ("" if facts else str(_("There is no web page at this address.")))
    glance.claimed_until = None
    glance.save(update_fields=["state", "facts", "error", "claimed_until"])
