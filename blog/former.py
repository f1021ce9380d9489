"""Addresses at which something once stood: where it stands now, or that it is gone.

Kept in the table of django.contrib.redirects, in which editors may write lines of their own.
"""

from typing import Any

from django.conf import settings
from django.contrib.redirects.models import Redirect
from django.db import transaction

PATH_MAX_LENGTH = 200
NUMBERED = ("p", "page_id", "attachment_id", "cat", "author")
"""What a former site asked for by a number, as in ``/?p=12``."""


def move_from(path: str) -> Redirect | None:
    """Return what is known of a path; its ``new_path`` is empty where nothing took its place."""
    if len(path) > PATH_MAX_LENGTH or "\x00" in path:  # which no database keeps
        return None
    return Redirect.objects.filter(site_id=settings.SITE_ID, old_path=path).first()


@transaction.atomic
def remember_move(old_path: str, new_path: str) -> None:
    """Lead from ``old_path`` to ``new_path`` from now on, and from what led to the old one."""
    _remember(old_path, new_path)
    # Something stands at the new path: nothing may lead away from there.
    Redirect.objects.filter(site_id=settings.SITE_ID, old_path=new_path).delete()


def numbered(name: str, number: int | str) -> str:
    """Return the former address of what a former site knew by a number."""
    return f"/?{name}={int(number)}"


@transaction.atomic
def remember_number(name: str, number: int, new_path: str) -> None:
    """Lead from what a former site knew by a number to where it stands now."""
    if name not in NUMBERED:
        raise ValueError(f"Nothing is numbered as {name}.")
    _remember(numbered(name, number), new_path)


@transaction.atomic
def remember_end(path: str) -> None:
    """Say from now on that what stood at ``path`` is gone."""
    _remember(path, "")


def remember_deleted(*, instance: Any, **_: object) -> None:
    """Take the signal that something with an address is about to be deleted."""
    if instance.was_public:
        remember_end(instance.get_absolute_url())


def _remember(old_path: str, new_path: str) -> None:
    moves = Redirect.objects.filter(site_id=settings.SITE_ID)
    moves.filter(new_path=old_path).update(new_path=new_path)
    moves.update_or_create(
        site_id=settings.SITE_ID, old_path=old_path, defaults={"new_path": new_path}
    )
