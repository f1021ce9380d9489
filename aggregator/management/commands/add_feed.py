"""Add feeds by their addresses."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from aggregator.models import Collection
from aggregator.steering import add_feed


class Command(BaseCommand):
    help = "Add feeds by their addresses; the poller fetches them at its next round."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("urls", nargs="+", metavar="URL")
        parser.add_argument("--collection", metavar="SLUG", help="publish straight into it")
        parser.add_argument("--title", default="", help="instead of the feed's own")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = self.collection(options["collection"])
        bad = sum(not self.add(url, collection, options["title"]) for url in options["urls"])
        if bad:
            raise CommandError(f"{bad} of {len(options['urls'])} could not be added.")

    def add(self, url: str, collection: Collection | None, title: str) -> bool:
        """Add one and say what came of it; return whether its address was good."""
        try:
            feed, is_new = add_feed(url, collection=collection, title=title)
        except ValidationError as error:
            self.stderr.write(f"bad    {url}: {' '.join(error.messages)}")
            return False
        self.stdout.write(f"{'added' if is_new else 'known':6} {feed.url}")
        return True

    def collection(self, slug: str | None) -> Collection | None:
        if not slug:
            return None
        try:
            return Collection.objects.get(slug=slug)
        except Collection.DoesNotExist:
            slugs = ", ".join(Collection.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"There is no collection “{slug}”. There are: {slugs}.") from None
