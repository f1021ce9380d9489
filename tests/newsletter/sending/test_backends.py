from datetime import UTC, datetime

import pytest
import requests
from anymail.exceptions import (
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from django.core.mail import mailers
from django.core.mail.backends.base import BaseEmailBackend

from newsandtimes.environment import mailer
from newsletter.sending.backends import BackendLine, new_line
from newsletter.sending.lines import SmtpLine
from newsletter.sending.message import Reader
from newsletter.sending.outcomes import Fate
from tests.newsletter.sending.test_message import make_letter

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Provider(BaseEmailBackend):
    """A provider whose API answers as it is told to."""

    def __init__(self, error=None):
        super().__init__(alias="default")
        self.error = error
        self.taken = []

    def send_messages(self, messages):
        if self.error:
            raise self.error
        self.taken += messages
        return len(messages)


def api_error(status):
    response = requests.Response()
    response.status_code = status
    return AnymailRequestsAPIError("no", response=response)


def send(backend):
    line = BackendLine(backend)
    line.open()
    reader = Reader(delivery_id=7, message_id="1@here", email="a@example.org", key="k" * 22)
    outcome = line.send(make_letter(), reader, now=NOW)
    line.close()
    return outcome


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        (None, Fate.ACCEPTED),
        (api_error(400), Fate.REFUSED),
        (api_error(401), Fate.POSTPONED),  # a wrong key is no reader's fault
        (api_error(402), Fate.POSTPONED),
        (api_error(403), Fate.POSTPONED),
        (api_error(429), Fate.POSTPONED),
        (api_error(503), Fate.POSTPONED),
        (api_error(500), Fate.LOST),
        (AnymailRequestsAPIError("timed out"), Fate.LOST),
        (AnymailRecipientsRefused(), Fate.REFUSED),
        (AnymailInvalidAddress("no address"), Fate.REFUSED),
        (ConnectionResetError(), Fate.LOST),
    ],
)
def test_provider_is_asked_again_only_where_it_has_certainly_taken_nothing(error, fate):
    provider = Provider(error)

    assert send(provider).fate is fate

    assert len(provider.taken) == (error is None)


def test_line_is_one_that_the_settings_name(settings, mailbox):
    assert isinstance(new_line(), BackendLine)

    settings.MAILERS = {"default": mailer(mailbox.url)}
    assert isinstance(new_line(), SmtpLine)


def test_mail_goes_into_files_too(settings, tmp_path):
    settings.MAILERS = {"default": mailer(f"file://{tmp_path}")}
    assert send(mailers.default).fate is Fate.ACCEPTED

    (file,) = tmp_path.iterdir()
    assert b"Message-ID: <1@here>" in file.read_bytes()
