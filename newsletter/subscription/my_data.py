"""Everything that we hold of one subscriber, for her to read and to take away."""

from typing import Any

from newsletter.models import AddressChange, Bounce, Delivery, Subscriber


def held(subscriber: Subscriber) -> dict[str, Any]:
    """Return it by subject, in types that JSON has (instants as ISO 8601 in UTC)."""
    return {
        "subscription": _subscription(subscriber),
        "consent": {
            "asked_at": _at(subscriber.created_at),
            "form": subscriber.consent_form,
            "text": subscriber.consent_text,
            "confirmed_at": _at(subscriber.confirmed_at),
            "confirmation_mails": subscriber.confirmations_sent,
            "last_confirmation_mail_at": _at(subscriber.confirmation_sent_at),
        },
        "address_change": _change(subscriber),
        "history": [
            {"what": event.kind, "at": _at(event.at), "detail": event.detail}
            for event in subscriber.events.all()
        ],
        "mails": [_mail(row) for row in mails(subscriber)],
        "came_back": [_bounce(row) for row in subscriber.bounces.all()],
    }


def mails(subscriber: Subscriber) -> list[Delivery]:
    """Return the rows of the ledger that are hers, the newest first."""
    rows = Delivery.objects.filter(subscriber=subscriber).order_by("-id")
    return list(rows.select_related("edition__digest", "variant").defer(*_LONG))


_LONG = ("variant__text", "variant__html", "variant__item_keys", "edition__intro")


def _subscription(subscriber: Subscriber) -> dict[str, Any]:
    return {
        "email": subscriber.email,
        "compared_as": subscriber.email_key,
        "state": subscriber.state,
        "language": subscriber.language,
        "rhythm": subscriber.rhythm,
        "lists": [str(row) for row in subscriber.digests.all()],
        "sections": [str(row) for row in subscriber.categories.all()],
        "collections": [str(row) for row in subscriber.collections.all()],
        "hour": subscriber.hour,
        "time_zone": subscriber.time_zone,
        "paused_until": str(subscriber.paused_until) if subscriber.paused_until else None,
        "unsubscribed_at": _at(subscriber.unsubscribed_at),
        "mail_stopped_at": _at(subscriber.suppressed_at),
    }


def _change(subscriber: Subscriber) -> dict[str, Any] | None:
    change = AddressChange.objects.filter(subscriber=subscriber).first()
    if change is None:
        return None
    return {
        "new_email": change.email,
        "old_email": change.old_email,
        "asked_at": _at(change.asked_at),
        "confirmed_at": _at(change.confirmed_at),
    }


def _mail(row: Delivery) -> dict[str, Any]:
    return {
        "edition": str(row.edition),
        "subject": row.variant.subject,
        "state": row.state,
        "handed_over_at": _at(row.handed_over_at),
        "attempts": row.attempts,
        "answer": f"{row.code or ''} {row.answer}".strip(),
        "message_id": row.message_id,
    }


def _bounce(row: Bounce) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "at": _at(row.at),
        "by": row.source,
        "status": row.status,
        "words": row.diagnostic,
        "evidence": row.evidence,
    }


def _at(instant: Any) -> str | None:
    return instant.isoformat() if instant else None
