"""Looks whether picked links still lead to something. A side job of the poller.

A look is a HEAD request, and a GET whose body nobody reads where HEAD is refused. Each host is
asked by one poller at a time, and looks are spread over the week by their own times.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Value, When

from aggregator import errors
from aggregator.claims import take_turns
from aggregator.fetch import fetch
from aggregator.identity import host_of
from aggregator.kit import Kit, in_database
from aggregator.models import Feed, Pick, SourceWatch, SourceWatchQuerySet
from aggregator.watch import verdicts
from aggregator.watch.verdicts import Verdict

ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"
CLAIM = timedelta(minutes=5)
MOST_S = 15.0
LOOKED_AHEAD = 50
_LOOKING = 0x4E_41_54_02  # names the advisory lock
# After these a GET would tell nothing else, or the site has asked to be left alone.
_FINAL = (errors.Unreachable, errors.BlockedAddress, errors.BadAddress, errors.TooManyRedirects)
_LEFT_ALONE = frozenset({429, 503})


def claim_waiting(*, now: datetime, limit: int) -> Sequence[SourceWatch]:
    """Claim links that are due, one of each host; what readers do not see waits another week."""
    due = SourceWatch.objects.due(now=now)
    return _claim(due, now=now, limit=limit) if due.exists() else []


@transaction.atomic
def _claim(due: SourceWatchQuerySet, *, now: datetime, limit: int) -> Sequence[SourceWatch]:
    take_turns(_LOOKING)
    rows = due.select_related("headline").select_for_update(skip_locked=True, of=("self",))
    found = list(rows[:LOOKED_AHEAD])
    public = Pick.objects.public(now=now).filter(headline__in=[one.headline_id for one in found])
    shown = set(public.order_by().values_list("headline_id", flat=True))
    seen = [one for one in found if one.headline_id in shown and one.headline.url]
    unseen = [one.pk for one in found if one not in seen]
    if unseen:
        SourceWatch.objects.filter(pk__in=unseen).update(next_at=now + verdicts.WEEK)
    chosen = _one_of_each_host(seen, now=now)[:limit]
    keys = [one.pk for one in chosen]
    SourceWatch.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM)
    for one in chosen:
        one.claimed_until = now + CLAIM
    return chosen


def _one_of_each_host(rows: Sequence[SourceWatch], *, now: datetime) -> list[SourceWatch]:
    """Leave out hosts with which a poller has business just now."""
    by_host: dict[str, SourceWatch] = {}
    for one in rows:
        by_host.setdefault(host_of(one.headline.url), one)
    if not by_host:
        return []
    held = SourceWatch.objects.filter(claimed_until__gt=now).values_list("headline__url", flat=True)
    polled = Feed.objects.filter(host__in=list(by_host), claimed_until__gt=now)
    busy = {host_of(url) for url in held} | set(polled.values_list("host", flat=True))
    return [one for host, one in by_host.items() if host not in busy]


async def attend(watch: SourceWatch, kit: Kit) -> None:
    """Look at one link and write down what came of it."""
    verdict = await look_at(watch.headline.url, kit)
    await in_database(keep, watch, verdict, now=kit.clock(), chance=random.random())  # noqa: S311


async def look_at(url: str, kit: Kit) -> Verdict:
    """Return what a look at ``url`` says of it."""
    try:
        return await _ask(url, kit, "HEAD")
    except errors.FetchError as error:
        if isinstance(error, _FINAL) or error.status in _LEFT_ALONE:
            return verdicts.of_error(error)
    try:
        return await _ask(url, kit, "GET")
    except errors.FetchError as error:
        return verdicts.of_error(error)


async def _ask(url: str, kit: Kit, method: str) -> Verdict:
    limits = replace(kit.limits, timeout_s=min(kit.limits.timeout_s, MOST_S))
    fetched = await fetch(
        kit.session,
        url,
        limits=limits,
        turn=kit.turn,
        accept=ACCEPT,
        method=method,
        reads_body=False,
    )
    return verdicts.of_answer(url, fetched)


def keep(watch: SourceWatch, verdict: Verdict, *, now: datetime, chance: float) -> None:
    """Write a look's outcome, if nobody has taken the link over meanwhile."""
    fields = verdicts.after(watch, verdict, now=now, chance=chance)
    if fields.get("state") == SourceWatch.State.ALIVE:
        fields["asks_at"] = _only_for_title()
    held = SourceWatch.objects.filter(pk=watch.pk, claimed_until=watch.claimed_until)
    held.update(**fields)


def _only_for_title() -> Case:
    """Keep the question that another title has raised; the link asks no more."""
    return Case(
        When(retitled_at__isnull=True, then=Value(None, DateTimeField())), default=F("asks_at")
    )
