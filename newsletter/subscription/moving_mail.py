"""The two mails of a change of address: the question to the new one, the word to the old one."""

import logging
from datetime import datetime

from django.conf import settings

from blog.models import SiteSettings
from newsletter import links
from newsletter.dispatch import deliver
from newsletter.letters import letter
from newsletter.models import AddressChange

logger = logging.getLogger(__name__)


def send_question(change_id: int, *, message_id: str, now: datetime) -> bool:
    """Ask the new address, if that is still wanted; return whether it was.

    Raises newsletter.dispatch.MailError.
    """
    change = _find(change_id)
    if change is None or change.confirmed_at is not None:
        return False
    context = {
        "move_link": links.move_link(change, now=now),
        "days": settings.CONFIRMATION_MAX_AGE.days,
    }
    language = change.subscriber.language
    deliver(
        letter(
            "address_change",
            to=change.email,
            context=context,
            site=SiteSettings.load(),
            language=language,
            message_id=message_id,
        )
    )
    logger.info("Change of address of subscriber %s asked for", change.subscriber_id)
    return True


def send_word(change_id: int, *, message_id: str) -> bool:
    """Tell the old address that mail goes elsewhere now, and forget it.

    Raises newsletter.dispatch.MailError.
    """
    change = _find(change_id)
    if change is None or not change.old_email:
        return False
    deliver(
        letter(
            "address_changed",
            to=change.old_email,
            context={"subscription_link": links.subscription_link(change.subscriber)},
            site=SiteSettings.load(),
            language=change.subscriber.language,
            message_id=message_id,
        )
    )
    AddressChange.objects.filter(pk=change_id).update(old_email="")
    logger.info("Former address of subscriber %s told", change.subscriber_id)
    return True


def _find(change_id: int) -> AddressChange | None:
    return AddressChange.objects.select_related("subscriber").filter(pk=change_id).first()
