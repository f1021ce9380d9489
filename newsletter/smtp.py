"""SMTP for addresses in every script."""

import email.policy

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from newsletter.addresses import is_ascii_local


class EmailBackend(smtp.EmailBackend):
    """Django's SMTP backend, and SMTPUTF8 (RFC 6531) where an address cannot do without.

    Django turns international domains into ASCII, but there is no such form of what stands
    before the @. A server that does not offer SMTPUTF8 is not tried:
    smtplib.SMTPNotSupportedError.
    """

    def _send(self, email_message: EmailMessage) -> bool:
        addresses = [str(email_message.from_email), *email_message.recipients()]
        if all(map(is_ascii_local, addresses)):
            return bool(super()._send(email_message))  # type: ignore[misc]  # untyped there
        sender, *recipients = [
            self.prep_address(address, force_ascii=False) for address in addresses
        ]
        assert self.connection is not None  # noqa: S101  send_messages() has opened it
        self.connection.ehlo_or_helo_if_needed()
        message = email_message.message(policy=email.policy.SMTPUTF8)
        self.connection.send_message(message, sender, recipients)
        return True
