"""Take a mail that came back, from the mail server's pipe; or empty the mailbox."""

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter.bounces import mailbox
from newsletter.bounces.mime import MAX_BYTES
from newsletter.bounces.receiving import receive

logger = logging.getLogger(__name__)

TRY_AGAIN = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the mail


class Command(BaseCommand):
    help = (
        "Read one mail on standard input and act on it: record a bounce or complaint, unsubscribe "
        "who writes to leave. Exits with 75 where that cannot be done now, so that the mail server "
        "tries again. With --mailbox, empty the mailbox that BOUNCE_MAILBOX names."
    )
    # The mail server waits, and a check that fails would return the mail to its sender.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            help="to whom the mail was sent, as the mail server knows it; may be repeated",
        )
        parser.add_argument(
            "--mailbox", action="store_true", help="read the mailbox instead of standard input"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["mailbox"]:
            self.empty_mailbox()
            return
        raw = sys.stdin.buffer.read(MAX_BYTES)
        while sys.stdin.buffer.read(MAX_BYTES):
            pass  # to the end, or the mail server sees a broken pipe
        try:
            outcome = receive(raw, recipients=options["recipient"], now=timezone.now())
        except Exception:
            logger.exception("A mail could not be received now")
            sys.exit(TRY_AGAIN)
        self.stdout.write(outcome.value)

    def empty_mailbox(self) -> None:
        try:
            collected = mailbox.collect(now=timezone.now())
        except mailbox.MailboxError as error:
            raise CommandError(str(error)) from error
        for outcome, count in collected.items():
            self.stdout.write(f"{count:6} {outcome.value}")
