"""Feeds that go wrong, one of each kind, so that editors see how the site tells of trouble."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse

from newsandtimes.demo import formats

FOLDER = "Troubles"
SLOW_S = 5.5
_LAST_HEARD_OF = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A feed with the title that editors see, and what its address answers."""

    title: str
    answer: Callable[[datetime], HttpResponse]


def _gone(_now: datetime) -> HttpResponse:
    return HttpResponse("We have closed.", status=410, content_type="text/plain")


def _failing(_now: datetime) -> HttpResponse:
    return HttpResponse("Something broke.", status=500, content_type="text/plain")


def _blocked(_now: datetime) -> HttpResponse:
    return HttpResponse(
        "<!doctype html><title>Just a moment…</title>",
        status=403,
        headers={"Server": "cloudflare", "cf-mitigated": "challenge"},
    )


def _page(_now: datetime) -> HttpResponse:
    return HttpResponse(
        '<!doctype html><html lang="en"><head><title>Front Page Weekly</title>'
        '<link rel="alternate" type="application/rss+xml" title="Valley Wire" '
        'href="valley-wire.xml">'
        '<link rel="alternate" type="application/atom+xml" title="Caspian Review" '
        'href="caspian-review.atom"></head><body><h1>Front Page Weekly</h1></body></html>'
    )


def _tangled(_now: datetime) -> HttpResponse:
    return HttpResponse(b"%PDF-1.7 this was a feed once", content_type="application/rss+xml")


def _slow(now: datetime) -> HttpResponse:
    time.sleep(SLOW_S)
    return _feed("slow.example", "The Slow Herald", now=now)


def _silent(now: datetime) -> HttpResponse:
    return _feed("quiet.example", "The Quiet Quarterly", now=now - _LAST_HEARD_OF)


def _feed(outlet: str, title: str, *, now: datetime) -> HttpResponse:
    text = formats.FeedText(
        outlet=outlet,
        title=title,
        description="A sample of a feed in trouble",
        language="en",
        items=tuple(
            formats.ItemText(
                age=timedelta(days=day, hours=2),
                slug=f"note-{day}",
                title=f"{title}, note {day}",
                summary="One note a day.",
            )
            for day in range(1, 11)
        ),
    )
    return HttpResponse(formats.rss(text, now), content_type="application/rss+xml")


TROUBLES = {
    "trouble-gone": Trouble("The Closed Gazette", _gone),
    "trouble-failing": Trouble("The Stumbling Courier", _failing),
    "trouble-blocked": Trouble("The Walled Times", _blocked),
    "trouble-page": Trouble("Front Page Weekly", _page),
    "trouble-tangled": Trouble("The Tangled Post", _tangled),
    "trouble-slow": Trouble("The Slow Herald", _slow),
    "trouble-silent": Trouble("The Quiet Quarterly", _silent),
}
