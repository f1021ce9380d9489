"""Dropping a story: it leaves the Desk, and that is all."""

from datetime import datetime

from django.utils.translation import gettext as _

from aggregator.desk.wishes import Case, Deed
from aggregator.models import Decision
from blog.models import User


def drop(case: Case) -> Deed:
    """Say that nobody need look at it."""
    return Deed(said=_("dropped"))


def undo(decision: Decision, by: User, now: datetime) -> None:
    """Nothing was changed but that it left."""
