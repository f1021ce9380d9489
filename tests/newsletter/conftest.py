"""A real SMTP server on loopback that keeps what it gets and misbehaves on demand."""

import asyncio
import email
import email.policy
import threading
from dataclasses import dataclass, field

import pytest
from aiosmtpd.smtp import SMTP
from django.test import Client

from newsandtimes.environment import mailer


@dataclass
class Mailbox:
    """What the server got, and what it answers."""

    port: int = 0
    envelopes: list = field(default_factory=list)
    mail_answer: str = "250 OK"
    rcpt_answer: str = "250 OK"
    data_answer: str = "250 OK"
    refused: dict = field(default_factory=dict)  # the answers to single recipients
    hangs_up: bool = False  # takes the mail and is gone before it has said so

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def messages(self):
        return [
            email.message_from_bytes(envelope.original_content, policy=email.policy.default)
            for envelope in self.envelopes
        ]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802
        if self.mail_answer.startswith("250"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.mail_answer

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        answer = self.refused.get(address, self.rcpt_answer)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_answer.startswith("250"):
            self.envelopes.append(envelope)
        if self.hangs_up:
            server.transport.abort()
        return self.data_answer


@pytest.fixture
def mailbox():
    """The server itself, listening on a port of its own."""
    box = Mailbox()
    loop = asyncio.new_event_loop()

    async def listen():
        return await loop.create_server(
            lambda: SMTP(box, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0
        )

    server = loop.run_until_complete(listen())
    box.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield box

    async def close():
        server.close()
        tasks = asyncio.all_tasks(loop) - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(close(), loop).result(timeout=5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=5)
    loop.close()


@pytest.fixture
def smtp(mailbox, settings):
    """The server as the site's mailer."""
    settings.MAILERS = {"default": mailer(mailbox.url)}
    return mailbox


@pytest.fixture
def database_queue(settings):
    """The queue that production has, in the database."""
    queue = {"BACKEND": "django_tasks_db.DatabaseBackend"}
    settings.TASKS = {"default": settings.TASKS["default"] | queue}


@pytest.fixture
def browser():
    """A visitor without cookies, checked as strictly as in production."""
    return Client(enforce_csrf_checks=True)
