"""Fetch the feeds whose turn has come."""

import signal
import socket
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import translation
from django.utils.translation import gettext as _

from aggregator.outcomes import Polled, PollReport
from aggregator.parse_pool import ParsePool
from aggregator.poll import Options, Poller
from blog.models import SiteSettings


class Command(BaseCommand):
    help = "Fetch the feeds whose turn has come, once; with --loop, go on until stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument(
            "--after", metavar="PORT", type=int, help="first wait until this machine serves PORT"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["after"]:
            wait_for_port(options["after"])
        # What goes wrong is put down in words, which editors read.
        language = SiteSettings.load().language
        with ParsePool() as pool, translation.override(language):
            poller = Poller(Options.from_settings(), pool=pool, on_polled=self.tell)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: poller.stop())
            report = poller.run(forever=options["loop"])
        self.sum_up(report)

    def tell(self, polled: Polled) -> None:
        line = f"{polled.took_s:6.1f} s  {polled.outcome.label}"
        if polled.stored.new or polled.stored.changed:
            line += f": {polled.stored.new} new, {polled.stored.changed} changed"
        if polled.skipped:
            line += f", {polled.skipped} unusable"
        self.stdout.write(f"{line}  {polled.feed.url}")
        if polled.reason:
            self.stdout.write(self.style.ERROR(f"          {polled.reason}"))

    def sum_up(self, report: PollReport) -> None:
        self.stdout.write(
            _(
                "%(polled)d polled: %(new)d new headlines, %(changed)d changed; "
                "%(unchanged)d feeds without news, %(failed)d failed"
            )
            % {
                "polled": report.polled,
                "new": report.new,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "failed": report.failed,
            }
        )


def wait_for_port(port: int) -> None:
    """Return as soon as somebody on this machine listens on ``port``."""
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
