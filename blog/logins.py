"""Logins, failed ones too, in the audit: takes Django's signals, which every way of login sends."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

from blog import audit
from blog.models import User


def note_login(*, user: User, **_: Any) -> None:
    """Keep that somebody has logged in."""
    audit.record(audit.Kind.LOGGED_IN, by=user, obj=user)


def note_logout(*, user: User | None, **_: Any) -> None:
    """Keep that somebody has logged out, if anybody was logged in."""
    if user is not None:
        audit.record(audit.Kind.LOGGED_OUT, by=user, obj=user)


def note_failure(*, credentials: dict[str, Any], **_: Any) -> None:
    """Keep under which name somebody tried to log in."""
    name = next(
        (str(credentials[one]) for one in ("username", "email") if credentials.get(one)), ""
    )
    audit.record(audit.Kind.LOGIN_FAILED, by=None, name=name)


def listen() -> None:
    """Take the signals from now on."""
    user_logged_in.connect(note_login)
    user_logged_out.connect(note_logout)
    user_login_failed.connect(note_failure)
