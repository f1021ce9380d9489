"""The names that mails and lists bear in their headers, all under the site's own host."""

import secrets
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.encoding import punycode

from newsletter.models import Edition, MailSettings

LISTS_WITHOUT_DIGEST = {Edition.Kind.POST: "posts", Edition.Kind.BREAKING: "breaking"}
SENDER_ID_LENGTH = range(5, 16)  # as Gmail wants it


def new_message_id() -> str:
    """Return a Message-ID for the ledger: without its angle brackets, unique, not to be guessed."""
    return f"{secrets.token_hex(16)}@{host_of(settings.SITE_URL)}"


def list_name(edition: Edition) -> str:
    """Return what the mails of one list have in common, for ever: its name below our host."""
    if edition.digest:
        return punycode(edition.digest.slug)
    return LISTS_WITHOUT_DIGEST[Edition.Kind(edition.kind)]


def list_id(edition: Edition) -> str:
    """Return the identifier of an edition's list (RFC 2919), without its angle brackets."""
    return f"{list_name(edition)}.{host_of(settings.SITE_URL)}"


def feedback_id(edition: Edition, *, mail: MailSettings) -> str:
    """Return Gmail's Feedback-ID: campaign, list, type and sender; nothing of the reader."""
    sender = mail.feedback_id or _sender_id(host_of(settings.SITE_URL))
    return f"{edition.pk}:{list_name(edition)}:{edition.kind}:{sender}"


@cache
def host_of(site_url: str) -> str:
    """Return the host of an address as DNS knows it."""
    return punycode(urlsplit(site_url).hostname or "")


@cache
def in_ascii(site_url: str) -> str:
    """Return the site's address as a header can hold it."""
    parts = urlsplit(site_url)
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(netloc=f"{host_of(site_url)}{port}").geturl()


def _sender_id(host: str) -> str:
    name = host.replace(".", "-")[-SENDER_ID_LENGTH[-1] :].strip("-")
    return name if len(name) in SENDER_ID_LENGTH else f"mail-{name}"
