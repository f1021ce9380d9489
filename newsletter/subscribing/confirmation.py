"""The mail that asks whether somebody really wants to subscribe."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from blog.models import SiteSettings
from newsletter import envelope, links
from newsletter.bounces.recording import record
from newsletter.bounces.report import from_answer
from newsletter.dispatch import RefusedError, deliver
from newsletter.letters import label, letter, new_message_id, sender, with_return_path
from newsletter.models import Bounce, Subscriber

__all__ = ["confirmation_mail", "new_message_id", "send_confirmation", "sender"]

logger = logging.getLogger(__name__)

NO_CONFIRMATION = [Subscriber.State.ACTIVE, Subscriber.State.SUPPRESSED]


def send_confirmation(subscriber_id: int, *, message_id: str, now: datetime) -> bool:
    """Send the mail if it is still wanted; return whether it was.

    Raises newsletter.dispatch.MailError.
    """
    subscriber = Subscriber.objects.filter(pk=subscriber_id).first()
    if subscriber is None or subscriber.state in NO_CONFIRMATION:
        return False
    site = SiteSettings.load()
    try:
        deliver(confirmation_mail(subscriber, site=site, message_id=message_id, now=now))
    except RefusedError as error:
        _record_refusal(subscriber, error, now=now)
        raise
    logger.info("Confirmation mail to subscriber %s sent", subscriber_id)
    return True


def confirmation_mail(
    subscriber: Subscriber, *, site: SiteSettings, message_id: str, now: datetime
) -> EmailMultiAlternatives:
    """Return the mail in the site's language: text and HTML, nothing in it that a visitor wrote."""
    context = {
        "confirmation_link": links.confirmation_link(subscriber, now=now),
        "subscription_link": links.subscription_link(subscriber),
        "days": settings.CONFIRMATION_MAX_AGE.days,
    }
    message = letter(
        "confirmation", to=subscriber.email, context=context, site=site, message_id=message_id
    )
    with_return_path(message, envelope.confirmation_return_path(subscriber.pk))
    label(message, subscriber=subscriber.pk)
    return message


def _record_refusal(subscriber: Subscriber, error: RefusedError, *, now: datetime) -> None:
    if error.code is None:
        return
    report = from_answer(subscriber_id=subscriber.pk, code=error.code, answer=str(error), at=now)
    record(report, delivery=None, subscriber=subscriber, source=Bounce.Source.SMTP, now=now)
