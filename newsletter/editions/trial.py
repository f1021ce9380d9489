"""A look at an edition before it goes: the mail as most readers get it, and one to the editor."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from blog.models import SiteSettings, User
from newsletter.dispatch import deliver
from newsletter.editions.rendering import Mail, render
from newsletter.models import Edition, MailSettings, Variant
from newsletter.models.edition import new_mark
from newsletter.models.subscriber import new_key
from newsletter.sending.message import Letter, Reader


def mail_for_all(edition: Edition, *, language: str, site: SiteSettings, mark: str) -> Mail:
    """Return the mail of somebody who has chosen no topics and got nothing of it yet."""
    items = list(edition.items.filter(is_dropped=False))
    return render(edition, items, language=language, site=site, mark=mark)


def send_trial(
    user_id: int, edition_id: int, *, language: str, message_id: str, now: datetime
) -> bool:
    """Send an edition to one editor, past the ledger; return whether there was what to send.

    The links in it that are each reader's own lead nowhere. Raises newsletter.dispatch.MailError.
    """
    editor = User.objects.filter(pk=user_id, is_active=True).exclude(email="").first()
    edition = Edition.objects.select_related("digest").filter(pk=edition_id).first()
    if editor is None or edition is None:
        return False
    site = SiteSettings.load()
    mark = new_mark()
    mail = mail_for_all(edition, language=language, site=site, mark=mark)
    mail = replace(mail, subject=_("Test: %(subject)s") % {"subject": mail.subject})
    variant = Variant(
        edition=edition,
        language=language,
        mark=mark,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
    )
    letter = Letter(variant, site=site, mail=MailSettings.load())
    reader = Reader(
        delivery_id=0, message_id=message_id.strip("<>"), email=editor.email, key=new_key()
    )
    deliver(letter.message_for(reader, now=now))
    return True
