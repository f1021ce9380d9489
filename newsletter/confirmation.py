"""The mail that asks whether somebody really wants to subscribe."""

import logging
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from blog.models import SiteSettings
from newsletter import links
from newsletter.dispatch import deliver
from newsletter.letters import letter, new_message_id, sender
from newsletter.models import Subscriber

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
    deliver(confirmation_mail(subscriber, site=SiteSettings.load(), message_id=message_id, now=now))
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
    return letter(
        "confirmation", to=subscriber.email, context=context, site=site, message_id=message_id
    )
