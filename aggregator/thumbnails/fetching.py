"""Fetches the pictures that are wanted. A side job of the poller, through the guard.

A try is counted when it begins: what brings a poller down is given up like what fails.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from aggregator import errors
from aggregator.claims import take_turns
from aggregator.fetch import Limits, fetch
from aggregator.glancing import ACCEPT as PAGES
from aggregator.glancing import reason_of
from aggregator.identity import host_of
from aggregator.kit import Kit, in_database
from aggregator.models import Headline, Thumbnail
from aggregator.models.thumbnail import ERROR_MAX_LENGTH
from aggregator.page_facts import is_page, picture_in
from aggregator.thumbnails import making
from aggregator.thumbnails.wanting import KEPT, key_of
from blog.pictures import files
from blog.pictures.errors import PictureError

ACCEPT = "image/avif, image/webp, image/jpeg, image/png, image/gif;q=0.9, image/*;q=0.5"
CLAIM = timedelta(minutes=5)
LOOKED_AHEAD = 200
MOST_S = 15.0
PAGE_BYTES = 2 * 1024 * 1024
PAUSES = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
"""After these it is tried again where the reason may pass; then never."""
_PASSING = (errors.Timeout, errors.Unreachable, errors.BrokenAnswer)

_FETCHING = 0x4E_41_54_03  # names the advisory lock

State = Thumbnail.State


def claim_waiting(*, now: datetime, limit: int) -> Sequence[Thumbnail]:
    """Claim pictures that are due; what has been tried too often is given up."""
    due = Thumbnail.objects.due(now=now)
    return _claim(now=now, limit=limit) if due.exists() else []


@transaction.atomic
def _claim(*, now: datetime, limit: int) -> Sequence[Thumbnail]:
    take_turns(_FETCHING)
    found = _one_of_each_host(now=now)[:limit]
    tried = [one.pk for one in found if one.tries > len(PAUSES)]
    if tried:
        Thumbnail.objects.filter(pk__in=tried).update(state=State.FAILED, claimed_until=None)
    chosen = [one for one in found if one.tries <= len(PAUSES)]
    keys = [one.pk for one in chosen]
    Thumbnail.objects.filter(pk__in=keys).update(claimed_until=now + CLAIM, tries=F("tries") + 1)
    for one in chosen:
        one.claimed_until, one.tries = now + CLAIM, one.tries + 1
    return chosen


def _one_of_each_host(*, now: datetime) -> list[Thumbnail]:
    """Return what is due, but of hosts at which somebody fetches a picture just now.

    One slow host with many pictures keeps those of others no longer than it must.
    """
    due = Thumbnail.objects.filter(state=State.WAITING, next_at__lte=now)
    rows = due.order_by("next_at", "pk").select_for_update(skip_locked=True)[:LOOKED_AHEAD]
    busy: set[str] = set()
    free: dict[str, Thumbnail] = {}
    for row in rows:
        if row.claimed_until and row.claimed_until > now:
            busy.add(host_of(row.address))
        else:
            free.setdefault(host_of(row.address), row)
    return [row for host, row in free.items() if host not in busy]


async def attend(thumbnail: Thumbnail, kit: Kit) -> None:
    """Fetch one picture and make its files, or find out which one an article names."""
    try:
        if thumbnail.is_page:
            address = await _picture_of_page(thumbnail.address, kit)
            await in_database(lead_on, thumbnail, address, now=kit.clock())
            return
        made = await _fetched(thumbnail, kit)
    except (errors.FetchError, PictureError) as error:
        await in_database(keep_failure, thumbnail, error, now=kit.clock())
        return
    await asyncio.to_thread(put, thumbnail.folder, made.files)
    if not await in_database(keep, thumbnail, made):
        # It was deleted, or taken over by another poller, which has put the same there.
        is_gone = not await in_database(Thumbnail.objects.filter(pk=thumbnail.pk).exists)
        if is_gone:
            await asyncio.to_thread(files.delete_folder, thumbnail.folder)


async def _fetched(thumbnail: Thumbnail, kit: Kit) -> making.Made:
    fetched = await fetch(
        kit.session,
        thumbnail.address,
        limits=_limits(kit, making.MOST_BYTES),
        turn=kit.turn,
        accept=ACCEPT,
    )
    name = thumbnail.address.partition("?")[0]
    return await asyncio.to_thread(making.make, fetched.body, name=name)


async def _picture_of_page(address: str, kit: Kit) -> str:
    limits = _limits(kit, PAGE_BYTES)
    fetched = await fetch(kit.session, address, limits=limits, turn=kit.turn, accept=PAGES)
    if not is_page(fetched.content_type):
        return ""
    return await asyncio.to_thread(
        picture_in, fetched.body, url=fetched.final_url, content_type=fetched.content_type
    )


def _limits(kit: Kit, max_bytes: int) -> Limits:
    return replace(
        kit.limits,
        max_bytes=min(kit.limits.max_bytes, max_bytes),
        timeout_s=min(kit.limits.timeout_s, MOST_S),
    )


def put(folder: str, contents: Mapping[str, bytes]) -> None:
    """Store the files of one picture."""
    for name, content in contents.items():
        files.put(f"{folder}/{name}", content)


def keep(thumbnail: Thumbnail, made: making.Made) -> bool:
    """Note that a picture is there; return whether its row is still ours."""
    held = Thumbnail.objects.filter(pk=thumbnail.pk, claimed_until=thumbnail.claimed_until)
    fields = {"width": made.width, "height": made.height, "made": made.listed}
    return bool(held.update(state=State.READY, claimed_until=None, error="", **fields))


def keep_failure(thumbnail: Thumbnail, error: Exception, *, now: datetime) -> None:
    """Note why a picture is not to be had, and try again where that may pass."""
    status = getattr(error, "status", None) or 0
    is_dead = isinstance(error, errors.NoSuchHost)
    may_pass = isinstance(error, _PASSING) or status == 429 or status >= 500
    fields: dict[str, object] = {"state": State.FAILED}
    if may_pass and not is_dead and thumbnail.tries <= len(PAUSES):
        wish = min(timedelta(seconds=getattr(error, "retry_after_s", 0) or 0), PAUSES[-1])
        fields = {"next_at": now + max(PAUSES[thumbnail.tries - 1], wish)}
    words = reason_of(error) if isinstance(error, errors.FetchError) else str(error)
    held = Thumbnail.objects.filter(pk=thumbnail.pk, claimed_until=thumbnail.claimed_until)
    held.update(claimed_until=None, error=words[:ERROR_MAX_LENGTH], **fields)


@transaction.atomic
def lead_on(thumbnail: Thumbnail, address: str, *, now: datetime) -> None:
    """Go on with the picture that an article has named; "" where it names none."""
    held = Thumbnail.objects.filter(pk=thumbnail.pk, claimed_until=thumbnail.claimed_until)
    if not address:
        held.update(state=State.FAILED, claimed_until=None, error="")
        return
    same = Thumbnail.objects.filter(key=key_of(address)).exclude(state=State.GOING).first()
    if same is None:
        fields = {"key": key_of(address), "address": address, "is_page": False}
        held.update(claimed_until=None, next_at=now, tries=0, **fields)
        return
    Thumbnail.objects.filter(pk=same.pk).update(kept_until=now + KEPT)
    Headline.objects.filter(thumbnail=thumbnail).update(thumbnail=same)
    held.delete()
