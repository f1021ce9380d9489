"""The mail of an edition: built once for each variant, filled in for each reader."""

import email
import email.policy
import email.utils
import secrets
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.utils.encoding import punycode

from blog.models import SiteSettings
from newsletter import envelope, tokens
from newsletter.addresses import is_ascii_local
from newsletter.models import Delivery, MailSettings, Subscriber, Variant
from newsletter.sending import headers, quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a mail needs of a ledger row and its subscriber."""

    delivery_id: int
    message_id: str
    email: str
    key: str

    @classmethod
    def of(cls, delivery: Delivery, subscriber: Subscriber) -> "Reader":
        """Return what is needed of the two."""
        return cls(
            delivery_id=delivery.pk or 0,
            message_id=delivery.message_id,
            email=subscriber.email,
            key=subscriber.key,
        )

    @property
    def address(self) -> str:
        """Her address as mail servers want it: in ASCII if what stands before the @ allows it."""
        local, _, domain = self.email.rpartition("@")
        return f"{local}@{punycode(domain)}" if self.is_ascii else self.email

    @property
    def is_ascii(self) -> bool:
        """Whether every mail server can be handed her address; if not, it takes SMTPUTF8."""
        return is_ascii_local(self.email)


class Letter:
    """A variant's mail. ``variant.edition`` and its digest should have been loaded with it."""

    def __init__(self, variant: Variant, *, site: SiteSettings, mail: MailSettings) -> None:
        self.variant = variant
        self._from: Address = headers.sender_of(site)
        self._shared = list(headers.shared(variant, site=site, mail=mail))
        self._pieces = self._body().split(variant.mark.encode())

    def as_bytes(self, delivery: Delivery, subscriber: Subscriber, *, now: datetime) -> bytes:
        """Return the whole mail as it goes over the wire, but for the dots that SMTP doubles."""
        return self.fill(Reader.of(delivery, subscriber), now=now)

    def as_message(
        self, delivery: Delivery, subscriber: Subscriber, *, now: datetime
    ) -> "LetterMessage":
        """Return the same mail for any of Django's mail backends."""
        return self.message_for(Reader.of(delivery, subscriber), now=now)

    def fill(self, reader: Reader, *, now: datetime) -> bytes:
        """Return one reader's mail."""
        token = tokens.make_subscription(reader.key)
        own = [
            f"Date: {email.utils.format_datetime(now)}\r\n"
            f"Message-ID: <{reader.message_id}>\r\n"
            f"To: {_checked(reader.address)}\r\n".encode(),
            headers.folded(self._personal(reader, token)),
        ]
        return b"".join([*own, token.encode().join(self._pieces)])

    def return_path(self, reader: Reader) -> str:
        """Return the envelope's sender: of this mail alone where we have a mailbox for bounces."""
        return envelope.return_path(reader.delivery_id) or self._from.addr_spec

    def message_for(self, reader: Reader, *, now: datetime) -> "LetterMessage":
        """Return one reader's mail for any of Django's mail backends."""
        token = tokens.make_subscription(reader.key)
        mark = self.variant.mark
        fields = dict([*self._shared, *self._personal(reader, token)])
        message = LetterMessage(
            subject=fields.pop("Subject"),
            body=self.variant.text.replace(mark, token),
            from_email=fields.pop("From"),
            to=[reader.address],
            headers={
                "Date": email.utils.format_datetime(now),
                "Message-ID": f"<{reader.message_id}>",
                **fields,
            },
        )
        message.attach_alternative(self.variant.html.replace(mark, token), "text/html")
        message.data = self.fill(reader, now=now)
        # What providers' backends (anymail) take beyond Django's own.
        message.envelope_sender = self.return_path(reader)
        message.metadata = {"delivery": str(reader.delivery_id)}
        return message

    def _personal(self, reader: Reader, token: str) -> list[headers.Field]:
        leaving = envelope.leaving_address(reader.delivery_id)
        return list(headers.personal(token=token, leaving_address=leaving))

    def _body(self) -> bytes:
        """Return what follows the reader's own header fields, with the mark in it."""
        boundary = f"=_{secrets.token_hex(16)}"
        parts = [("plain", self.variant.text), ("html", self.variant.html)]
        return b"".join(
            [
                headers.folded(self._shared),
                b"MIME-Version: 1.0\r\n",
                f'Content-Type: multipart/alternative; boundary="{boundary}"\r\n\r\n'.encode(),
                *(self._part(kind, text, boundary) for kind, text in parts),
                f"--{boundary}--\r\n".encode(),
            ]
        )

    def _part(self, kind: str, text: str, boundary: str) -> bytes:
        head = (
            f'--{boundary}\r\nContent-Type: text/{kind}; charset="utf-8"\r\n'
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        )
        return head.encode() + quoted.encode(text, mark=self.variant.mark) + b"\r\n"


class LetterMessage(EmailMultiAlternatives):
    """A letter to one reader. Backends that send MIME get the very bytes that Letter makes."""

    data = b""
    envelope_sender = ""
    metadata: dict[str, str] = {}

    def message(self, *, policy: Any = email.policy.default) -> Any:
        """Return the mail parsed, so that nothing is encoded or folded anew."""
        return email.message_from_bytes(self.data, policy=policy.clone(refold_source="none"))


def _checked(address: str) -> str:
    """Return an address that is no way into the header: ValueError for one that would be."""
    if not address.isprintable() or any(sign in address for sign in ' ,;:<>()[]"\\'):
        raise ValueError("no address")
    return address
