"""Send the newsletter's mails that are due."""

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from newsletter.sending.sender import Options, Sender


class Command(BaseCommand):
    help = "Send the newsletter's mails that are due, once; with --loop, go on until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        sender = Sender(Options.from_settings())
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: sender.stop())
        counts = sender.run(forever=options["loop"])
        for fate, count in counts.items():
            self.stdout.write(f"{fate.name.lower()}: {count}")
