"""The names that editors give to filters of the Desk that they come back to."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from aggregator.desk.errors import RefusedError
from aggregator.desk.filters import Filters
from aggregator.models import DeskView
from blog.models import User

MOST = 30
NAME_MAX_LENGTH = 60


def save(name: str, filters: Filters, *, by: User) -> DeskView:
    """Keep filters under a name, in the place of what had it; raises RefusedError."""
    name = " ".join(name.replace("\x00", "").split())[:NAME_MAX_LENGTH]
    if not name:
        raise RefusedError(_("Give the view a name."))
    try:
        with transaction.atomic():
            return _save(name, filters.query, by)
    except IntegrityError:  # in another window at the same time
        return DeskView.objects.get(owner=by, name=name)


def _save(name: str, query: str, by: User) -> DeskView:
    view = DeskView.objects.filter(owner=by, name=name).first()
    if view is not None:
        view.query = query
        view.save(update_fields=["query"])
        return view
    if DeskView.objects.filter(owner=by).count() >= MOST:
        text = _("%(most)d views are as many as anybody has. Delete one first.")
        raise RefusedError(text % {"most": MOST})
    return DeskView.objects.create(owner=by, name=name, query=query)


def delete(pk: int, *, by: User) -> bool:
    """Forget one of somebody's views; return whether they had it."""
    view = DeskView.objects.filter(owner=by, pk=pk).first()
    if view is None:
        return False
    view.delete()
    return True
