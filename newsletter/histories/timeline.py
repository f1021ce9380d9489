"""One subscriber's whole history in one line of time: events, mails, and what came back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from newsletter.models import Delivery, Subscriber, SubscriberEvent

MOST = 100


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, in words."""

    at: datetime
    what: str
    more: str = ""
    mark: str = "event"


def timeline(subscriber: Subscriber) -> list[Moment]:
    """Return the newest moments, the newest first, at most MOST of them. Three queries."""
    mails = Delivery.objects.filter(subscriber=subscriber).order_by("-id")
    mails = mails.select_related("edition__digest").defer("edition__intro")
    moments = [
        *(_event(event) for event in subscriber.events.all()[:MOST]),
        *(_mail(row) for row in mails[:MOST]),
        *(
            Moment(
                bounce.at,
                _("Came back: %(kind)s") % {"kind": bounce.get_kind_display()},
                f"{bounce.status} {bounce.diagnostic}".strip(),
                "bounce",
            )
            for bounce in subscriber.bounces.all()[:MOST]
        ),
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:MOST]


def _mail(row: Delivery) -> Moment:
    words = _("%(edition)s: %(state)s") % {
        "edition": row.edition,
        "state": row.get_state_display(),
    }
    at = row.handed_over_at or row.finished_at or row.due_at
    return Moment(at, words, f"{row.code or ''} {row.answer}".strip(), "mail")


def _event(event: SubscriberEvent) -> Moment:
    more = "; ".join(_change(name, value) for name, value in event.detail.items())
    return Moment(event.at, event.get_kind_display(), more)


def _change(name: str, value: Any) -> str:
    """Say a detail of an event; a change is kept as what was before and what came after."""
    if isinstance(value, list) and len(value) == 2:
        return f"{name}: {_word(value[0])} → {_word(value[1])}"
    return f"{name}: {_word(value)}"


def _word(value: Any) -> str:
    if isinstance(value, list):
        return _joined(value)
    return "–" if value in (None, "") else str(value)


def _joined(values: Iterable[Any]) -> str:
    return ", ".join(map(str, values)) or "–"
