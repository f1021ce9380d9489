"""Where somebody is logged in; django-allauth keeps a row for each session."""

from datetime import timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from blog.models import User

NOTED_EVERY = timedelta(minutes=5)
_NOTED_AT = "seen_at"
MOST_LISTED = 50


def note_login(*, request: HttpRequest, user: User, **_: Any) -> None:
    """Take Django's signal that somebody has logged in."""
    if request.session.session_key is None:
        request.session.save()
    request.user = user
    UserSession.objects.create_from_request(request)
    _mark(request.session)


def note_visit(request: HttpRequest) -> None:
    """Note that a session is used; a write every few minutes, and none in between."""
    now_s = timezone.now().timestamp()
    if now_s - request.session.get(_NOTED_AT, 0) > NOTED_EVERY.total_seconds():
        UserSession.objects.create_from_request(request)
        _mark(request.session)


def sessions_of(user: User) -> list[UserSession]:
    """Return the open sessions, the latest seen first."""
    rows = UserSession.objects.filter(_is_open(), user=user).order_by("-last_seen_at")
    return list(rows[:MOST_LISTED])


def forget_ended() -> int:
    """Delete the rows of sessions that have ended; return how many."""
    return int(UserSession.objects.exclude(_is_open()).delete()[0])


def _is_open() -> Exists:
    of_row = Session.objects.filter(session_key=OuterRef("session_key"))
    return Exists(of_row.filter(expire_date__gt=timezone.now()))


def end_all(user: User, *, but: str | None = None) -> int:
    """End somebody's sessions, all but the one with the key ``but``; return how many."""
    rows = UserSession.objects.filter(user=user).exclude(session_key=but or "")
    count = 0
    for row in rows.iterator():
        row.end()
        count += 1
    return count


def _mark(session: SessionBase) -> None:
    session[_NOTED_AT] = timezone.now().timestamp()
