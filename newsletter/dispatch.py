"""Hands one mail to the mail server and says how that ended."""

import contextlib
import smtplib

from django.core.mail import EmailMessage, mailers

TEMPORARY = range(400, 500)


class MailError(Exception):
    """A mail did not, or perhaps did not, reach the mail server."""


class NotSentYetError(MailError):
    """The server was not reached or asks to try later: certainly not sent, worth another try."""


class RefusedError(MailError):
    """The server will never take this mail."""


class OutcomeUnknownError(MailError):
    """The connection was lost on the way: the mail may have been taken, so it is not sent again."""


def deliver(message: EmailMessage) -> None:
    """Send one mail through the default mailer.

    Raises NotSentYetError, RefusedError or OutcomeUnknownError, with the cause.
    """
    connection = mailers.default
    try:
        connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        raise NotSentYetError(str(error)) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise _by_code(max(codes), str(codes)) from error
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code, str(error.smtp_code)) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise OutcomeUnknownError(str(error)) from error
    finally:
        # What became of the mail is known by now, whatever the server answers to a goodbye.
        with contextlib.suppress(OSError):
            connection.close()


def _by_code(code: int, words: str) -> MailError:
    return NotSentYetError(words) if code in TEMPORARY else RefusedError(words)
