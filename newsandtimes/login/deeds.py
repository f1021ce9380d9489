"""Keeps in the audit what somebody does to their own second factor."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.utils.translation import gettext as _t

from blog import audit
from blog.audit import Kind
from blog.models import User


def connect() -> None:
    """Listen to django-allauth."""
    authenticator_added.connect(_added)
    authenticator_removed.connect(_removed)
    authenticator_reset.connect(_added)


def _added(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _keep(user, _t("Second factor set up: %s") % authenticator.get_type_display())


def _removed(*, user: User, authenticator: Authenticator, **_: Any) -> None:
    _keep(user, _t("Second factor switched off: %s") % authenticator.get_type_display())


def _keep(user: User, words: str) -> None:
    audit.record(Kind.RIGHTS, by=user, obj=user, words=words)
