"""Passing over all that is older than a row: it is seen, until that is undone."""

import uuid
from datetime import datetime
from urllib.parse import parse_qsl

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aggregator.desk import bulk
from aggregator.desk.errors import RefusedError
from aggregator.desk.filters import Filters
from aggregator.desk.listing import Cursor
from aggregator.desk.turns import wait_for_turn
from aggregator.models import Decision
from blog.models import User


@transaction.atomic
def pass_over(
    *, key: uuid.UUID, by: User, now: datetime, filters: Filters, top: Cursor | None
) -> Decision:
    """Mark a row and all older ones within the filters as seen; what is much goes on later.

    A story of which something newer waits stays whole. The same request again changes nothing.
    Raises RefusedError where nothing is older.
    """
    wait_for_turn()
    if same := Decision.objects.filter(key=key).first():
        if (same.by_id, same.kind) != (by.pk, Decision.Kind.SEEN):
            raise RefusedError(_("This form has been used already. Load the page again."))
        return same
    if top is None or top.count:
        raise RefusedError(_("Let the newest come first: then what is below a row is older."))
    decision = Decision.objects.create(
        key=key,
        kind=Decision.Kind.SEEN,
        by=by,
        at=now,
        said=_("all up to %(date)s seen") % {"date": _in_words(top.at)},
        before={"filters": dict(parse_qsl(filters.query)), "top": str(top)},
    )
    bulk.begin(decision)
    if not decision.count and not decision.is_going_on:
        raise RefusedError(_("Nothing older waits."))
    return decision


def _in_words(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{date_format(local, 'j M Y')}, {local:%H:%M}"
