"""Single mails about a subscription, as against the editions: in text and in HTML."""

import email.utils
from email.headerregistry import Address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.encoding import punycode

from blog.models import SiteSettings


def new_message_id() -> str:
    """Return a Message-ID of the site's own domain, in its angle brackets."""
    return email.utils.make_msgid(domain=punycode(urlsplit(settings.SITE_URL).hostname or ""))


def letter(
    name: str,
    *,
    to: str,
    context: dict[str, object],
    site: SiteSettings,
    message_id: str,
    language: str = "",
) -> EmailMultiAlternatives:
    """Return the mail that templates/emails/``name`` makes of ``context``.

    It is in the site's language where ``language`` names none.
    """
    known = {"site": site, "site_url": settings.SITE_URL} | context
    with translation.override(language or site.language):
        subject, text, html = (
            render_to_string(f"emails/{name}/{part}", known)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    message = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        from_email=sender(site),
        to=[to],
        headers={
            "Message-ID": message_id,
            "Auto-Submitted": "auto-generated",  # RFC 3834: no vacation notes, please
            "X-Auto-Response-Suppress": "All",  # the same to Exchange
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def with_return_path(message: EmailMultiAlternatives, address: str) -> None:
    """Have a mail that cannot be delivered come back to ``address``; "" leaves it as it is."""
    if address:
        # Django takes from_email for the envelope, and a header of that name for the reader.
        message.extra_headers["From"] = str(message.from_email)
        message.from_email = address


def label(message: EmailMultiAlternatives, **about: int) -> None:
    """Have a mail provider's events name what a mail is about, such as ``subscriber=7``."""
    metadata = {name: str(number) for name, number in about.items()}
    message.metadata = metadata  # type: ignore[attr-defined]  # anymail's


def sender(site: SiteSettings) -> str:
    """Return who our mails come from: the site's title and its sender's address."""
    address = site.sender or email.utils.parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return str(Address(display_name=" ".join(site.title.split()), addr_spec=address))
