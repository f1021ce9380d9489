"""Own words that are written in a pick's place and not at the Desk, which has to hear of them."""

import uuid
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from aggregator.desk.deeds.placing import kept, state_of
from aggregator.desk.turns import wait_for_turn
from aggregator.desk.wording import words_of
from aggregator.models import Decision, Pick
from blog.models import User


@transaction.atomic
def reword(pick: Pick, store: Callable[[], None], *, by: User, now: datetime) -> Decision | None:
    """Let ``store`` store a pick; if its words are others by that, return the decision of it.

    Whoever is at the Desk sees it there, no older words come over it, and it can be taken back.
    """
    wait_for_turn()
    before = Pick.objects.select_for_update().get(pk=pick.pk)
    store()
    after = Pick.objects.get(pk=pick.pk)
    if words_of(after) == words_of(before):
        return None
    return Decision.objects.create(
        key=uuid.uuid4(),
        kind=Decision.Kind.WORDS,
        by=by,
        at=now,
        headline_id=after.headline_id,
        collection_id=after.collection_id,
        said=_("own words written"),
        words=words_of(after),
        before={"picks": [kept(after, state_of(before))]},
    )
