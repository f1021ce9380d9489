"""Takes decisions back: each editor their own, the newest first, to what was before."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from aggregator.desk import bulk
from aggregator.desk.deciding import name_of
from aggregator.desk.deeds.families import FAMILIES
from aggregator.desk.errors import RefusedError
from aggregator.desk.turns import wait_for_turn
from aggregator.models import Decision
from aggregator.models.desk import SAID_MAX_LENGTH, DecisionQuerySet
from aggregator.stories.deciding import have_a_turn
from blog import audit
from blog.models import User
from blog.text import excerpt


@dataclass(frozen=True, slots=True)
class Undone:
    """A decision that no longer stands, and the row that says so."""

    decision: Decision
    record: Decision


def undo(*, key: uuid.UUID, by: User, now: datetime, decision_id: int | None = None) -> Undone:
    """Take back an editor's newest decision, or the one that is named.

    The same request again changes nothing. Raises RefusedError where there is nothing to take
    back, or others have built upon it.
    """
    newest = _standing(by, decision_id).values_list("kind", flat=True).first()
    return _undo(key, by, now, decision_id, moves_stories=_moves_stories(newest))


@transaction.atomic
def _undo(
    key: uuid.UUID, by: User, now: datetime, decision_id: int | None, *, moves_stories: bool
) -> Undone:
    if moves_stories:  # first the turn at the stories, as whoever decides on them does
        have_a_turn(now)
    wait_for_turn()
    if same := Decision.objects.filter(key=key).select_related("undoes").first():
        return _the_same(same, by)
    decision = _own(by, decision_id)
    if _moves_stories(decision.kind) and not moves_stories:
        raise RefusedError(_("Something was decided in between. Try again."))
    _refuse_if_built_upon(decision, by)
    if decision.kind in FAMILIES:
        FAMILIES[decision.kind].undo(decision, by, now)
        decision.refresh_from_db(fields=["story"])  # which may be gone by now
    decision.undone_at, decision.undone_by = now, by
    decision.save(update_fields=["undone_at", "undone_by"])
    bulk.begin(decision)
    record = Decision.objects.create(
        key=key,
        kind=Decision.Kind.UNDO,
        by=by,
        at=now,
        headline=decision.headline,
        story_id=decision.story_id,
        collection_id=decision.collection_id,
        said=_said(decision),
        undoes=decision,
        undone_at=now,
    )
    if decision.before and decision.headline is not None:
        audit.record(audit.Kind.DONE, by=by, obj=decision.headline, words=f"Desk: {record.said}")
    return Undone(decision, record)


def _moves_stories(kind: str | None) -> bool:
    return kind in FAMILIES and FAMILIES[kind].moves_stories


def _said(decision: Decision) -> str:
    said = _("taken back: %(said)s") % {"said": decision.said}
    return excerpt(said, max_length=SAID_MAX_LENGTH)


def _the_same(record: Decision, by: User) -> Undone:
    if record.by_id != by.pk or record.undoes is None:
        raise RefusedError(_("This form has been used already. Load the page again."))
    return Undone(record.undoes, record)


def _own(by: User, decision_id: int | None) -> Decision:
    found = _standing(by, decision_id).select_related("headline").first()
    if found is None:
        raise RefusedError(_("There is nothing to take back."))
    return found


def _standing(by: User, decision_id: int | None) -> DecisionQuerySet:
    own = Decision.objects.standing().filter(by=by).order_by("-pk")
    return own if decision_id is None else own.filter(pk=decision_id)


def _refuse_if_built_upon(decision: Decision, by: User) -> None:
    later = Decision.objects.standing().filter(_same_subject(decision), pk__gt=decision.pk)
    first = later.select_related("by").order_by("pk").first()
    if first is None:
        return
    if first.by_id == by.pk:
        text = _("Take back first what you decided later on the same story: %(said)s.")
    else:
        text = _("%(who)s has decided further on it since: %(said)s.")
    raise RefusedError(text % {"who": name_of(first.by), "said": first.said})


def _same_subject(decision: Decision) -> Q:
    subject = Q(pk__in=[])
    if decision.headline_id is not None:
        subject |= Q(headline=decision.headline_id)
    if decision.story_id is not None:
        subject |= Q(story=decision.story_id)
    return subject
