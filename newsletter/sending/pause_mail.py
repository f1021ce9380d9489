"""Tells editors by mail that an edition was stopped."""

from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from blog.addresses import absolute
from blog.models import SiteSettings, User
from newsletter.dispatch import deliver
from newsletter.letters import letter
from newsletter.models import Edition


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
    return letter(
        "edition_paused",
        to=editor.email,
        context={"edition": edition, "link": absolute(page)},
        site=site,
        message_id=message_id,
    )
