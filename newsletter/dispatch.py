"""Hands one mail to the mail server and says how that ended."""

import contextlib
import smtplib
from http import HTTPStatus

import requests
from anymail.exceptions import AnymailError
from django.core.mail import EmailMessage, mailers
from urllib3.exceptions import NewConnectionError

TEMPORARY = range(400, 500)
MAX_WORDS = 500
REFUSALS = HTTPStatus.BAD_REQUEST
# A key that is wrong is our own fault: the mail waits until somebody mends it.
ASK_LATER = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.PAYMENT_REQUIRED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}


class MailError(Exception):
    """A mail did not, or perhaps did not, reach the mail server."""


class NotSentYetError(MailError):
    """The server was not reached or asks to try later: certainly not sent, worth another try."""


class RefusedError(MailError):
    """The server will never take this mail; ``code`` is its answer to recipient or content."""

    def __init__(self, words: str, *, code: int | None = None) -> None:
        super().__init__(words)
        self.code = code


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
    except AnymailError as error:
        raise by_provider(error) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = max(error.recipients.values())
        raise _by_code(code, answer, is_about_recipient=True) from error
    except smtplib.SMTPDataError as error:
        raise _by_code(error.smtp_code, error.smtp_error, is_about_recipient=True) from error
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPNotSupportedError, ValueError) as error:
        raise RefusedError(str(error)) from error
    except OSError as error:
        raise OutcomeUnknownError(str(error)) from error
    finally:
        # What became of the mail is known by now, whatever the server answers to a goodbye.
        with contextlib.suppress(OSError):
            connection.close()


def by_provider(error: AnymailError) -> MailError:
    """Return what the answer of a provider's API, or its lack, means for the mail."""
    words = " ".join(str(error).split())[:MAX_WORDS]
    if isinstance(error, (requests.Timeout, requests.ConnectionError)):
        is_reached = not isinstance(error, requests.ConnectTimeout) and not _is_unconnected(error)
        return OutcomeUnknownError(words) if is_reached else NotSentYetError(words)
    status = error.status_code
    if status in ASK_LATER:
        return NotSentYetError(words)
    if status is not None and (status >= HTTPStatus.INTERNAL_SERVER_ERROR or status < REFUSALS):
        return OutcomeUnknownError(words)
    return RefusedError(words)


def _is_unconnected(error: Exception) -> bool:
    """Say whether no connection came about at all."""
    cause = error.__cause__
    reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(reason, NewConnectionError)


def _by_code(code: int, answer: bytes | str, *, is_about_recipient: bool = False) -> MailError:
    said = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    words = f"{code} {said}"[:MAX_WORDS]
    if code in TEMPORARY:
        return NotSentYetError(words)
    return RefusedError(words, code=code if is_about_recipient else None)
