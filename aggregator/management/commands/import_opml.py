"""Add the feeds of an OPML list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from aggregator.opml import BadOpmlError
from aggregator.subscribing import import_opml


class Command(BaseCommand):
    help = "Add the feeds of an OPML list; those that are known stay. May be repeated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = options["file"].read_bytes()
            report = import_opml(data, now=timezone.now(), is_trial=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except BadOpmlError as error:
            raise CommandError(f"{options['file']}: {error}") from error
        for line in report.lines:
            note = f"  {line.note}" if line.note else ""
            place = f"line {line.outline.line}"
            self.stdout.write(f"{place:>10}  {line.result.label:18} {line.outline.url}{note}")
        self.stdout.write(", ".join(f"{count} {words}" for words, count in report.counts))
