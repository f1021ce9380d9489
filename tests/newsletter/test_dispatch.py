import socket

import pytest
from django.core.mail import EmailMessage

from newsandtimes.environment import mailer
from newsletter.dispatch import NotSentYetError, OutcomeUnknownError, RefusedError, deliver


def make_message(**fields):
    fields = {
        "subject": "Hello",
        "body": "Text",
        "from_email": "us@example.org",
        "to": ["reader@example.com"],
    } | fields
    return EmailMessage(**fields)


def test_deliver_hands_the_mail_to_the_server(smtp):
    deliver(make_message())

    (envelope,) = smtp.envelopes
    assert envelope.mail_from == "us@example.org"
    assert envelope.rcpt_tos == ["reader@example.com"]
    assert smtp.messages[0]["Subject"] == "Hello"


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"rcpt_answer": "450 Later"}, NotSentYetError),
        ({"rcpt_answer": "550 No such user"}, RefusedError),
        ({"data_answer": "451 Later"}, NotSentYetError),
        ({"data_answer": "554 Spam"}, RefusedError),
    ],
)
def test_deliver_tells_later_from_never(smtp, answers, error):
    for name, answer in answers.items():
        setattr(smtp, name, answer)

    with pytest.raises(error) as caught:
        deliver(make_message())
    assert caught.value.__cause__ is not None
    assert smtp.envelopes == []


def test_deliver_does_not_know_what_became_of_a_mail_when_the_answer_is_lost(smtp):
    smtp.hangs_up = True

    with pytest.raises(OutcomeUnknownError):
        deliver(make_message())
    assert len(smtp.envelopes) == 1


def test_deliver_to_a_server_that_is_not_there_is_worth_another_try(settings):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # not listening
        port = nobody.getsockname()[1]
        settings.MAILERS = {"default": mailer(f"smtp://127.0.0.1:{port}")}
        with pytest.raises(NotSentYetError):
            deliver(make_message())


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": "Hello\r\nBcc: all@example.com"},
        {"to": ["reader@example.com\r\nBcc: all@example.com"]},
        {"to": ["reader@example.com, other@example.com"]},
        {"from_email": "us@example.org\nBcc: all@example.com"},
        {"headers": {"X-Note": "a\nBcc: all@example.com"}},
    ],
)
def test_deliver_lets_no_header_be_slipped_in(smtp, fields):
    with pytest.raises(RefusedError):
        deliver(make_message(**fields))
    assert smtp.envelopes == []
