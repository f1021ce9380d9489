"""Tells editors by mail that an edition was stopped."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from blog.addresses import absolute
from blog.models import SiteSettings, User
from newsletter.dispatch import deliver
from newsletter.models import Edition
from newsletter.subscribing.confirmation import sender


def editors() -> list[User]:
    """Return who looks after editions and can be written to."""
    staff = User.objects.filter(is_active=True, is_staff=True).exclude(email="").order_by("pk")
    return [user for user in staff if user.has_perm("newsletter.change_edition")]


def send(editor_id: int, edition_id: int, *, message_id: str) -> bool:
    """Send one editor's mail; False if it is too late for it.

    Raises newsletter.dispatch.MailError.
    """
    editor = User.objects.filter(pk=editor_id, is_active=True).exclude(email="").first()
    paused = Edition.objects.filter(pk=edition_id, state=Edition.State.PAUSED)
    edition = paused.select_related("digest").first()
    if editor is None or edition is None:
        return False
    deliver(pause_mail(editor, edition, site=SiteSettings.load(), message_id=message_id))
    return True


def pause_mail(
    editor: User, edition: Edition, *, site: SiteSettings, message_id: str
) -> EmailMultiAlternatives:
    """Return the mail in the site's language, text and HTML."""
    page = f"{reverse('admin:index')}newsletter/edition/{edition.pk}/change/"
    context = {
        "site": site,
        "edition": edition,
        "link": absolute(page),
        "site_url": settings.SITE_URL,
    }
    with translation.override(site.language):
        subject = render_to_string("emails/edition_paused/subject.txt", context)
        text = render_to_string("emails/edition_paused/body.txt", context)
        html = render_to_string("emails/edition_paused/body.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        from_email=sender(site),
        to=[editor.email],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message
