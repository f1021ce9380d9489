"""The mail that asks whether somebody really wants to subscribe."""

import email.utils
import logging
from datetime import datetime
from email.headerregistry import Address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import punycode

from blog.models import SiteSettings
from newsletter import links
from newsletter.dispatch import deliver
from newsletter.models import Subscriber

logger = logging.getLogger(__name__)

NO_CONFIRMATION = [Subscriber.State.ACTIVE, Subscriber.State.SUPPRESSED]


def new_message_id() -> str:
    """Return a Message-ID of the site's own domain, in its angle brackets."""
    return email.utils.make_msgid(domain=punycode(urlsplit(settings.SITE_URL).hostname or ""))


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
        "site": site,
        "site_url": settings.SITE_URL,
        "confirmation_link": links.confirmation_link(subscriber, now=now),
        "subscription_link": links.subscription_link(subscriber),
        "days": settings.CONFIRMATION_MAX_AGE.days,
    }
    with translation.override(site.language):
        subject = render_to_string("emails/confirmation/subject.txt", context)
        text = render_to_string("emails/confirmation/body.txt", context)
        html = render_to_string("emails/confirmation/body.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        from_email=sender(site),
        to=[subscriber.email],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation notes, please
            "X-Auto-Response-Suppress": "All",  # the same to Exchange
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def sender(site: SiteSettings) -> str:
    """Return who our mails come from: the site's title and its sender's address."""
    address = site.sender or email.utils.parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return str(Address(display_name=" ".join(site.title.split()), addr_spec=address))
