"""Every mail backend that is no SMTP connection: a provider's API, files, the console."""

from datetime import datetime
from http import HTTPStatus

from anymail.exceptions import AnymailAPIError, AnymailError
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from newsletter.dispatch import ASK_LATER
from newsletter.sending.lines import MOST_OF_ANSWER, SmtpLine
from newsletter.sending.message import Letter, LetterMessage, Reader
from newsletter.sending.outcomes import Fate, Outcome


class BackendLine:
    """A mail backend that takes one message at a time. For use by one thread at a time."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend
        self._is_open = False

    @property
    def is_open(self) -> bool:
        """Whether another mail may go over it."""
        return self._is_open

    def open(self) -> None:
        """Get ready. Raises OSError."""
        self._backend.open()
        self._is_open = True

    def close(self) -> None:
        """Let go."""
        self._backend.close()
        self._is_open = False

    def send(self, letter: Letter, reader: Reader, *, now: datetime) -> Outcome:
        """Hand one mail over; never raises for what a network or a provider can do."""
        try:
            message = letter.message_for(reader, now=now)
            self._backend.send_messages([message])
        except AnymailAPIError as error:
            return _answer_of(error)
        except (AnymailError, ValueError) as error:
            return Outcome(fate=Fate.REFUSED, answer=_words(error), is_about_reader=False)
        except OSError as error:
            return Outcome(fate=Fate.LOST, answer=_words(error))
        return Outcome(fate=Fate.ACCEPTED, answer=_id_of(message))


type Line = SmtpLine | BackendLine


def new_line() -> Line:
    """Return a connection to the mail server or provider that the settings name, not yet open."""
    backend = mailers.default
    return SmtpLine(backend) if isinstance(backend, EmailBackend) else BackendLine(backend)


def _answer_of(error: AnymailAPIError) -> Outcome:
    """Return what a provider's refusal says; where it says nothing, nobody knows."""
    status, words = error.status_code, _words(error)
    if status in ASK_LATER:  # nothing was taken, and it is not about this mail
        return Outcome(fate=Fate.POSTPONED, code=status, answer=words)
    if status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Outcome(fate=Fate.REFUSED, code=status, answer=words)
    return Outcome(fate=Fate.LOST, code=status, answer=words)


def _id_of(message: LetterMessage) -> str:
    """Return the provider's own name for the mail, if there is one."""
    status = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", None) or "")[:MOST_OF_ANSWER]


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:MOST_OF_ANSWER]
