"""Mail providers with an API of their own (django-anymail): what they need, and what they tell.

A provider takes bounces itself and tells of them by its webhook. So its mails carry no return
path of ours; what they carry instead is whom an event is about, as metadata.
"""

import logging
from datetime import datetime
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from django.core.mail import EmailMessage
from django.utils import timezone

from newsletter.addresses import InvalidAddressError, email_key
from newsletter.bounces.recording import record
from newsletter.bounces.report import (
    MAX_DIAGNOSTIC,
    MAX_EVIDENCE,
    REPLY_CODE,
    Kind,
    Report,
    fingerprint,
    kind_of,
    plain,
    readable,
    status_in,
)
from newsletter.models import Bounce, Delivery, Subscriber
from newsletter.subscribing import signup

logger = logging.getLogger(__name__)

# What a provider says where it does not pass the receiver's answer on.
BY_REASON = {
    RejectReason.INVALID: Kind.HARD,
    RejectReason.BOUNCED: Kind.HARD,
    RejectReason.SPAM: Kind.POLICY,
    RejectReason.BLOCKED: Kind.POLICY,
}
# Where providers' own names are clearer than anymail's: Postmark's Type, Unisender's status.
SOFT_NAMES = ("soft", "mailbox_full", "unreachable", "too_large")


def leave_return_path_to_provider(*, message: EmailMessage, **_: object) -> None:
    """Take our return path off a mail that is handed to a provider's API (anymail's pre_send).

    Some would take its domain for one of their own, which they refuse to send from.
    """
    if header := message.extra_headers.pop("From", ""):
        message.from_email = header
    if hasattr(message, "envelope_sender"):
        message.envelope_sender = None


def take_event(*, event: AnymailTrackingEvent, **_: object) -> None:
    """Record what a provider's webhook tells (anymail's tracking, which checks who calls)."""
    now = timezone.now()
    delivery, subscriber = _about(event)
    if subscriber is None:
        logger.info("An event %s is about no mail of ours", event.event_type)
        return
    unsubscribed = event.reject_reason == RejectReason.UNSUBSCRIBED
    if event.event_type == EventType.UNSUBSCRIBED or unsubscribed:
        signup.unsubscribe(subscriber, now=now)
    elif kind := _kind(event):
        source = Bounce.Source.WEBHOOK
        report = _report(event, kind)
        record(report, delivery=delivery, subscriber=subscriber, source=source, now=now)


def _about(event: AnymailTrackingEvent) -> tuple[Delivery | None, Subscriber | None]:
    """Return whose mail an event is about; nobody if its recipient is somebody else.

    Several sites may use one account, each with rows of the same numbers.
    """
    metadata: dict[str, Any] = event.metadata if isinstance(event.metadata, dict) else {}
    delivery, subscriber = None, None
    if number := _number(metadata.get("delivery")):
        delivery = Delivery.objects.select_related("subscriber").filter(pk=number).first()
        subscriber = delivery.subscriber if delivery else None
    elif number := _number(metadata.get("subscriber")):
        subscriber = Subscriber.objects.filter(pk=number).first()
    try:
        is_hers = subscriber and email_key(str(event.recipient or "")) == subscriber.email_key
    except InvalidAddressError:
        is_hers = False
    return (delivery, subscriber) if is_hers else (None, None)


def _number(value: object) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _kind(event: AnymailTrackingEvent) -> Kind | None:
    """Return what an event says of the address; None if it says nothing."""
    if event.event_type == EventType.COMPLAINED:
        return Kind.COMPLAINT
    if event.event_type == EventType.AUTORESPONDED:
        return Kind.AUTO
    if event.event_type not in {EventType.BOUNCED, EventType.REJECTED}:
        return None
    answer = plain(event.mta_response or "", max_length=MAX_DIAGNOSTIC)
    if status_in(answer) or REPLY_CODE.search(answer):
        return kind_of(status_in(answer), answer)
    if event.event_type == EventType.REJECTED and event.reject_reason == RejectReason.SPAM:
        return Kind.COMPLAINT  # she complained before: the provider writes to her no more
    if _is_called_soft(event.esp_event):
        return Kind.SOFT
    return BY_REASON.get(event.reject_reason, Kind.SOFT)


def _is_called_soft(told: object) -> bool:
    if not isinstance(told, dict):
        return False
    inner = told.get("event_data") or told.get("delivery_info") or {}
    fields = told | (inner if isinstance(inner, dict) else {})
    names = [str(fields.get(name, "")).lower() for name in ("Type", "delivery_status", "reason")]
    return any(soft in name for soft in SOFT_NAMES for name in names)


def _report(event: AnymailTrackingEvent, kind: Kind) -> Report:
    answer = event.mta_response or ""
    words = answer or event.description or event.reject_reason or ""
    about = sorted((event.metadata or {}).items())
    return Report(
        kind=kind,
        # An event that is told again may get another id.
        fingerprint=fingerprint("event", kind, event.timestamp or event.event_id, about),
        status=status_in(answer),
        diagnostic=plain(words, max_length=MAX_DIAGNOSTIC),
        evidence=readable(_evidence(event), max_length=MAX_EVIDENCE),
        at=event.timestamp if isinstance(event.timestamp, datetime) else None,
    )


def _evidence(event: AnymailTrackingEvent) -> str:
    told = {
        "Event": event.event_type,
        "Reason": event.reject_reason,
        "Answer": event.mta_response,
        "Description": event.description,
        "Recipient": event.recipient,
    }
    return "\n".join(f"{name}: {value}" for name, value in told.items() if value)
