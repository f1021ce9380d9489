"""Marks mails as leaving, if they are still wanted, in one statement."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from newsletter.models import Delivery, Edition, Subscriber
from newsletter.sending.claims import Claimant, Errand
from newsletter.sending.message import Reader
from newsletter.sending.watch import FORGOTTEN_AFTER

State = Delivery.State

NO_LONGER_WANTED = "No longer subscribed when it was to leave."
CANCELLED = "The edition was cancelled."

# Django's query compiler would take longer than all that the database does.
_MARK = f"""
    UPDATE {Delivery._meta.db_table} SET state = 'unknown', handed_over_at = %s, lease_until = %s
    WHERE id IN ({{places}}) AND state = 'claimed' AND claimed_by = %s
    AND EXISTS (
        SELECT 1 FROM {Edition._meta.db_table} edition
        WHERE edition.id = edition_id AND edition.state = 'sending' AND edition.alive_at > %s)
    AND EXISTS (
        SELECT 1 FROM {Subscriber._meta.db_table} subscriber
        WHERE subscriber.id = subscriber_id AND subscriber.state = 'active')
    RETURNING id, message_id,
        (SELECT email FROM {Subscriber._meta.db_table} s WHERE s.id = subscriber_id),
        (SELECT key FROM {Subscriber._meta.db_table} s WHERE s.id = subscriber_id)
"""  # noqa: S608  names of ours


def mark_leaving(who: Claimant, errands: Sequence[Errand], *, now: datetime) -> dict[int, Reader]:
    """Mark what is ours and still wanted as ``unknown``; return each one's reader.

    Not wanted is what would go to somebody who left, or of an edition that no longer goes out.
    """
    if not errands:
        return {}
    at = connection.ops.adapt_datetimefield_value
    values: list[Any] = [
        at(now),
        at(now + who.lease),
        *(errand.delivery_id for errand in errands),
        _adapted(who.sender),
        at(now - FORGOTTEN_AFTER),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(places=", ".join(["%s"] * len(errands))), values)
        return {
            row[0]: Reader(delivery_id=row[0], message_id=row[1], email=row[2], key=row[3])
            for row in cursor.fetchall()
        }


def put_aside(who: Claimant, errands: Sequence[Errand], *, now: datetime) -> None:
    """Drop what nobody wants any more; give back what waits for its edition to go on."""
    if not errands:
        return
    keys = [errand.delivery_id for errand in errands]
    ours = Delivery.objects.filter(pk__in=keys, state=State.CLAIMED, claimed_by=who.sender)
    free = {"claimed_by": None, "lease_until": None}
    dropped = {"state": State.DROPPED, "finished_at": now, **free}
    ours.filter(edition__state=Edition.State.CANCELLED).update(answer=CANCELLED, **dropped)
    unwanted = Q(subscriber=None) | ~Q(subscriber__state=Subscriber.State.ACTIVE)
    ours.filter(unwanted).update(answer=NO_LONGER_WANTED, **dropped)
    ours.update(state=State.QUEUED, **free)


def take_back(who: Claimant, errands: Sequence[Errand]) -> int:
    """Queue again what was perhaps marked by a transaction whose end we did not hear.

    For mails of which the caller knows that they did not leave.
    """
    keys = [errand.delivery_id for errand in errands]
    ours = Delivery.objects.filter(pk__in=keys, claimed_by=who.sender)
    return ours.filter(state__in=[State.CLAIMED, State.UNKNOWN]).update(
        state=State.QUEUED, claimed_by=None, lease_until=None, handed_over_at=None
    )


def _adapted(sender: uuid.UUID) -> Any:
    return Delivery._meta.get_field("claimed_by").get_db_prep_value(sender, connection)
