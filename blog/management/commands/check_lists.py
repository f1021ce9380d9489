"""Looks whether the public lists hold the posts that they should, and sets them right."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from blog import places


class Command(BaseCommand):
    """Triggers keep the lists; this finds what went around them, such as a restored table."""

    help = "Look whether the lists of posts and their numbers are right; --repair sets them right."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one option."""
        parser.add_argument("--repair", action="store_true", help="set right what is wrong")

    def handle(self, *_args: Any, repair: bool, **_options: Any) -> None:
        """Look, or repair, and say what was wrong; ends with 1 if something is."""
        found = places.repair() if repair else places.check()
        if not (found.places or found.tallies):
            self.stdout.write("The lists are right.")
            return
        said = f"{found.places} places and {found.tallies} numbers of posts"
        if not repair:
            raise CommandError(f"Wrong: {said}. Run check_lists --repair.")
        self.stdout.write(f"Set right: {said}.")
