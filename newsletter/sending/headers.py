"""The header fields that all mails of one variant share, and those of each reader."""

import email.policy
from collections.abc import Iterable, Iterator
from email.header import Header
from email.headerregistry import Address
from urllib.parse import quote

from django.conf import settings
from django.utils.encoding import punycode

from blog.models import SiteSettings
from newsletter.models import MailSettings, Variant
from newsletter.sending import identity
from newsletter.subscribing.confirmation import sender

type Field = tuple[str, str]
"""A header field's name and its value, not yet folded."""

ONE_CLICK = "List-Unsubscribe=One-Click"  # RFC 8058
# Exchange's own; without NDR, for we do want to hear what could not be delivered.
NO_AUTOMATIC_REPLIES = "DR, RN, NRN, OOF, AutoReply"

ATOM_SIGNS = " !#$%&'*+-/=?^_`{|}~"  # with letters and digits: what needs no quotes in a phrase


def shared(variant: Variant, *, site: SiteSettings, mail: MailSettings) -> Iterator[Field]:
    """Yield what is the same in every mail of a variant."""
    edition = variant.edition
    title = edition.digest.title if edition.digest else site.title
    here = identity.in_ascii(settings.SITE_URL)
    yield "From", str(sender_of(site))
    yield "Subject", _on_one_line(variant.subject)
    yield "List-Id", f"{_phrase(title)} <{identity.list_id(edition)}>"
    yield "List-Unsubscribe-Post", ONE_CLICK
    yield "List-Subscribe", f"<{here}/subscribe/>"
    yield "List-Archive", f"<{here}/newsletter/>"
    yield "List-Post", "NO"
    yield "Feedback-ID", identity.feedback_id(edition, mail=mail)
    yield "Precedence", "bulk"
    yield "X-Auto-Response-Suppress", NO_AUTOMATIC_REPLIES
    yield "Content-Language", variant.language


def personal(*, token: str, leaving_address: str) -> Iterator[Field]:
    """Yield what leads a reader to her own page and out of the list."""
    page = f"{identity.in_ascii(settings.SITE_URL)}/subscription/{token}/"
    ways = [f"<{page}unsubscribe/>"]
    if leaving_address:
        ways.append(f"<mailto:{quote(leaving_address, safe='@+.')}>")
    yield "List-Unsubscribe", ", ".join(ways)
    yield "List-Help", f"<{page}>"


def sender_of(site: SiteSettings) -> Address:
    """Return who our mails come from, with the domain as DNS knows it."""
    (found,) = email.policy.SMTP.header_factory("From", sender(site)).addresses
    return Address(found.display_name, found.username, punycode(found.domain))


def folded(fields: Iterable[Field]) -> bytes:
    """Return fields as they stand in a mail, encoded and folded (RFC 5322, RFC 2047).

    Raises ValueError if a value holds a line break.
    """
    return b"".join(_folded(name, value) for name, value in fields)


def _folded(name: str, value: str) -> bytes:
    if not name.startswith("List-"):
        return email.policy.SMTP.fold_binary(*email.policy.SMTP.header_store_parse(name, value))
    if len(value.splitlines()) > 1:
        raise ValueError(f"{name} holds a line break")
    # The email package would encode a long link; readers of these fields would not find it.
    value = value.replace(">, <", ">,\r\n <").replace("?= =?", "?=\r\n =?")
    return f"{name}: {value}\r\n".encode("ascii")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _phrase(title: str) -> str:
    """Return a title as a phrase that may stand before a list's identifier (RFC 2919)."""
    words = _on_one_line(title)
    if not words.isascii() or "=?" in words:
        return _on_one_line(Header(words, "utf-8", header_name="List-Id").encode())
    if all(letter.isalnum() or letter in ATOM_SIGNS for letter in words):
        return words
    escaped = words.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
