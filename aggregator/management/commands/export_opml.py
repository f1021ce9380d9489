"""Write all feeds as an OPML list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from aggregator.subscribing import export_opml
from blog.models import SiteSettings


class Command(BaseCommand):
    help = "Write all feeds with their folders as OPML 2.0, to a file or to standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")

    def handle(self, *args: Any, **options: Any) -> None:
        document = export_opml(title=SiteSettings.load().title, now=timezone.now())
        if options["file"] is None:
            self.stdout.write(document.decode())
            return
        try:
            options["file"].write_bytes(document)
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}") from error
