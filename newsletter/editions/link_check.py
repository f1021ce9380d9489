"""Whether the addresses in an edition answer: the poller looks there, through its guard.

What lies on our own site is not asked: only what is public is collected.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from django.conf import settings

from aggregator.glancing import AGAIN_WITHIN
from aggregator.models import Glance
from newsletter.models import EditionItem

_HREF = re.compile(r'href="(https?://[^"]+)"')
MOST = 400


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a look at an address."""

    url: str
    is_known: bool
    is_well: bool
    words: str


def addresses_in(items: Iterable[EditionItem]) -> list[str]:
    """Return the outside addresses that items lead to, each once."""
    found = [url for item in items for url in [item.url, *map(unescape, _HREF.findall(item.html))]]
    outside = [url for url in found if not url.startswith((f"{settings.SITE_URL}/", "/"))]
    return list(dict.fromkeys(url for url in outside if url))[:MOST]


def ask(addresses: Iterable[str], *, user_id: int, now: datetime) -> int:
    """Have the poller look at those that it has not looked at for an hour; return how many."""
    known = {answer.url for answer in answers(addresses, user_id=user_id, now=now)}
    wanted = [url for url in addresses if url not in known]
    Glance.objects.bulk_create(
        Glance(address=url, asked_by_id=user_id, asked_at=now) for url in wanted
    )
    return len(wanted)


def answers(addresses: Iterable[str], *, user_id: int, now: datetime) -> list[Answer]:
    """Return what is known of addresses after an editor has asked, in their order."""
    places = {url: place for place, url in enumerate(addresses)}
    glances = Glance.objects.filter(
        asked_by=user_id, asked_at__gt=now - AGAIN_WITHIN, address__in=list(places)
    )
    found = {glance.address: glance for glance in glances.order_by("asked_at")}
    return [
        Answer(
            url=url,
            is_known=glance.state != Glance.State.WAITING,
            is_well=glance.state == Glance.State.FOUND,
            words=glance.error,
        )
        for url, glance in sorted(found.items(), key=lambda one: places[one[0]])
    ]
