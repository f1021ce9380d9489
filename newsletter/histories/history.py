"""What happened to each subscriber, kept for her and for whoever must answer her questions."""

from datetime import datetime

from newsletter.models import Subscriber, SubscriberEvent


def note(
    subscriber: Subscriber | int,
    kind: SubscriberEvent.Kind,
    *,
    now: datetime,
    **detail: object,
) -> SubscriberEvent:
    """Keep that something happened to a subscriber, given as such or by her id.

    ``detail`` is what is needed to understand it, in types that JSON has. She may read all of it,
    and it goes with her: no address of anybody else.
    """
    pk = subscriber.pk if isinstance(subscriber, Subscriber) else subscriber
    return SubscriberEvent.objects.create(subscriber_id=pk, kind=kind, at=now, detail=detail)
