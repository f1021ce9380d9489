"""How a subscriber stood at an earlier time, read from her history."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from newsletter.models import Subscriber, SubscriberEvent

Kind = SubscriberEvent.Kind
State = Subscriber.State

_LEADS_TO = {
    Kind.ASKED: State.PENDING,
    Kind.CONFIRMED: State.ACTIVE,
    Kind.IMPORTED: State.ACTIVE,
    Kind.CAME_BACK: State.ACTIVE,
    Kind.LEFT: State.UNSUBSCRIBED,
    Kind.MOVED: State.ACTIVE,
    Kind.SUPPRESSED: State.SUPPRESSED,
}


@dataclass(frozen=True, slots=True)
class Past:
    """What held at a time, and since when."""

    state: str
    since: datetime | None
    rhythm: str
    paused_until: date | None
    has_other_topics: bool
    """Whether her topics have changed since."""


def stood(subscriber: Subscriber, *, at: datetime) -> Past:
    """Return how a subscriber stood at an instant, as far as it can still be told."""
    events = list(subscriber.events.order_by("at", "id"))
    before = [event for event in events if event.at <= at]
    after = [event for event in events if event.at > at]
    state, since = _state(subscriber, before, after, at=at)
    return Past(
        state=state,
        since=since,
        rhythm=_earlier(after, "rhythm", subscriber.rhythm),
        paused_until=_pause(subscriber, before, after),
        has_other_topics=any(
            name in event.detail for event in after for name in ("categories", "collections")
        ),
    )


def _state(
    subscriber: Subscriber,
    before: list[SubscriberEvent],
    after: list[SubscriberEvent],
    *,
    at: datetime,
) -> tuple[str, datetime | None]:
    state, since = _state_by_columns(subscriber, at=at)
    if state == State.PENDING and any(event.kind == Kind.MOVED for event in after):
        state = State.ACTIVE  # her row tells when she confirmed the address that came later
    former = state
    for event in before:
        kind = Kind(event.kind)
        if kind == Kind.RELEASED:  # she gets back what she had
            state, since = former, event.at
        # Who is active and signs up once more stays so.
        elif kind in _LEADS_TO and not (kind == Kind.ASKED and state != State.PENDING):
            state, since = _LEADS_TO[kind], event.at
        if state != State.SUPPRESSED:
            former = state
    return state, since


def _state_by_columns(subscriber: Subscriber, *, at: datetime) -> tuple[str, datetime | None]:
    """What her row alone says: for those who came before a history was kept."""
    stages = [
        (State.ACTIVE, subscriber.confirmed_at),
        (State.UNSUBSCRIBED, subscriber.unsubscribed_at),
        (State.SUPPRESSED, subscriber.suppressed_at),
    ]
    reached = [(since, state) for state, since in stages if since is not None and since <= at]
    if not reached:
        return State.PENDING, None
    since, state = max(reached)
    return state, since


def _earlier(after: list[SubscriberEvent], name: str, current: Any) -> Any:
    """What a choice was before the first change that came later."""
    changes = [event.detail[name] for event in after if name in event.detail]
    return changes[0][0] if changes and isinstance(changes[0], list) else current


def _pause(
    subscriber: Subscriber, before: list[SubscriberEvent], after: list[SubscriberEvent]
) -> date | None:
    if not any("paused_until" in event.detail for event in after):
        return subscriber.paused_until
    said = [event.detail["paused_until"] for event in before if "paused_until" in event.detail]
    return date.fromisoformat(said[-1]) if said and said[-1] else None
