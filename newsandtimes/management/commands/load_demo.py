"""Load the sample publication, or take it away again."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsandtimes.demo import content, feeds
from newsandtimes.demo.load import load
from newsandtimes.demo.made import declined_path
from newsandtimes.demo.remove import remove
from newsandtimes.demo.troubles import TROUBLES


class Command(BaseCommand):
    help = "Load a sample publication with posts, pictures and feeds; --remove takes it away."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--remove", action="store_true", help="take the demo away again")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["remove"]:
            self.remove()
        elif settings.DEVELOPMENT:
            self.load()
        else:
            raise CommandError(
                "The demo is for development (DEVELOPMENT=1): this site's readers would see it."
            )

    def load(self) -> None:
        declined_path().unlink(missing_ok=True)
        report = load(now=timezone.now())
        if report.is_first:
            self.stdout.write(
                f"Loaded the demo: {len(content.posts())} posts (one scheduled, one a draft), "
                f"{len(content.pictures())} pictures, {len(feeds.names())} feeds, "
                f"{len(TROUBLES)} of them in trouble on purpose.\n"
                f"The poller fetches the feeds from {feeds.base_address()}"
            )
        elif report.feeds_moved:
            self.stdout.write(
                f"The demo is loaded already; {report.feeds_moved} of its feeds moved to "
                f"{feeds.base_address()}"
            )
        else:
            self.stdout.write("The demo is loaded already; nothing changed.")

    def remove(self) -> None:
        declined_path().touch()
        report = remove(now=timezone.now())
        if not (report.rows or report.files):
            self.stdout.write("There is no demo to remove.")
            return
        self.stdout.write(f"Removed the demo: {report.rows} rows and {report.files} files.")
        for kept in report.kept:
            self.stdout.write(f"  kept, because it is in use or was changed: {kept}")
